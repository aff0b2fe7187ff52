/** What a server answers (P17.6): final blocks from a height, and the shortest proof that the last of them is final. */
import { ANSWER_BYTES, MAX_PROOF_HEADERS, WINDOW_BLOCKS } from './bounds.ts'
import type { FoundRange } from './codec.ts'
import type { FinalBlock, RangeStore, SessionBook } from './range-store.ts'

/** Bytes of proof headers at the most; longer proofs are as good as none. */
const MAX_PROOF_BYTES = 1_024 * 1_024
/** Blocks read at once for one answer. */
const MAX_READS_AT_ONCE = 64

export type Wanted = { readonly from: number; readonly to: number; readonly finalized: number }

/** The blocks a peer may have of what it wants; null when nothing there can be proven (yet). */
export async function findRange(store: RangeStore, wanted: Wanted): Promise<FoundRange | null> {
  const sessions = await store.sessions()
  const blocks = await readBlocks(store, wanted)
  const last = blocks.at(-1)
  if (last === undefined) return null
  const search = { store, sessions, finalized: wanted.finalized }
  const above = await proofAbove(search, last)
  if (above !== null) return answerOf(blocks, above)
  return proofInside(search, blocks)
}

/** Up to the caps, and never beyond a stop block: whoever asks may not know the next committee. */
async function readBlocks(store: RangeStore, { from, to, finalized }: Wanted): Promise<FinalBlock[]> {
  const top = Math.min(to, finalized, from + WINDOW_BLOCKS - 1)
  const blocks: FinalBlock[] = []
  let bytes = 0
  for (let height = from; height <= top; ) {
    const count = Math.min(readsAtOnce(blocks.length, bytes), top - height + 1)
    const read = await Promise.all(Array.from({ length: count }, (_, index) => store.at(height + index)))
    for (const block of read) {
      bytes += block?.encoded.byteLength ?? 0
      if (block === null || (blocks.length > 0 && bytes > ANSWER_BYTES)) return blocks
      blocks.push(block)
      if (block.header.isStop) return blocks
    }
    height += count
  }
  return blocks
}

/** As many as may fit, judged by those read so far: small blocks cost a disk read each, large ones memory. */
function readsAtOnce(blocks: number, bytes: number): number {
  if (blocks === 0) return 1
  const expected = Math.floor((ANSWER_BYTES - bytes) / (bytes / blocks))
  return Math.max(1, Math.min(MAX_READS_AT_ONCE, expected))
}

type Search = { readonly store: RangeStore; readonly sessions: SessionBook; readonly finalized: number }
type Proof = { readonly headers: readonly FinalBlock[]; readonly notarization: Uint8Array }

/** The height that a certificate of this block makes final (P13.1, P16.6); 0 for none. */
function provenBy({ header }: FinalBlock, sessions: SessionBook): number {
  const k = sessions.depth(header.sn.session)
  if (k === null || header.sn.s <= k) return 0
  return Math.min(header.height - k, sessions.stopHeight(header.sn.session) ?? Number.POSITIVE_INFINITY)
}

/** The lowest certified block above `last` that proves it final. */
async function proofAbove({ store, sessions, finalized }: Search, last: FinalBlock): Promise<Proof | null> {
  const headers: FinalBlock[] = []
  let bytes = 0
  const top = Math.min(finalized, last.header.height + MAX_PROOF_HEADERS)
  for (let height = last.header.height + 1; height <= top; height++) {
    const block = await store.at(height)
    bytes += block?.headerBytes.byteLength ?? 0
    if (block === null || bytes > MAX_PROOF_BYTES) return null
    headers.push(block)
    if (provenBy(block, sessions) < last.header.height) continue
    const notarization = await store.certificate(block.hash)
    if (notarization !== null) return { headers, notarization }
  }
  return null
}

/** Near the tip: the highest of the blocks that another of them proves final. */
async function proofInside({ store, sessions }: Search, blocks: readonly FinalBlock[]): Promise<FoundRange | null> {
  const first = blocks[0]?.header.height ?? 0
  for (let at = blocks.length - 1; at > 0; at--) {
    const top = blocks[at]
    if (top === undefined || provenBy(top, sessions) < first) continue
    const notarization = await store.certificate(top.hash)
    if (notarization === null) continue
    const count = provenBy(top, sessions) - first + 1
    return answerOf(blocks.slice(0, count), { headers: blocks.slice(count, at + 1), notarization })
  }
  return null
}

function answerOf(blocks: readonly FinalBlock[], { headers, notarization }: Proof): FoundRange {
  return {
    blocks: blocks.map(({ encoded }) => encoded),
    headers: headers.map(({ headerBytes }) => headerBytes),
    notarization,
  }
}

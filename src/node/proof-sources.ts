/** What proofs are made of: final blocks and the notarized ones above them, certificates, and where sessions ended. */
import type { Hash } from '../domain.ts'
import { ancestry, type BlockTree, finalizedOf, type TreeEntry } from '../pala/chain.ts'
import { type ProposalParts, proposalParts } from '../pala/codec.ts'
import { compareSn } from '../pala/sn.ts'
import type { Database, PalaStore } from '../pala/store.ts'
import type { Session, SessionRecord } from '../pala/types.ts'
import { type NamedHeader, readHeader } from '../verify/wire.ts'

/** Headers kept in memory, about 1 KiB each. */
const MAX_HEADERS = 4_096
const LINK = 'proofs/link/'
export const linkKey = (session: number): string => LINK + String(session).padStart(10, '0')

/** A block on the way to a certificate. */
export type SourceBlock = NamedHeader & { readonly headerBytes: Uint8Array }

export type ProofSourceOptions = {
  readonly store: Pick<PalaStore, 'finalHash' | 'encodedBlock' | 'encodedNotarization' | 'sessionRecords'>
  /** Live. */
  readonly tree: BlockTree
  /** The session that genesis starts. */
  readonly first: Session
  readonly db: Database
}

export interface ProofSource {
  finalizedHeight(): number
  /** A stored block, final or not. */
  block(hash: Hash): Promise<SourceBlock | null>
  /** Its body: entries, and the election of a stop block. */
  body(hash: Hash): Promise<ProposalParts | null>
  finalHash(height: number): Promise<Hash | null>
  /** The block at a height and those above it: the final ones, then each notarized branch above them, nearest first. */
  above(height: number): AsyncIterable<readonly SourceBlock[]>
  certificate(hash: Hash): Promise<Uint8Array | null>
  session(number: number): Promise<Session | null>
  /** The stop block of a session, once the next one has started here. */
  stopOf(session: number): Promise<SessionRecord['stop'] | null>
  link(session: number): Promise<Uint8Array | null>
  /** Keeps an encoded link for good: blocks may be pruned. */
  saveLink(session: number, link: Uint8Array): Promise<void>
}

/** Reads through the store and the tree of consensus. */
export function createProofSource({ store, tree, first, db }: ProofSourceOptions): ProofSource {
  const records = new Map<number, SessionRecord>()
  const headers = new Map<Hash, SourceBlock>()

  /** The record of a session after the first; read again only for one that was not there before. */
  async function record(number: number): Promise<SessionRecord | null> {
    if (!records.has(number)) {
      for (const each of await store.sessionRecords()) records.set(each.session.session, each)
    }
    return records.get(number) ?? null
  }

  async function body(hash: Hash): Promise<ProposalParts | null> {
    const encoded = await store.encodedBlock(hash)
    return encoded === null ? null : proposalParts(encoded)
  }

  /** Bodies are large and the same headers are asked for again and again. */
  async function block(hash: Hash): Promise<SourceBlock | null> {
    const known = headers.get(hash)
    if (known !== undefined) return known
    const parts = await body(hash)
    if (parts === null) return null
    const headerBytes = Uint8Array.from(parts.headerBytes)
    const found = { ...readHeader(headerBytes), headerBytes }
    if (headers.size >= MAX_HEADERS) headers.delete(headers.keys().next().value ?? '')
    headers.set(hash, found)
    return found
  }

  /** Certified blocks above the finalized head, the oldest slot first, each with those between. */
  function branches(): TreeEntry[][] {
    const head = finalizedOf(tree)
    const tops = [...tree.entries.values()].filter((entry) => entry.notarized && entry.ref.height > head.ref.height)
    return tops
      .sort((a, b) => compareSn(a.ref.sn, b.ref.sn))
      .map((top) => [...ancestry(tree, top.ref.hash)].filter((entry) => entry.ref.height > head.ref.height).reverse())
  }

  return {
    finalizedHeight: () => finalizedOf(tree).ref.height,
    block,
    body,
    finalHash: store.finalHash,
    async *above(height) {
      const head = finalizedOf(tree).ref
      const rising: SourceBlock[] = []
      for (let at = height; at <= head.height; at++) {
        const hash = await store.finalHash(at)
        const found = hash === null ? null : await block(hash)
        if (found === null) return
        rising.push(found)
        yield rising
      }
      for (const branch of branches()) {
        const blocks = (await Promise.all(branch.map(({ ref }) => block(ref.hash)))).filter((found) => found !== null)
        if (blocks[0]?.header.parentHash === rising.at(-1)?.hash) yield [...rising, ...blocks]
      }
    },
    certificate: store.encodedNotarization,
    async session(number) {
      return number === first.session ? first : ((await record(number))?.session ?? null)
    },
    async stopOf(session) {
      return (await record(session + 1))?.stop ?? null
    },
    link: async (session) => (await db.get(linkKey(session))) ?? null,
    saveLink: (session, link) => db.put(linkKey(session), link, { sync: true }),
  }
}

/**
 * Makes the proofs that `src/verify` checks (P13.1, P24.3), from what this node stores. A proof is as short as it can be:
 * the nearest certificate, no more of its signatures than a quorum.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { required } from '../assert.ts'
import { merkleProof } from '../crypto/merkle.ts'
import type { Hash, Millis } from '../domain.ts'
import { decodeNotarization, encodeNotarization } from '../pala/codec.ts'
import { isQuorum } from '../pala/committee.ts'
import type { Session } from '../pala/types.ts'
import { FinalityProof, type HeaderChain, SessionLink, TxProof } from '../protocols/wire/proof.gen.ts'
import { isReached } from '../verify/finality.ts'
import type { ProofSource, SourceBlock } from './proof-sources.ts'

/** Headers of one proof at the most, as the wire allows. */
const MAX_HEADERS = 2_112
/** Links of one answer; who is farther behind asks again from where it got. */
const LINK_LIMITS = { count: 256, bytes: 3 * 1_024 * 1_024 }
/** A block just made final is provable some blocks later; a caller that waits looks this often. */
const POLL_MS = 50
/** Callers that wait at once; more get their answer at once. */
const MAX_WAITING = 64

/**
 * `unknown`: no such block or transaction here; `pruned`: not any more; `not-final`: not provable yet; `earlier`: before the
 * session from which a proof was asked for.
 */
export type ProofProblem = 'unknown' | 'pruned' | 'not-final' | 'earlier'

/** An encoded proof. `height` is the proven block's; `more`: it ends at a stop block below what was asked for. */
export type MadeProof = {
  readonly ok: true
  readonly proof: Uint8Array
  readonly height: number
  readonly more: boolean
}
export type ProofOutcome = MadeProof | { readonly ok: false; readonly problem: ProofProblem }

export type ProofOptions = {
  /** The session whose committee the reader trusts; 1 when absent. */
  readonly fromSession?: number
  /** How long to wait for a final block to become provable; 0 when absent. */
  readonly waitMs?: Millis
  /** Ends an answer early, at a stop block, when it needs too many links. */
  readonly bounded?: boolean
}

export type TxPlace = { readonly blockHash: Hash; readonly index: number }

export interface Proofs {
  /** A `FinalityProof` of a block. */
  block(ref: number | Hash, options?: ProofOptions): Promise<ProofOutcome>
  /** A `FinalityProof` of the highest block that can be proven now. */
  newest(options?: ProofOptions): Promise<ProofOutcome>
  /** A `TxProof` of the transaction at a place in a final block, counted from 0. */
  transaction(place: TxPlace, options?: ProofOptions): Promise<ProofOutcome>
  /** Keeps how every past session ended, which outlives pruning. Call it at the start and when a session starts. */
  keepLinks(): Promise<void>
}

const refuse = (problem: ProofProblem): ProofOutcome => ({ ok: false, problem })

/** A maker of proofs over what a node stores. */
export function createProofs(source: ProofSource, linkLimits = LINK_LIMITS): Proofs {
  let waiting = 0
  /** Sessions up to this one have their links kept. */
  let kept = 0

  async function prove(height: number, { fromSession = 1, bounded = false }: ProofOptions): Promise<ProofOutcome> {
    const certified = await certify(height)
    if (certified === null) return refuse('not-final')
    const to = certified.session.session
    if (to < fromSession) return refuse('earlier')
    const links: SessionLink[] = []
    let bytes = 0
    for (let session = fromSession; session < to; session++) {
      const encoded = await linkOf(session)
      if (encoded === null) return refuse('pruned')
      bytes += encoded.byteLength
      const link = SessionLink.decode(encoded)
      if (bounded && links.length > 0 && (links.length >= linkLimits.count || bytes > linkLimits.bytes)) {
        return endAtStop(links, link, session)
      }
      links.push(link)
    }
    return { ok: true, proof: FinalityProof.encode({ links, block: certified.chain }), height, more: false }
  }

  /** The block proven is the stop block that the next link would start from. */
  async function endAtStop(links: SessionLink[], { stop }: SessionLink, session: number): Promise<ProofOutcome> {
    const { height } = required(await source.stopOf(session), `session ${session} has ended`)
    return { ok: true, proof: FinalityProof.encode({ links, block: stop }), height, more: true }
  }

  /** The nearest certificate that proves the final block at `height`; null while there is none. */
  async function certify(height: number): Promise<{ chain: HeaderChain; session: Session } | null> {
    for await (const blocks of source.above(height)) {
      if (blocks.length > MAX_HEADERS) return null
      const session = await provenIn(blocks)
      const certificate = session === null ? null : await source.certificate(topOf(blocks).hash)
      if (session === null || certificate === null) continue
      const headers = blocks.map(({ headerBytes }) => headerBytes)
      return { session, chain: { headers, notarization: shorten(certificate, session) } }
    }
    return null
  }

  /** The session whose certificate of the last block would prove the first; null when none would. */
  async function provenIn(blocks: readonly SourceBlock[]): Promise<Session | null> {
    const top = topOf(blocks)
    const session = await source.session(top.header.sn.session)
    if (session === null) return null
    const first = required(blocks[0], 'a chain has a first block')
    return isReached({ first, top, headers: blocks }, session) ? session : null
  }

  async function linkOf(session: number): Promise<Uint8Array | null> {
    return (await source.link(session)) ?? makeLink(session)
  }

  async function makeLink(session: number): Promise<Uint8Array | null> {
    const stop = await source.stopOf(session)
    const body = stop === null ? null : await source.body(stop.hash)
    const certified = stop === null ? null : await certify(stop.height)
    if (body === null || certified === null || certified.session.session !== session) return null
    const link = SessionLink.encode({ stop: certified.chain, election: body.electionBytes })
    await source.saveLink(session, link)
    return link
  }

  /** Repeats what is not provable yet until it is, or time is up. */
  async function patiently(waitMs: Millis, attempt: () => Promise<ProofOutcome>): Promise<ProofOutcome> {
    const first = await attempt()
    if (waitMs <= 0 || first.ok || first.problem !== 'not-final' || waiting >= MAX_WAITING) return first
    waiting++
    try {
      for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
        await delay(POLL_MS)
        const next = await attempt()
        if (next.ok || next.problem !== 'not-final') return next
      }
      return first
    } finally {
      waiting--
    }
  }

  /** The height of a final block, or why there is none. */
  async function heightOf(ref: number | Hash): Promise<number | ProofProblem> {
    if (typeof ref === 'number') {
      if (ref < 1 || ref > source.finalizedHeight()) return ref < 1 ? 'unknown' : 'not-final'
      return (await source.finalHash(ref)) === null ? 'pruned' : ref
    }
    const block = await source.block(ref)
    if (block === null) return 'unknown'
    const { height } = block.header
    if (height > source.finalizedHeight()) return 'not-final'
    return (await source.finalHash(height)) === ref ? height : 'unknown'
  }

  async function proveBlock(ref: number | Hash, options: ProofOptions = {}): Promise<ProofOutcome> {
    const height = await heightOf(ref)
    if (typeof height !== 'number') return refuse(height)
    return patiently(options.waitMs ?? 0, () => prove(height, options))
  }

  return {
    block: proveBlock,
    async newest(options = {}) {
      for (let height = source.finalizedHeight(); height > 0; height--) {
        const outcome = await prove(height, options)
        if (outcome.ok || outcome.problem !== 'not-final') return outcome
      }
      return refuse('not-final')
    },
    async transaction({ blockHash, index }, options = {}) {
      const body = await source.body(blockHash)
      if (body === null) return refuse('pruned')
      const { payload } = body
      const transaction = payload[index]
      if (transaction === undefined) return refuse('unknown')
      const made = await proveBlock(blockHash, { ...options, bounded: false })
      if (!made.ok) return made
      const { path, anchors } = merkleProof(payload, index)
      const steps = {
        index,
        path: [...path],
        anchors: anchors.map(({ entry, path: up }) => ({ entry, path: [...up] })),
      }
      return { ...made, proof: TxProof.encode({ finality: made.proof, transaction, ...steps }) }
    },
    async keepLinks() {
      for (let session = kept + 1; (await source.session(session + 1)) !== null; session++) {
        if ((await linkOf(session)) === null) return
        kept = session
      }
    },
  }
}

function topOf(blocks: readonly SourceBlock[]): SourceBlock {
  return required(blocks.at(-1), 'a chain has a last block')
}

/** The certificate with the first signers that make a quorum. */
function shorten(certificate: Uint8Array, session: Session): Uint8Array {
  const full = decodeNotarization(certificate)
  let count = 1
  while (count < full.signers.length && !isQuorum(session, full.signers.slice(0, count))) count++
  const signers = full.signers.slice(0, count)
  return encodeNotarization({ ...full, signers, signatures: full.signatures.slice(0, count) })
}

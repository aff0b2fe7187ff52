/**
 * A light client (P24.3): follows the final heads of a chain by proofs alone, over any transport. It trusts one session's
 * committee and one block, keeps both for the next start, and names whoever shows it something that cannot be.
 */
import type { Hash, Millis } from '../domain.ts'
import type { Session } from '../pala/types.ts'
import { VerifyError } from './errors.ts'
import type { ProvenBlock, Trust } from './finality.ts'
import type { TrustedGenesis } from './genesis.ts'
import type { LightState } from './light-state.ts'
import { type ProofType, type Proven, verifyProofBytes } from './proofs.ts'
import { type VerifyEd25519, verifyOnPlatform } from './signatures.ts'

/** Older states are refused: members who left since may have sold their keys (A25). */
export const TRUST_PERIOD_MS: Millis = 14 * 24 * 60 * 60 * 1_000
/** Rounds of one catching up: each walks hundreds of sessions. */
const MAX_ROUNDS = 10_000
/** Verified heads remembered, to be compared with what others show. */
const MAX_HEADS = 1_024

/** What is wanted of a peer: a proof that starts at `fromSession`, of its newest head, of a height, or of a key's value. */
export type LightRequest = {
  readonly fromSession: number
  readonly height?: number
  readonly key?: string
}

/** `more`: the proof ends at a stop block on the way, ask again. A `problem` is a code such as `not-final`. */
export type LightAnswer =
  | { readonly ok: true; readonly proof: Uint8Array; readonly more: boolean }
  | { readonly ok: false; readonly problem: string }

/** One source of proofs. `ask` rejects when the peer cannot be reached. */
export interface LightPeer {
  /** How people know it: a peer id, an address, a URL. */
  readonly name: string
  ask(request: LightRequest): Promise<LightAnswer>
}

export type LightOptions = {
  readonly genesis: TrustedGenesis
  /** What an earlier run ended with; null starts from genesis. */
  readonly state: LightState | null
  readonly verifyEd25519?: VerifyEd25519
}

/** Every method rejects with `VerifyError`, whose message names the peer, when the peer is found lying. */
export interface LightClient {
  readonly state: LightState
  /** The peer's newest head when it is news, else null. */
  follow(peer: LightPeer): Promise<ProvenBlock | null>
  /** Compares the newest head with what another peer proves at its height; false when it has nothing to show there. */
  crossCheck(peer: LightPeer): Promise<boolean>
  /** What a kv key holds, proven; null when the peer gives no proof, with its `problem`. */
  read(peer: LightPeer, key: string): Promise<Extract<Proven, { type: 'kv' }> | { readonly problem: string }>
}

/** P24.3, A25: refuses a state whose block is older than the trust period. Throws `too-old`. */
export function checkTrustPeriod({ checkpoint }: LightState, now: Millis, periodMs: Millis = TRUST_PERIOD_MS): void {
  if (checkpoint === null || now - checkpoint.timestamp <= periodMs) return
  const days = (ms: Millis): string => (ms / 86_400_000).toFixed(1)
  const age = `the block it trusts is ${days(now - checkpoint.timestamp)} days old, the trust period is ${days(periodMs)}`
  const why = 'members who left since then may have sold their keys, and these can sign another history'
  throw new VerifyError('too-old', `the state is too old: ${age}; ${why}`)
}

/** A client at the state given, or at genesis. */
export function createLightClient({ genesis, state, verifyEd25519 = verifyOnPlatform }: LightOptions): LightClient {
  const { chainId } = genesis
  let session: Session = state?.session ?? genesis.session
  let checkpoint = state?.checkpoint ?? null
  const startHeight = checkpoint?.height ?? 0
  /** Height -> hash and who proved it. */
  const heads = new Map<number, { readonly hash: Hash; readonly by: string }>()
  /** The newest height each peer has shown: peers differ, but none goes back. */
  const shown = new Map<string, number>()
  if (checkpoint !== null) remember(checkpoint, 'the state of an earlier run')

  function remember({ height, hash }: { readonly height: number; readonly hash: Hash }, by: string): void {
    if (heads.size >= MAX_HEADS) heads.delete(heads.keys().next().value ?? 0)
    heads.set(height, { hash, by })
  }

  async function check(peer: LightPeer, type: ProofType, proof: Uint8Array): Promise<Proven> {
    const trust: Trust = { chainId, session, verifyEd25519 }
    try {
      const proven = await verifyProofBytes(type, proof, trust)
      compare(peer, proven.block)
      return proven
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error
      throw new VerifyError(error.code, `${peer.name} showed what is not so: ${error.message}`, { cause: error })
    }
  }

  /** Two proven blocks of one height are two histories, both certified. */
  function compare(peer: LightPeer, { hash, header }: ProvenBlock): void {
    const known = heads.get(header.height)
    if (known !== undefined && known.hash !== hash) {
      const both = `block ${hash} by ${peer.name}, block ${known.hash} by ${known.by}`
      throw new VerifyError('fork', `two blocks of height ${header.height} are proven final: ${both}`)
    }
    if (checkpoint !== null && header.height > checkpoint.height && header.timestamp <= checkpoint.timestamp) {
      const order = `block ${header.height} is not later than block ${checkpoint.height}`
      throw new VerifyError('fork', `${order}, so it is of another history`)
    }
  }

  /** A head must not be older than what this peer, or an earlier run, has shown. */
  function checkProgress(peer: LightPeer, { header }: ProvenBlock): void {
    const known = Math.max(startHeight, shown.get(peer.name) ?? 0)
    shown.set(peer.name, Math.max(known, header.height))
    if (header.height >= known) return
    const heads = `height ${header.height}, while height ${known} was verified before`
    throw new VerifyError('older-head', `${peer.name} shows an older head: ${heads}`)
  }

  function advance(peer: LightPeer, block: ProvenBlock): boolean {
    if (checkpoint !== null && block.header.height <= checkpoint.height) return false
    const { hash, header } = block
    checkpoint = { height: header.height, hash, timestamp: header.timestamp }
    if (block.session.session > session.session) session = block.session
    remember(checkpoint, peer.name)
    return true
  }

  /** Has a peer prove the block of a height that was verified before; false when it has nothing to show there. */
  async function compareAt(peer: LightPeer, height: number): Promise<boolean> {
    const answer = await peer.ask({ fromSession: session.session, height })
    if (!answer.ok) return false
    const { block } = await check(peer, 'block', answer.proof)
    if (block.header.height === height) return true
    const heights = `of height ${block.header.height} instead of ${height}`
    throw new VerifyError('altered', `${peer.name} answered with a proof of a block ${heights}`)
  }

  return {
    get state() {
      return { chainId, session, checkpoint }
    },
    async follow(peer) {
      let news: ProvenBlock | null = null
      // What an earlier run trusted must be on this peer's chain.
      if (startHeight > 0 && !shown.has(peer.name)) await compareAt(peer, startHeight)
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const answer = await peer.ask({ fromSession: session.session })
        if (!answer.ok) return news
        const before = session.session
        const { block } = await check(peer, 'block', answer.proof)
        if (!answer.more) checkProgress(peer, block)
        if (advance(peer, block)) news = block
        if (!answer.more) return news
        if (session.session > before) continue
        throw new VerifyError('older-head', `${peer.name} says that there is more, and shows nothing new`)
      }
      return news
    },
    crossCheck: async (peer) => checkpoint !== null && compareAt(peer, checkpoint.height),
    async read(peer, key) {
      const answer = await peer.ask({ fromSession: session.session, key })
      if (!answer.ok) return { problem: answer.problem }
      const proven = await check(peer, 'kv', answer.proof)
      if (proven.type !== 'kv' || proven.key !== key) {
        throw new VerifyError('altered', `${peer.name} answered with a proof of another key`)
      }
      checkProgress(peer, proven.block)
      advance(peer, proven.block)
      return proven
    },
  }
}

/**
 * Proofs of what a kv key holds: the state proof at a height that the header of a final block commits to, with the
 * finality proof of that block. The newest such block is taken whose state this node still keeps.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Ledger } from '../ledger/ledger.ts'
import { kvStateKey } from '../ledger/modules/kv.ts'
import { KvProof, StateProof } from '../protocols/wire/state-proof.gen.ts'
import type { ProofSource } from './proof-sources.ts'
import type { ProofOptions, ProofOutcome, Proofs } from './proofs.ts'

/** Headers looked at: as many as the ledger keeps states. */
const MAX_LOOK_BACK = 256
/**
 * Right after a start, and after blocks that were executed in groups, no kept state may have its header yet; a caller
 * that waits looks this often for the next final blocks.
 */
const POLL_MS = 100
/** Callers that wait at once; more get their answer at once. */
const MAX_WAITING = 64

export type ValueProofsOptions = {
  readonly proofs: Pick<Proofs, 'block'>
  readonly source: Pick<ProofSource, 'finalizedHeight' | 'finalHash' | 'block'>
  readonly ledger: Pick<Ledger, 'proveState'>
}

/** Makes a `KvProof` of what a kv key holds, or that it holds nothing. `not-final`: none can be made yet. */
export type ProveValue = (key: string, options?: ProofOptions) => Promise<ProofOutcome>

/** A maker of value proofs. */
export function createValueProofs({ proofs, source, ledger }: ValueProofsOptions): ProveValue {
  let waiting = 0

  async function stateHeightOf(height: number): Promise<number | null> {
    const hash = await source.finalHash(height)
    const block = hash === null ? null : await source.block(hash)
    return block?.header.stateHeight ?? null
  }

  async function attempt(key: string, options: ProofOptions): Promise<ProofOutcome> {
    const top = source.finalizedHeight()
    let tried = -1
    for (let height = top; height > Math.max(0, top - MAX_LOOK_BACK); height -= 1) {
      const stateHeight = await stateHeightOf(height)
      if (stateHeight === null) break
      if (stateHeight === tried) continue
      tried = stateHeight
      const outcome = await proveAt(key, { height, stateHeight }, options)
      if (outcome !== null) return outcome
    }
    return { ok: false, problem: 'not-final' }
  }

  /** Null when this block cannot be used. */
  async function proveAt(
    key: string,
    { height, stateHeight }: { readonly height: number; readonly stateHeight: number },
    options: ProofOptions,
  ): Promise<ProofOutcome | null> {
    const proven = await ledger.proveState(kvStateKey(key), stateHeight)
    if (proven === null) return null
    const made = await proofs.block(height, options)
    if (!made.ok) return made.problem === 'not-final' ? null : made
    const { value, proof: state } = proven
    const bytes = KvProof.encode({
      finality: made.proof,
      key,
      value: value ?? new Uint8Array(0),
      present: value !== null,
      state: StateProof.decode(state),
    })
    return { ...made, proof: bytes }
  }

  return async (key, { waitMs = 0, fromSession = 1 } = {}) => {
    const first = await attempt(key, { fromSession })
    if (first.ok || first.problem !== 'not-final' || waiting >= MAX_WAITING) return first
    waiting += 1
    try {
      for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
        await delay(POLL_MS)
        const next = await attempt(key, { fromSession })
        if (next.ok || next.problem !== 'not-final') return next
      }
      return first
    } finally {
      waiting -= 1
    }
  }
}

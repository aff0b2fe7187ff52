/**
 * Proofs of what a kv key holds: the state proof at a height that the header of a final block commits to, with the
 * finality proof of that block. The newest such block is taken whose state this node still keeps.
 */
import { Buffer } from 'node:buffer'
import { setTimeout as delay } from 'node:timers/promises'
import type { Ledger } from '../ledger/ledger.ts'
import { kvStateKey } from '../ledger/modules/kv.ts'
import { KvProof, StateProof } from '../protocols/wire/state-proof.gen.ts'
import type { ProofSource } from './proof-sources.ts'
import type { ProofOptions, ProofOutcome, Proofs } from './proofs.ts'

/** Headers looked at: as many as the ledger keeps states. */
const MAX_LOOK_BACK = 256
/**
 * Headers lag behind what is final, and right after a start no kept state has its header yet: a caller that waits looks
 * this often for the next final blocks.
 */
const POLL_MS = 100
/** Callers that wait at once; more get their answer at once. */
const MAX_WAITING = 64

export type ValueProofsOptions = {
  readonly proofs: Pick<Proofs, 'block'>
  readonly source: Pick<ProofSource, 'finalizedHeight' | 'finalHash' | 'block'>
  readonly ledger: Pick<Ledger, 'proveState' | 'stateValue' | 'appliedHeight'>
}

/** Makes a `KvProof` of what a kv key holds, or that it holds nothing. `not-final`: none can be made yet. */
export type ProveValue = (key: string, options?: ProofOptions) => Promise<ProofOutcome>

/** A proof, and the height of the state it shows. */
type Attempt = { readonly outcome: ProofOutcome; readonly isPresent: boolean; readonly stateHeight: number }
const NOTHING_YET: Attempt = { outcome: { ok: false, problem: 'not-final' }, isPresent: false, stateHeight: -1 }

/**
 * A maker of value proofs. Who waits gets the first proof that shows the present value, or any state from the question on:
 * what was final before it was asked for is never left out, unless time runs out.
 */
export function createValueProofs({ proofs, source, ledger }: ValueProofsOptions): ProveValue {
  let waiting = 0

  async function stateHeightOf(height: number): Promise<number | null> {
    const hash = await source.finalHash(height)
    const block = hash === null ? null : await source.block(hash)
    return block?.header.stateHeight ?? null
  }

  async function attempt(key: string, options: ProofOptions): Promise<Attempt> {
    const top = source.finalizedHeight()
    let tried = -1
    for (let height = top; height > Math.max(0, top - MAX_LOOK_BACK); height -= 1) {
      const stateHeight = await stateHeightOf(height)
      if (stateHeight === null) break
      if (stateHeight === tried) continue
      tried = stateHeight
      const found = await proveAt(key, { height, stateHeight }, options)
      if (found !== null) return found
    }
    return NOTHING_YET
  }

  /** Null when this block cannot be used. */
  async function proveAt(
    key: string,
    { height, stateHeight }: { readonly height: number; readonly stateHeight: number },
    options: ProofOptions,
  ): Promise<Attempt | null> {
    const proven = await ledger.proveState(kvStateKey(key), stateHeight)
    if (proven === null) return null
    const made = await proofs.block(height, options)
    if (!made.ok) return made.problem === 'not-final' ? null : { ...NOTHING_YET, outcome: made }
    const { value, proof: state } = proven
    const bytes = KvProof.encode({
      finality: made.proof,
      key,
      value: value ?? new Uint8Array(0),
      present: value !== null,
      state: StateProof.decode(state),
    })
    const isPresent = isSame(value, ledger.stateValue(kvStateKey(key)) ?? null)
    return { outcome: { ...made, proof: bytes }, isPresent, stateHeight }
  }

  return async (key, { waitMs = 0, fromSession = 1 } = {}) => {
    const asked = ledger.appliedHeight()
    const isEnough = ({ outcome, isPresent, stateHeight }: Attempt): boolean =>
      outcome.ok ? isPresent || stateHeight >= asked : outcome.problem !== 'not-final'
    let latest = await attempt(key, { fromSession })
    if (isEnough(latest) || waiting >= MAX_WAITING) return latest.outcome
    waiting += 1
    try {
      for (let waitedMs = 0; waitedMs < waitMs && !isEnough(latest); waitedMs += POLL_MS) {
        await delay(POLL_MS)
        latest = await attempt(key, { fromSession })
      }
      return latest.outcome
    } finally {
      waiting -= 1
    }
  }
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}

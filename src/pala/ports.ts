/** What Pala needs from the rest of the node: an application that gives payload, checks it, and takes final blocks. */
import type { CommitteePlan, Hash } from '../domain.ts'
import type { Block } from './types.ts'

/** Where a block stands, for an application: what the chain above the applied state already holds. */
export type PayloadContext = {
  /** Notarized or proposed blocks above the finalized head that the new block builds on; newest first. */
  readonly pendingAncestors: readonly Block[]
}

export type CheckOutcome = { readonly verdict: 'valid' | 'invalid' | 'retryable'; readonly reason?: string }

/** The replicated application. Calls are made in consensus order; implementations queue them in that order. */
export interface Application {
  /** Entries for a new block, at most `maxBytes` in all; none is fine. */
  buildPayload(context: PayloadContext, maxBytes: number): Promise<readonly Uint8Array[]>
  /** Whether `block`'s payload may follow its ancestors. Deterministic; never throws for bad payload. */
  checkPayload(block: Block, context: PayloadContext): Promise<CheckOutcome>
  /** Takes a final block. Idempotent below its own durable cursor; resolves when accepted, not when executed. */
  deliver(block: Block): Promise<void>
  /** The state root after final block `height`, waiting for its execution; null when it is no longer known. */
  stateRootAt(height: number): Promise<Hash | null>
  /**
   * The committee that accepted changes give, seen after final block `height` and waiting for its execution; null when
   * no change is due. The same on every node (P16.2).
   */
  electNext(height: number): Promise<CommitteePlan | null>
  /** The height of the last block whose effects are durable; 0 before any. */
  appliedHeight(): number
}

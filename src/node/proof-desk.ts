/** Everything this node does about proofs: makes them, serves them, and keeps how sessions ended before blocks are pruned. */
import type { Network } from '../protocols/network.ts'
import { serveProofs } from './proof-server.ts'
import { createProofSource, type ProofSourceOptions } from './proof-sources.ts'
import { createProofs, type ProofOptions, type ProofOutcome, type Proofs } from './proofs.ts'

export type ProofDeskOptions = ProofSourceOptions & {
  readonly network: Network
  /** Makes a proof of what a kv key holds. */
  readonly value: (proofs: Proofs, key: string, options: ProofOptions) => Promise<ProofOutcome>
  /** The disk failed. */
  readonly onFailure: (error: unknown) => void
}

export interface ProofDesk {
  readonly proofs: Proofs
  /** Call it at the start and whenever a session has started. */
  keepLinks(): void
  /** Resolves when nothing is being written any more. */
  stop(): Promise<void>
}

/** Registers the proof channel on `network`, which must not have started. */
export function openProofDesk({ network, value, onFailure, ...source }: ProofDeskOptions): ProofDesk {
  const proofs = createProofs(createProofSource(source))
  let keeping = Promise.resolve()
  serveProofs({ network, proofs, value: (key, options) => value(proofs, key, options) })
  return {
    proofs,
    keepLinks() {
      keeping = keeping.then(proofs.keepLinks).catch(onFailure)
    },
    stop: () => keeping,
  }
}

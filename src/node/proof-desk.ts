/** Everything this node does about proofs: makes them, serves them, and keeps how sessions ended before blocks are pruned. */
import type { Network } from '../protocols/network.ts'
import { serveProofs } from './proof-server.ts'
import { createProofSource, type ProofSourceOptions } from './proof-sources.ts'
import { createProofs, type Proofs } from './proofs.ts'
import { createValueProofs, type ProveValue, type ValueProofsOptions } from './value-proofs.ts'

export type ProofDeskOptions = ProofSourceOptions & {
  readonly network: Network
  readonly ledger: ValueProofsOptions['ledger']
  /** The disk failed. */
  readonly onFailure: (error: unknown) => void
}

export interface ProofDesk {
  readonly proofs: Proofs
  readonly proveValue: ProveValue
  /** Call it at the start and whenever a session has started. */
  keepLinks(): void
  /** Resolves when nothing is being written any more. */
  stop(): Promise<void>
}

/** Registers the proof channel on `network`, which must not have started. */
export function openProofDesk({ network, ledger, onFailure, ...options }: ProofDeskOptions): ProofDesk {
  const source = createProofSource(options)
  const proofs = createProofs(source)
  const proveValue = createValueProofs({ proofs, source, ledger })
  let keeping = Promise.resolve()
  serveProofs({ network, proofs, value: proveValue })
  return {
    proofs,
    proveValue,
    keepLinks() {
      keeping = keeping.then(proofs.keepLinks).catch(onFailure)
    },
    stop: () => keeping,
  }
}

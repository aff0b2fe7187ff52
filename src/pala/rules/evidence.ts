/** Evidence (P24.1, P24.2): kept once found, told to observers, and a reason to stop when it names this node's own key. */
import type { Evidence, State } from '../types.ts'
import { halt } from './halt.ts'
import { emit, persist, selfProposer, selfVoter, type Turn } from './turn.ts'

/** Stores evidence. Against the own key it means a second process or a lost disk: voting must end (P24.2). */
export function recordEvidence(turn: Turn, evidence: Evidence): void {
  persist(turn, [{ type: 'evidence', evidence }], evidence.kind === 'conflictingNotarizations')
  emit(turn, { type: 'notice', notice: { kind: 'evidence', evidence } })
  if (isAgainstSelf(turn.state, evidence)) {
    halt(turn, 'own-equivocation', 'this key signed two things for one slot: look for a second process that uses it')
  }
}

function isAgainstSelf(state: State, evidence: Evidence): boolean {
  switch (evidence.kind) {
    case 'doubleVote':
      return evidence.first.voter === selfVoter(state)
    case 'doubleProposal':
      return evidence.first.block.header.proposer === selfProposer(state)
    case 'conflictingNotarizations':
      return false
  }
}

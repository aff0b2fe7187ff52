/** Cheap questions asked before any signature is checked (P6.5): is this message worth the work? */

import { CLOCK_WINDOW } from './bounds.ts'
import { finalizedOf, fncOf } from './chain.ts'
import { accusedBy, offenceKey } from './evidence.ts'
import { compareEpochs, compareSn, snKey } from './sn.ts'
import type { Message, Notarization, State } from './types.ts'

/** Why `message` need not be verified now, or null when it should be. */
export function staleReason(state: State, message: Message): string | null {
  const { current } = state.epoch
  switch (message.type) {
    case 'proposal': {
      const { hash, header } = message.proposal.block
      if (compareEpochs(header.sn, current) < 0) return 'old epoch'
      if (state.parked.has(hash)) return 'parked already'
      const entry = state.tree.entries.get(hash)
      // A block this node voted for comes again when its vote was lost: then the vote goes again (P11.6).
      return entry !== undefined && (entry.notarized || state.voteLocks.get(snKey(header.sn)) !== hash) ? 'known' : null
    }
    case 'vote':
      if (compareEpochs(message.vote.sn, current) !== 0) return 'another epoch'
      return state.votes.get(message.vote.blockHash)?.has(message.vote.voter) ? 'counted already' : null
    case 'notarization':
      return knownCertificate(state, message.notarization) ? 'known' : null
    case 'clock': {
      const { target } = message.clock
      if (target.session !== current.session || target.epoch <= current.epoch) return 'epoch is over'
      return target.epoch > current.epoch + CLOCK_WINDOW ? 'epoch too far ahead' : null
    }
    case 'clockNotarization':
      return compareEpochs(message.clockNotarization.target, current) <= 0 ? 'epoch is over' : null
    case 'blocks':
      return state.requests.blocks?.requestId === message.requestId ? null : 'nobody asked'
    case 'epochProof':
      return state.requests.epoch === null ? 'nobody asked' : null
    case 'evidence': {
      const accused = accusedBy(state.sessions, message.evidence)
      return accused !== null && state.evidence.offences.has(offenceKey(accused)) ? 'known' : null
    }
    default:
      return null
  }
}

/** A certificate that is in the tree, held, or below the finalized head says nothing new. */
function knownCertificate({ tree, epoch }: State, { sn, blockHash }: Notarization): boolean {
  if (compareEpochs(sn, epoch.current) > 0) return false
  if (compareSn(sn, finalizedOf(tree).ref.sn) <= 0) return compareSn(fncOf(tree).ref.sn, sn) >= 0
  const entry = tree.entries.get(blockHash)
  return entry === undefined ? tree.held.has(blockHash) : entry.notarization !== null
}

/**
 * Amnesia (P24.1): a voter of slot (e,t), t > k, had seen (e,t-k) notarized and must not vote for the first block of a
 * later epoch on an older parent. The two votes meet here, whichever comes first.
 */
import type { Hash } from '../../domain.ts'
import { setLatest } from '../../machine/latest.ts'
import { MAX_SUSPECTS } from '../bounds.ts'
import { type Offence, offenceProblem, voteIn, votesIn } from '../evidence.ts'
import { compareSn } from '../sn.ts'
import type { Notarization, Proposal, State, Vote } from '../types.ts'
import { recordOffence } from './evidence.ts'
import type { Turn } from './turn.ts'

/** A first block that no honest voter would take: should votes for it turn up, its header is needed. */
export function suspect(turn: Turn, proposal: Proposal): void {
  const { suspects } = turn.state.evidence
  const { hash, header } = proposal.block
  if (header.sn.s !== 1 || suspects.has(hash)) return
  setLatest(suspects, [hash, proposal], MAX_SUSPECTS)
  checkFirstVotes(turn, hash, votesFor(turn.state, hash))
}

/** Votes for the first block of an epoch meet the certificates of earlier ones. */
export function checkFirstVotes(turn: Turn, hash: Hash, votes: readonly Vote[]): void {
  const { state } = turn
  const proposal = state.tree.entries.get(hash)?.proposal ?? state.parked.get(hash) ?? state.evidence.suspects.get(hash)
  if (proposal === undefined || proposal === null || votes.length === 0) return
  for (const certificate of certificates(state)) {
    if (isShownBy(state, certificate, proposal)) accuse(turn, { certificate, proposal, votes })
  }
}

/** A certificate meets the votes for first blocks of later epochs. */
export function checkLateCertificate(turn: Turn, certificate: Notarization): void {
  const { state } = turn
  if (certificate.sn.session === state.epoch.current.session && certificate.sn.epoch === state.epoch.current.epoch)
    return
  for (const proposal of firstBlocks(state)) {
    const votes = votesFor(state, proposal.block.hash)
    if (isShownBy(state, certificate, proposal)) accuse(turn, { certificate, proposal, votes })
  }
}

function isShownBy({ sessions }: State, { sn }: Notarization, { block: { header } }: Proposal): boolean {
  const k = sessions.get(sn.session)?.params.k ?? Number.POSITIVE_INFINITY
  if (header.sn.session !== sn.session || header.sn.epoch <= sn.epoch || sn.s <= k) return false
  return compareSn(header.parentSn, { ...sn, s: sn.s - k }) < 0
}

type Meeting = { readonly certificate: Notarization; readonly proposal: Proposal; readonly votes: readonly Vote[] }

function accuse(turn: Turn, { certificate, proposal, votes }: Meeting): void {
  const k = turn.state.sessions.get(certificate.sn.session)?.params.k ?? 0
  for (const later of votes) {
    const earlier = voteIn(certificate, later.voter)
    if (earlier === null) continue
    const offence: Offence = { kind: 'amnesia', earlier, later, block: proposal }
    if (offenceProblem(offence, k) === null) recordOffence(turn, offence)
  }
}

function* certificates({ tree }: State): Generator<Notarization> {
  for (const { notarization } of tree.entries.values()) if (notarization !== null) yield notarization
  yield* tree.held.values()
}

function* firstBlocks({ tree, parked, evidence }: State): Generator<Proposal> {
  for (const { ref, proposal } of tree.entries.values()) if (ref.sn.s === 1 && proposal !== null) yield proposal
  for (const proposal of parked.values()) if (proposal.block.header.sn.s === 1) yield proposal
  yield* evidence.suspects.values()
}

/** What is known of votes for a block: as its leader, and by its certificate. */
function votesFor({ tree, votes }: State, hash: Hash): Vote[] {
  const certificate = tree.entries.get(hash)?.notarization ?? tree.held.get(hash)
  const certified = certificate === undefined ? [] : votesIn(certificate)
  return [...certified, ...(votes.get(hash)?.values() ?? [])]
}

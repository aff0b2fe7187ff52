/**
 * The voter's guard (P20.6-3, A18): after a start this node first compares itself with its peers, and it stops when it meets
 * its own signature under something its disk does not know. An old backup and a second process with the key show so.
 */
import { finalizedOf, fncOf } from '../chain.ts'
import { thresholdWeight, voterIndex } from '../committee.ts'
import { compareEpochs, compareSn, formatSn, type Sn, snKey } from '../sn.ts'
import type { Notarization, Proposal, Session, State } from '../types.ts'
import { halt } from './halt.ts'
import { proposeIfDue } from './leader.ts'
import { retryOpenVotes } from './proposal.ts'
import { currentSession, drop, persist, startTimer, stopTimer, type Turn } from './turn.ts'

/** Closes the guard at start-up, unless nobody else has a say or the operator vouches for the disk. */
export function closeGuard(turn: Turn): void {
  const { state } = turn
  const session = currentSession(state)
  if (state.config.unsafeResetVotes || ownWeight(state, session) >= thresholdWeight(session)) return
  state.guard.isOpen = false
  startTimer(turn, 'guard', session.params.voterTimeoutMs)
}

function ownWeight({ config }: State, session: Session): number {
  const index = voterIndex(session, config.self)
  return index === null ? 0 : (session.voters[index]?.weight ?? 0)
}

/** Opens the guard once enough peers have spoken and nobody claims what this node does not have. */
export function compareWithPeers(turn: Turn): void {
  const { state } = turn
  if (state.guard.isOpen) return
  for (const [id, { status }] of state.peers) if (status !== null) state.guard.heard.add(id)
  const session = currentSession(state)
  if (heardWeight(state, session) >= thresholdWeight(session) && !isBehind(state)) openGuard(turn)
}

function heardWeight(state: State, session: Session): number {
  const voters = new Set<number>()
  for (const [id, { roles }] of state.peers) {
    if (!state.guard.heard.has(id)) continue
    for (const role of roles) if (role.role === 'voter' && role.session === session.session) voters.add(role.index)
  }
  const others = [...voters].filter((index) => session.voters[index]?.key !== state.config.self)
  return others.reduce((sum, index) => sum + (session.voters[index]?.weight ?? 0), ownWeight(state, session))
}

/** A claim that its maker did not back is forgotten with the request for it (P17.9). */
function isBehind({ peers, tree, epoch }: State): boolean {
  const fnc = fncOf(tree).ref.sn
  const claims = [...peers.values()].flatMap(({ status }) => status ?? [])
  return claims.some((claim) => compareSn(claim.fnc.sn, fnc) > 0 || compareEpochs(claim.epoch, epoch.current) > 0)
}

/** A13, H11: who is not heard, and who claims what it cannot back, delays this node by one T at most. */
export function onGuardTimeout(turn: Turn): void {
  drop(turn, 'guard', 'not enough peers to compare with; going on')
  openGuard(turn)
}

function openGuard(turn: Turn): void {
  const { state } = turn
  state.guard.isOpen = true
  state.guard.heard.clear()
  stopTimer(turn, 'guard')
  proposeIfDue(turn)
  retryOpenVotes(turn, { resend: false })
}

/** P24.2: a certificate with this key's vote for what this node never voted for. */
export function watchOwnVotes(turn: Turn, { sn, blockHash, signers }: Notarization): void {
  const { state } = turn
  const session = state.sessions.get(sn.session)
  const seat = session === undefined ? null : voterIndex(session, state.config.self)
  if (seat === null || !signers.includes(seat) || !isWatched(state, sn)) return
  const lock = state.voteLocks.get(snKey(sn))
  if (lock === blockHash) return
  if (!state.config.unsafeResetVotes) return stopForOwnKey(turn, 'a vote', sn)
  if (lock !== undefined) return
  state.voteLocks.set(snKey(sn), blockHash)
  persist(turn, [{ type: 'voteLock', sn, blockHash }], true)
}

/** The same for a block that this key signed as leader. */
export function watchOwnProposal(turn: Turn, { block: { hash, header } }: Proposal): void {
  const { state } = turn
  const leader = state.sessions.get(header.sn.session)?.proposers[header.proposer]
  if (leader?.key !== state.config.self || !isWatched(state, header.sn)) return
  if (state.proposeLocks.get(snKey(header.sn)) === hash || state.config.unsafeResetVotes) return
  stopForOwnKey(turn, 'a proposal', header.sn)
}

/** Locks at or below the finalized head are gone, and a key that may not act yet has none to compare with. */
function isWatched({ votesFrom, tree, halted }: State, sn: Sn): boolean {
  return !halted && sn.session >= votesFrom && compareSn(sn, finalizedOf(tree).ref.sn) > 0
}

function stopForOwnKey(turn: Turn, what: string, sn: Sn): void {
  const clue = `${what} by this node's key for slot ${formatSn(sn)} is out there, but not on this disk`
  const cause = 'an old backup was restored, or a second process uses the key'
  const advice = 'end the other process or bring back the newest home; --unsafe-reset-votes only if neither can be'
  halt(turn, 'key-used-elsewhere', `${clue}: ${cause}; ${advice}`)
}

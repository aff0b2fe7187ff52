/** Clock messages (P14, P18.3): a voter's call for the next epoch, and the certificate that enough calls make. */
import { required } from '../../assert.ts'
import type { PeerId, Verified } from '../../domain.ts'
import { CLOCK_WINDOW } from '../bounds.ts'
import { fncOf } from '../chain.ts'
import { isQuorum } from '../committee.ts'
import { compareEpochs, type EpochId, epochKey } from '../sn.ts'
import type { ClockMessage, State } from '../types.ts'
import { enterEpoch, startVoterTimer, voterTimeoutMs } from './epoch.ts'
import { currentSession, drop, emit, peersWith, selfProposer, selfVoter, send, type Turn } from './turn.ts'

/** P14.2: patience is over. Calls for the next epoch, to all proposers and by gossip, again each T while stuck. */
export function onVoterTimeout(turn: Turn, dueAt: number): void {
  const { state, now } = turn
  if (selfVoter(state) === null) return
  startVoterTimer(turn)
  // P14.6: after a stall of ours, not of the network, the peers get one more round.
  if (now - dueAt > voterTimeoutMs(state) / 2) return drop(turn, 'voterTimeout', 'this process stalled')
  state.clockCast = true
  castClock(turn, peersWith(state, 'proposer'), true)
}

function castClock(turn: Turn, to: readonly PeerId[], wide: boolean): void {
  const { state } = turn
  emit(turn, {
    type: 'castClock',
    target: nextEpoch(state),
    since: fncOf(state.tree).ref.sn,
    to,
    toSelf: wide && selfProposer(state) !== null,
    publish: wide,
  })
}

function nextEpoch(state: State): EpochId {
  const { session, epoch } = state.epoch.current
  return { session, epoch: epoch + 1 }
}

/** P14.3: a proposer collects calls; enough of them move it, and it tells everyone. */
export function onClock(turn: Turn, clock: Verified<ClockMessage>): void {
  const { state } = turn
  if (selfProposer(state) === null) return drop(turn, 'clock', 'not a proposer')
  const { session, epoch } = state.epoch.current
  const { target } = clock
  if (target.session !== session || target.epoch <= epoch) return drop(turn, 'clock', 'epoch is over')
  if (target.epoch > epoch + CLOCK_WINDOW) return drop(turn, 'clock', 'epoch too far ahead')
  if (isOvertaken(state, clock)) return drop(turn, 'clock', 'overtaken by progress')
  const clocks = state.clocks.get(epochKey(target)) ?? new Map<number, ClockMessage>()
  state.clocks.set(epochKey(target), clocks)
  clocks.set(clock.voter, clock)
  certifyClock(turn, target, clocks)
}

/** P14.5: the voter expired before progress that we have seen in the same epoch. */
function isOvertaken(state: State, { since }: ClockMessage): boolean {
  const fnc = fncOf(state.tree).ref.sn
  const inEpoch = compareEpochs(fnc, state.epoch.current) === 0
  const seen = compareEpochs(since, fnc) === 0 ? since.s : 0
  return inEpoch && fnc.s - seen > currentSession(state).params.k
}

function certifyClock(turn: Turn, target: EpochId, clocks: ReadonlyMap<number, ClockMessage>): void {
  const signers = [...clocks.keys()].sort((a, b) => a - b)
  if (!isQuorum(currentSession(turn.state), signers)) return
  const signatures = signers.map((signer) => required(clocks.get(signer), 'every signer called').signature)
  enterEpoch(turn, { kind: 'clocks', clockNotarization: { target, signers, signatures } })
}

/** P18.3: a proposer asks a voter of its epoch for the call it may have given to another hub. */
export function askForClocks(turn: Turn, peer: PeerId): void {
  const { state } = turn
  const roles = state.peers.get(peer)?.roles ?? []
  const { session } = state.epoch.current
  if (selfProposer(state) === null) return
  if (!roles.some((r) => r.role === 'voter' && r.session === session)) return
  const target = nextEpoch(state)
  const known = state.clocks.get(epochKey(target))
  if (roles.some((r) => r.role === 'voter' && known?.has(r.index))) return
  send(turn, [peer], { type: 'getClocks', target })
}

/** P18.3: answers with the own call, if patience ended in this very epoch. */
export function onGetClocks(turn: Turn, from: PeerId, target: EpochId): void {
  const { state } = turn
  if (!state.clockCast || selfVoter(state) === null) return
  if (compareEpochs(target, nextEpoch(state)) === 0) castClock(turn, [from], false)
}

/** The change of sessions (P16.4, P16.5): what a final stop block starts, and which chains the next session may extend. */
import { required } from '../../assert.ts'
import { MAX_SESSIONS } from '../bounds.ts'
import { fncOf, type TreeEntry } from '../chain.ts'
import { sessionOf } from '../committee.ts'
import { compareSn } from '../sn.ts'
import type { Block, Session, State } from '../types.ts'
import { provesStop } from './certificates.ts'
import { enterEpoch } from './epoch.ts'
import { emit, persist, type Turn } from './turn.ts'

/** P16.5, P8.2-c: the session that a final stop block elects is known from now on, and its first epoch begins. */
export function startElected(turn: Turn, stop: Block): void {
  const { state } = turn
  const { sn, height } = stop.header
  const { proposers, voters, params } = required(stop.election, 'a stop block holds an election').plan
  const session: Session = { session: sn.session + 1, proposers, voters, params }
  const ref = { sn, hash: stop.hash, height }
  if (isYoung(state, stop)) state.votesFrom = Math.min(state.votesFrom, session.session)
  state.sessions.set(session.session, session)
  state.sessions.delete(session.session - MAX_SESSIONS)
  persist(turn, [{ type: 'session', session, stop: ref }], true)
  emit(turn, { type: 'notice', notice: { kind: 'sessionStarted', session, stop: ref } })
  enterEpoch(turn, { kind: 'session', session: session.session })
}

/** P20.6-3: whether the session that `stop` starts is one that started after this node did, whosever clock is wrong. */
function isYoung({ config, sessions }: State, { header }: Block): boolean {
  if (config.votesAfter === undefined) return false
  const { maxClockDriftMs } = sessionOf(sessions, header.sn.session).params
  return header.timestamp > config.votesAfter + maxClockDriftMs
}

/**
 * The chain this node stands on and shows to others: the freshest notarized one; while the current session has no
 * notarized block, the freshest that proves the session before stopped (P16.4), which need not be the same.
 */
export function bestHead(state: State): TreeEntry {
  const fnc = fncOf(state.tree)
  const { session } = state.epoch.current
  if (session === 1 || fnc.ref.sn.session >= session || provesStop(state.sessions, fnc)) return fnc
  let best: TreeEntry | null = null
  for (const entry of state.tree.entries.values()) {
    if (!entry.notarized || entry.ref.sn.session !== session - 1 || !provesStop(state.sessions, entry)) continue
    if (best === null || compareSn(entry.ref.sn, best.ref.sn) > 0) best = entry
  }
  // Without one this node knows the stop block to be final from elsewhere: its snapshot, or what it pruned.
  return best ?? fnc
}

/** A session as others see it (S14). */
import type { Clock } from '../../machine/clock.ts'
import { createFlow, etaMsOf } from '../flow.ts'
import { ackedIds, ID_BYTES } from '../rules/turn.ts'
import type { SessionState } from '../types.ts'
import type { SessionProgress } from './ports.ts'

export interface ProgressMeter {
  /** The state may have changed. */
  note(): void
  progress(): SessionProgress
}

/** Of a session that begins now. */
export function createProgressMeter(state: SessionState, clock: Clock): ProgressMeter {
  const flow = createFlow(clock, { count: 0, bytes: 0 })
  return {
    note() {
      const { idsIn, idsOut, bytesIn, bytesOut } = movedOf(state)
      flow.note({ count: idsIn + idsOut, bytes: bytesIn + bytesOut })
    },
    progress() {
      const { config, phase, round, figures } = state
      const perSecond = flow.perSecond()
      const lists = listsOf(state)
      return {
        peer: config.peer,
        role: config.role,
        phase,
        back: round?.back ?? null,
        ...movedOf(state),
        bytesPerSecond: Math.round(perSecond.bytes),
        gained: figures.gained,
        lists,
        etaMs: lists === null ? null : etaMsOf(lists.total - lists.done, perSecond.count),
      }
    },
  }
}

/** Of the list under way, what was acknowledged counts as sent. */
function movedOf(state: SessionState): Pick<SessionProgress, 'idsIn' | 'idsOut' | 'bytesIn' | 'bytesOut'> {
  const { idsIn, idsOut, bytesIn, bytesOut } = state.figures
  const underWay = ackedIds(state)
  return { idsIn, idsOut: idsOut + underWay, bytesIn, bytesOut: bytesOut + underWay * ID_BYTES }
}

/** Known once both sides have opened their lists. */
function listsOf(state: SessionState): SessionProgress['lists'] {
  const { phase, round } = state
  if (phase !== 'rounds' || round?.scheme !== 'lists') return null
  const { own, their } = round
  if (own.count === null || their.count === null) return null
  const sent = own.isSent ? own.count : ackedIds(state)
  return { done: sent + their.ids, total: own.count + their.count }
}

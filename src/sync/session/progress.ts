/** A session as others see it (S14). */
import { ackedIds, ID_BYTES } from '../rules/turn.ts'
import type { SessionState } from '../types.ts'
import type { SessionProgress } from './ports.ts'

/** Of the list under way, what was acknowledged counts as sent. */
export function progressOf(state: SessionState): SessionProgress {
  const { config, phase, round, figures } = state
  const underWay = ackedIds(state)
  return {
    peer: config.peer,
    role: config.role,
    phase,
    back: round?.back ?? null,
    idsIn: figures.idsIn,
    idsOut: figures.idsOut + underWay,
    bytesIn: figures.bytesIn,
    bytesOut: figures.bytesOut + underWay * ID_BYTES,
    gained: figures.gained,
  }
}

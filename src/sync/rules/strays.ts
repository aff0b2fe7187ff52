/** Messages that were under way when a stop or a new Hello crossed them (S7.6): thrown away unread, up to what fits in the window. */
import type { SessionState } from '../types.ts'
import { type Turn, violate } from './turn.ts'

/** Beside chunks and their acknowledgements: an opening, an end, a result, a Done. */
const OTHER_STRAYS = 4

/** True when the message is a stray and was dealt with. */
export function strayed(turn: Turn, kind: 'chunk' | 'other'): boolean {
  const { state } = turn
  if (!isThrowingAway(state)) return false
  const { chunkWindow } = state.config.limits
  if (kind === 'chunk') state.strayChunks++
  else state.strayOthers++
  if (state.strayChunks > chunkWindow || state.strayOthers > chunkWindow + OTHER_STRAYS) {
    violate(turn, 'goes on after it was asked to stop')
  }
  return true
}

/** After our StopSync, and between our second Hello and the peer's. */
function isThrowingAway({ phase, hellosSent, hellosReceived }: SessionState): boolean {
  return phase === 'stopping' || (phase === 'hello' && hellosSent > hellosReceived && hellosSent > 1)
}

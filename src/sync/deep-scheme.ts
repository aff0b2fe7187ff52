/** Range reconciliation as sessions want it (S12.3): the ids of the peer's scope that ours lacks, or why there are none. */
import type { PeerId } from '../domain.ts'
import { DEEP_LIMITS, type DeepLimits } from './deep/limits.ts'
import { reconcileView } from './deep/service.ts'
import { SyncError } from './errors.ts'
import { SESSION_LIMITS } from './rules/limits.ts'
import type { DeepScheme } from './session/ports.ts'

/** `misbehaved` hears of a violation of class P. Yields nothing and throws `SyncError` 'limit' where a bound is reached. */
export function createDeepScheme(
  misbehaved: (peer: PeerId, reason: string) => void,
  limits: DeepLimits = DEEP_LIMITS,
): DeepScheme {
  return async function* reconcile(request) {
    const signal = AbortSignal.timeout(SESSION_LIMITS.sessionTimeoutMs)
    const outcome = await reconcileView({ ...request, limits, signal })
    if (outcome.kind === 'reconciled') {
      if (outcome.lacked !== null) request.matched(outcome.lacked)
      if (outcome.learned.byteLength > 0) yield outcome.learned
      return
    }
    if (outcome.kind === 'limit') throw new SyncError('limit', outcome.reason)
    if (outcome.isFault) misbehaved(request.stream.peer, outcome.reason)
    throw new SyncError('protocol', outcome.reason)
  }
}

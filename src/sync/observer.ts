/** What the rest of the node hears of the shared set (S14). */
import type { PeerId } from '../domain.ts'
import type { GossipVerdict } from '../protocols/network.ts'
import type { Judgement } from './court.ts'
import type { FetchProgress } from './fetch/client.ts'
import type { Intent } from './messages.ts'
import type { ServeProgress, ServeReport } from './serve/types.ts'
import type { SessionProgress } from './session/ports.ts'
import type { AtxRecord } from './set/types.ts'
import type { Outcome } from './types.ts'

export type AtxObserver = {
  /** ATXs came into the set, in one write. */
  readonly inserted: (records: readonly AtxRecord[]) => void
  /** A session reached another phase or round. */
  readonly progressed: (progress: SessionProgress) => void
  readonly sessionEnded: (peer: PeerId, outcome: Outcome, isInbound: boolean) => void
  /** A serve began, to a peer or by one: `direction` of each says which. */
  readonly serveBegan: (serve: ServeProgress) => void
  /** A tenth further, or ten seconds later. */
  readonly serveProgressed: (serve: ServeProgress) => void
  readonly serveEnded: (report: ServeReport) => void
  /** A serve that did not begin: this node has no room for it, or the server cannot be asked. */
  readonly serveRefused: (peer: PeerId, direction: ServeProgress['direction'], reason: string) => void
  /** A tenth of what is wanted came or was given up, or ten seconds passed, or nothing is wanted any more. */
  readonly fetchProgressed: (progress: FetchProgress) => void
  readonly judged: (judgement: Judgement) => void
  readonly gossiped: (outcome: GossipVerdict | 'sent') => void
  readonly moved: (intent: Intent, direction: 'in' | 'out', bytes: number) => void
  /** An id left the fetcher's queue without coming into the set. */
  readonly notFetched: (outcome: 'invalid' | 'unavailable' | 'dropped' | 'no-room') => void
  /** The checkpoints were built anew on opening. */
  readonly rebuilt: (reason: string) => void
  /** The disk or a machine failed: the node cannot go on. */
  readonly failed: (error: unknown) => void
}

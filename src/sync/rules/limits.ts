/** The bounds of a session by default (S1). */
import type { SessionLimits } from '../types.ts'

export const SESSION_LIMITS: SessionLimits = {
  maxIdsPerFrame: 1_048_576,
  maxIdsPerSession: 4_194_304,
  maxUnknownIds: 65_536,
  // As many as fit into one write of a stream: half the acknowledgements and frames of the spec's 1,024 (S1).
  chunkIds: 2_016,
  chunkWindow: 8,
  openTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  sessionTimeoutMs: 15 * 60_000,
  minRate: 32 * 1_024,
  rateWindowMs: 30_000,
  clockToleranceMs: 5 * 60_000,
  boundaryGuardMs: 10 * 60_000,
  rangeFromIds: 2_048,
}

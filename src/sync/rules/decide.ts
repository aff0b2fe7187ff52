/** What follows a round (S7.3 to S7.7): one table, which both sides read with swapped arguments. */
import type { Decision, SessionState } from '../types.ts'
import { commonSuite, isSame } from './fingerprints.ts'

/** What the table reads of one side. */
export type Side = { readonly noGainRun: number; readonly gainedTotal: number }

export type Standings = {
  readonly back: number
  /** The last round of the window: N_1, or the oldest timeframe. */
  readonly lastBack: number
  /** N_2. */
  readonly noGainRounds: number
  readonly isSame: boolean
  readonly isLimit: boolean
  /** Whether the peer claimed, in the rounds of our run, to have had long ago what reached us only after the freeze. */
  readonly hasClaims: boolean
  readonly isSetRule: boolean
  readonly hasDeep: boolean
  readonly own: Side
  readonly their: Side
}

/** S7.7: agreed, limit, policy, asymmetric N_2, window end, next round. */
export function decide(table: Standings): Decision {
  if (table.isSame) return 'agreed'
  if (table.isLimit) return 'limit'
  const isOwnIdle = table.own.noGainRun >= table.noGainRounds
  const isTheirIdle = table.their.noGainRun >= table.noGainRounds
  if (isOwnIdle && isTheirIdle && !table.isSetRule) return 'mutual'
  // Nobody is isolated, but a liar is not followed further than the source would (S7.5).
  if (isOwnIdle && isTheirIdle && table.hasClaims) return 'policy'
  if (isOwnIdle && !isTheirIdle) return 'serve-out'
  if (isTheirIdle && !isOwnIdle) return 'serve-in'
  return table.back < table.lastBack ? 'next' : windowEnd(table)
}

/** S7.4: the difference is older than the window. */
function windowEnd({ own, their, hasDeep }: Standings): Decision {
  if (own.gainedTotal === 0 && their.gainedTotal > 0) return 'serve-out'
  if (own.gainedTotal > 0 && their.gainedTotal === 0) return 'serve-in'
  return own.gainedTotal === 0 && hasDeep ? 'deep' : 'mutual'
}

/** The table for the round whose two reports are here; null before. */
export function standingsOf({ config, round, theirs, figures, idleClaims }: SessionState): Standings | null {
  if (round === null || round.ownReport === null || round.theirReport === null || theirs === null) return null
  const { maxIdsPerSession } = config.limits
  return {
    back: round.back,
    lastBack: Math.min(config.maxRounds, theirs.frame),
    noGainRounds: config.noGainRounds,
    isSame: isSame(round.ownReport.known, round.theirReport.known, commonSuite(config.suite, theirs)),
    isLimit: figures.idsIn >= maxIdsPerSession || figures.idsOut >= maxIdsPerSession,
    hasClaims: idleClaims > 0,
    isSetRule: config.features.setRule,
    hasDeep: config.features.deepRange && theirs.features.deepRange,
    own: round.ownReport,
    their: round.theirReport,
  }
}

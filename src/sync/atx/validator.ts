/**
 * The default rules of a valid ATX (S2): it builds on older ATXs, its ticks follow those it builds on, it is not of the
 * future, and its publisher signed it. What is invalid is so for every node and for ever.
 */
import { assert } from '../../assert.ts'
import { verifySignature } from '../../crypto/keys.ts'
import type { Hash, Millis } from '../../domain.ts'
import type { AtxJudgement, AtxValidator, KnownDependencies } from '../ports.ts'
import type { Calendar } from '../set/timeframes.ts'
import type { AtxInfo } from '../set/types.ts'
import { atxStatement, signedPartsOf } from './codec.ts'

/** Judges the elapsed time an ATX claims. Pluggable: a proof of elapsed time would be checked here. */
export type TickRule = (info: AtxInfo, positioning: AtxInfo | null) => string | null

export type ValidatorOptions = {
  readonly chainId: Hash
  readonly calendar: Calendar
  /** How far the clocks of honest nodes may differ. */
  readonly clockToleranceMs: Millis
  readonly tickRule?: TickRule
}

/** Ticks start where the positioning ATX's end, at 0 without one, and at least one has passed. */
export const defaultTickRule: TickRule = (info, positioning) => {
  const base = positioning === null ? 0 : positioning.baseTickHeight + positioning.tickCount
  if (info.baseTickHeight !== base) return `its ticks start at ${info.baseTickHeight}, not at ${base}`
  if (info.tickCount < 1) return 'no tick has passed'
  if (!Number.isSafeInteger(base + info.tickCount)) return 'its ticks are more than can be counted'
  return null
}

/** Why an ATX cannot build on those it names; null when it can. */
function orderProblem(info: AtxInfo, { previous, positioning }: KnownDependencies): string | null {
  if (previous !== null && previous.publisher !== info.publisher) return 'its previous ATX is of another publisher'
  if (previous !== null && previous.publishEpoch >= info.publishEpoch)
    return 'its previous ATX is not of an older epoch'
  if (positioning === null || positioning.publishEpoch < info.publishEpoch) return null
  return 'its positioning ATX is not of an older epoch'
}

export function createAtxValidator(options: ValidatorOptions): AtxValidator {
  const { chainId, calendar, clockToleranceMs, tickRule = defaultTickRule } = options

  async function isSigned(blob: Uint8Array, { publisher }: AtxInfo): Promise<boolean> {
    const { payload, signature } = signedPartsOf(blob)
    return verifySignature({ publicKey: publisher, statement: atxStatement(chainId, payload), signature })
  }

  return {
    async validate(blob, info, known, now): Promise<AtxJudgement> {
      assert((info.previous === null) === (known.previous === null), 'the previous ATX is at hand')
      assert((info.positioning === null) === (known.positioning === null), 'the positioning ATX is at hand')
      const problem = orderProblem(info, known) ?? tickRule(info, known.positioning)
      // The id is of the payload alone: these hold whoever signed it, and cost less than the signature.
      if (problem !== null) return { verdict: 'invalid', reason: problem }
      if (!(await isSigned(blob, info))) return { verdict: 'bad-signature', reason: 'its publisher did not sign it' }
      const isEarly = calendar.earliest(info) > now + clockToleranceMs
      return isEarly ? { verdict: 'early', reason: 'it is of the future by our clock' } : { verdict: 'valid' }
    },
  }
}

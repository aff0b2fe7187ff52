/** What this node holds, and the one way into it: the set, the intake, and who waits for an ATX. */
import type { ClassicLevel } from 'classic-level'
import type { Hash } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { atxCodec } from './atx/codec.ts'
import { createAtxValidator } from './atx/validator.ts'
import { type AtxIntake, createIntake } from './intake/intake.ts'
import { openRejectedStore } from './intake/rejected-store.ts'
import type { AtxObserver } from './observer.ts'
import type { AtxCodec, AtxValidator } from './ports.ts'
import { SESSION_LIMITS } from './rules/limits.ts'
import { type OwnedAtxSet, openAtxSet } from './set/atx-set.ts'
import { createGradeFilter, type SettledFilter } from './set/grades.ts'
import type { Suite } from './set/types.ts'
import type { AtxTraits } from './traits.ts'

const PREFIX = 'atx/set/'
const MIN_HIGH_GRADE = 1

/** The node's database: text keys, byte values. */
export type AtxDb = ClassicLevel<string, Uint8Array>

/** What may take the place of the defaults (S2, S3): what an ATX is, when it is valid, which count in step 1, the suite. */
export type AtxPlugins = {
  readonly codec?: AtxCodec
  readonly validator?: AtxValidator
  readonly filter?: SettledFilter
  readonly suite?: Suite
}

export type HoldingsOptions = {
  readonly db: AtxDb
  readonly clock: Clock
  readonly traits: AtxTraits
  readonly plugins?: AtxPlugins
  readonly observer: Pick<AtxObserver, 'inserted' | 'rebuilt' | 'failed'>
}

export interface Holdings {
  readonly set: OwnedAtxSet
  readonly intake: AtxIntake
  readonly codec: AtxCodec
  readonly arrivals: Arrivals
  has(id: Hash): boolean
  stop(): Promise<void>
}

/** Reads the disk. Throws `SyncError` 'store-failed'. */
export async function openHoldings({ db, clock, traits, observer, plugins = {} }: HoldingsOptions): Promise<Holdings> {
  const { codec, validator, filter, suite } = withDefaults(plugins, traits)
  const set = await openAtxSet({
    db,
    prefix: PREFIX,
    suite,
    calendar: traits.calendar,
    filter,
    clock,
    onRebuild: observer.rebuilt,
    onFailure: observer.failed,
  })
  const intake = createIntake({
    set,
    codec,
    validator,
    rejected: await openRejectedStore(db),
    clock,
    onFailure: observer.failed,
  })
  const has = (id: Hash): boolean => set.has(Buffer.from(id, 'hex'))
  const arrivals = createArrivals(has)
  intake.listen({
    inserted(records) {
      arrivals.inserted(records.map(({ id }) => id))
      observer.inserted(records)
    },
    rejected: (ids) => arrivals.lost(ids),
  })
  return {
    set,
    intake,
    codec,
    arrivals,
    has,
    async stop() {
      arrivals.stop()
      await intake.stop()
      await set.close()
    },
  }
}

function withDefaults(plugins: AtxPlugins, { chainId, calendar, deltaMs }: AtxTraits): Required<AtxPlugins> {
  const { epochStart } = calendar
  const { clockToleranceMs } = SESSION_LIMITS
  return {
    codec: plugins.codec ?? atxCodec,
    validator: plugins.validator ?? createAtxValidator({ chainId, calendar, clockToleranceMs }),
    filter: plugins.filter ?? createGradeFilter({ epochStart, deltaMs, minHighGrade: MIN_HIGH_GRADE }),
    suite: plugins.suite ?? 'lthash16',
  }
}

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
import type { AtxCodec } from './ports.ts'
import { SESSION_LIMITS } from './rules/limits.ts'
import { type OwnedAtxSet, openAtxSet } from './set/atx-set.ts'
import { createGradeFilter } from './set/grades.ts'
import type { AtxTraits } from './traits.ts'

const PREFIX = 'atx/set/'
const MIN_HIGH_GRADE = 1

/** The node's database: text keys, byte values. */
export type AtxDb = ClassicLevel<string, Uint8Array>

export type HoldingsOptions = {
  readonly db: AtxDb
  readonly clock: Clock
  readonly traits: AtxTraits
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
export async function openHoldings({ db, clock, traits, observer }: HoldingsOptions): Promise<Holdings> {
  const { chainId, calendar, deltaMs } = traits
  const filter = createGradeFilter({ epochStart: calendar.epochStart, deltaMs, minHighGrade: MIN_HIGH_GRADE })
  const set = await openAtxSet({
    db,
    prefix: PREFIX,
    suite: 'lthash16',
    calendar,
    filter,
    clock,
    onRebuild: observer.rebuilt,
    onFailure: observer.failed,
  })
  const { clockToleranceMs } = SESSION_LIMITS
  const intake = createIntake({
    set,
    codec: atxCodec,
    validator: createAtxValidator({ chainId, calendar, clockToleranceMs }),
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
    rejected: (ids) => arrivals.rejected(ids),
  })
  return {
    set,
    intake,
    codec: atxCodec,
    arrivals,
    has,
    async stop() {
      arrivals.stop()
      await intake.stop()
      await set.close()
    },
  }
}

/** Sets of ATXs on temporary databases, with a clock that stands still until moved and ATXs known by name. */
import { hash } from 'node:crypto'
import { ClassicLevel } from 'classic-level'
import { onTestFinished } from 'vitest'
import type { Hash, Millis } from '../../../src/domain.ts'
import { type AtxSetOptions, type OwnedAtxSet, openAtxSet } from '../../../src/sync/set/atx-set.ts'
import { createGradeFilter } from '../../../src/sync/set/grades.ts'
import { createCalendar } from '../../../src/sync/set/timeframes.ts'
import type { AtxInfo, NewAtx } from '../../../src/sync/set/types.ts'
import { tempDir } from '../temp-dir.ts'

/** Instants of tests, in UTC: `at('2025-02-01 09:00')`. */
export function at(text: string): Millis {
  return Date.parse(`${text.replace(' ', 'T')}Z`)
}

export const GENESIS = at('2025-01-01 09:00')
export const CALENDAR = createCalendar({ genesisMs: GENESIS, timeframe: 'month', maxTicksPerSecond: 10 })
export const DELTA_MS: Millis = 30 * 60_000

/** The id of name n in the spec's vectors (S3.6): SHA-256 of it. */
export function idOf(name: string): Hash {
  return hash('sha256', name, 'hex')
}

/** An ATX by name: of a publisher of its own, for epoch 0, unless told otherwise. */
export function atx(name: string, changes: Partial<AtxInfo & { receivedAt: Millis }> = {}): NewAtx {
  const { receivedAt = GENESIS, ...rest } = changes
  const info = { publishEpoch: 0, baseTickHeight: 0, tickCount: 1, previous: null, positioning: null, ...rest }
  return {
    info: { id: idOf(name), publisher: idOf(`publisher of ${name}`), ...info },
    blob: Buffer.from(`blob of ${name}`),
    receivedAt,
    source: 'gossip',
  }
}

export type OpenedSet = {
  readonly set: OwnedAtxSet
  readonly db: ClassicLevel<string, Uint8Array>
  readonly dir: string
  /** The clock: set it to move time. */
  readonly clock: { time: Millis }
  /** Why checkpoints were built anew on opening. */
  readonly rebuilds: string[]
  readonly failures: string[]
  readonly stop: () => Promise<void>
}

type Overrides = Partial<AtxSetOptions> & { readonly dir?: string; readonly time?: Millis }

/** Opens a set in `dir`, a new temporary one by default, at `time`, genesis by default. */
export async function openSet(options: Overrides = {}): Promise<OpenedSet> {
  const { dir = await tempDir(), time = GENESIS, ...overrides } = options
  const db = new ClassicLevel<string, Uint8Array>(dir, { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  const clock = { time, now: () => clock.time }
  const [rebuilds, failures]: [string[], string[]] = [[], []]
  const set = await openAtxSet({
    db,
    prefix: 'atx/',
    suite: 'lthash16',
    calendar: CALENDAR,
    filter: createGradeFilter({ epochStart: CALENDAR.epochStart, deltaMs: DELTA_MS, minHighGrade: 1 }),
    clock,
    onRebuild: (reason) => void rebuilds.push(reason),
    onFailure: ({ code }) => void failures.push(code),
    ...overrides,
  })
  const stop = async (): Promise<void> => {
    await set.close()
    await db.close()
  }
  return { set, db, dir, clock, rebuilds, failures, stop }
}

/**
 * Opens the set (S13): rows are read in pages, the stored checkpoints are held against the count and XOR of the ids, and
 * what does not fit is built anew from the rows. No ATX is verified again and no blob is read.
 */
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Millis } from '../../domain.ts'
import { type Checkpoints, emptyCheckpoints, type Settling, settlingAt } from './checkpoints.ts'
import { sameFingerprint } from './fingerprint.ts'
import type { Range } from './frame-ranges.ts'
import type { SettledFilter } from './grades.ts'
import { SetMemory } from './set-memory.ts'
import type { SetStore, StoredState } from './set-store.ts'
import type { Calendar } from './timeframes.ts'
import type { Accumulator, Suite } from './types.ts'

/** Ids added up before other work gets its turn: about a millisecond in each suite. */
const TURN_IDS: Readonly<Record<Suite, number>> = { xor: 1_024, lthash16: 64 }
const STORE_ID_BYTES = 16

export type OpeningParts = {
  readonly store: SetStore
  readonly suite: Suite
  readonly calendar: Calendar
  readonly filter: SettledFilter
  /** Told when stored checkpoints do not fit the rows, before they are built anew: 8 us per id in suite 2. */
  readonly onRebuild: (reason: string) => void
}

export type Opened = {
  readonly memory: SetMemory
  readonly storeId: Uint8Array
  /** When the newest ATX was inserted; 0 in an empty set. */
  readonly newest: Millis
}

export async function openMemory(parts: OpeningParts): Promise<Opened> {
  const { store, suite, calendar, filter } = parts
  const stored = await store.readState(suite)
  const memory = new SetMemory({ calendar, filter, checkpoints: stored?.checkpoints ?? emptyCheckpoints(suite) })
  const { newest, lastFrame } = await readRows(memory, store)
  if (stored === null && memory.index.count === 0) return { memory, storeId: await makeHead(parts, memory), newest }
  const problem = await problemOf(memory, { stored, lastFrame })
  if (stored !== null && problem === null) return { memory, storeId: stored.storeId, newest }
  parts.onRebuild(problem ?? 'the head of the store is missing')
  await store.truncate(memory.index.count)
  memory.checkpoints = await rebuild(memory, { suite, frame: Math.max(memory.checkpoints.frame, lastFrame) })
  return { memory, storeId: await makeHead(parts, memory), newest }
}

async function makeHead({ store, suite }: OpeningParts, { checkpoints }: SetMemory): Promise<Uint8Array> {
  const storeId = Uint8Array.from(randomBytes(STORE_ID_BYTES))
  await store.write({ head: { storeId, suite }, atxs: [], checkpoints, withClosed: true })
  return storeId
}

async function readRows(memory: SetMemory, store: SetStore): Promise<{ newest: Millis; lastFrame: number }> {
  let newest = 0
  let lastFrame = 0
  for await (const page of store.scan()) {
    for (const row of page) memory.enter(row, row.frame)
    const last = page.at(-1)
    newest = last?.committedAt ?? newest
    lastFrame = last?.frame ?? lastFrame
  }
  return { newest, lastFrame }
}

type Found = { readonly stored: StoredState | null; readonly lastFrame: number }

/** Why the stored checkpoints cannot be used; null when they fit the rows in count and XOR. */
async function problemOf(memory: SetMemory, { stored, lastFrame }: Found): Promise<string | null> {
  const state = stored?.checkpoints ?? null
  if (state === null) return 'the checkpoints are missing, unreadable or of another suite'
  if (state.frame < lastFrame) return 'the newest ATX lies beyond the open timeframe'
  const built = await rebuild(memory, { suite: 'xor', frame: state.frame })
  for (const name of ['curr', 'old', 'all'] as const) {
    if (!sameXor(state[name], built[name])) return `c_${name} does not fit the stored ATXs`
  }
  for (const name of ['currSettling', 'oldSettling'] as const) {
    const isSame = state[name].size === built[name].size
    const fits = [...built[name]].every(([at, part]) => sameXor(state[name].get(at), part))
    if (!isSame || !fits) return 'the settled part does not fit the stored ATXs'
  }
  return null
}

function sameXor(a: Accumulator | undefined, b: Accumulator): boolean {
  return a !== undefined && sameFingerprint(a.fingerprint('xor'), b.fingerprint('xor'))
}

/** The checkpoints of the ids in memory, with `frame` open. */
async function rebuild(memory: SetMemory, { suite, frame }: { suite: Suite; frame: number }): Promise<Checkpoints> {
  const built = { ...emptyCheckpoints(suite), frame }
  const { count } = memory.index
  const [open, newest] = [memory.ranges.range(frame, count), memory.ranges.range(frame - 1, count)]
  await addRange(memory, { range: { from: 0, to: newest.from }, sum: built.all })
  await addRange(memory, { range: newest, sum: built.old, settling: built.oldSettling })
  await addRange(memory, { range: open, sum: built.curr, settling: built.currSettling })
  built.all.unite(built.old)
  return built
}

type Addition = { readonly range: Range; readonly sum: Accumulator; readonly settling?: Settling }

async function addRange(memory: SetMemory, { range, sum, settling }: Addition): Promise<void> {
  const { suite } = sum
  for (let from = range.from; from < range.to; from += TURN_IDS[suite]) {
    const to = Math.min(range.to, from + TURN_IDS[suite])
    if (settling === undefined) sum.add(memory.index.packed(from, to))
    else addSettling({ memory, range: { from, to }, sum, settling })
    await nextTurn()
  }
}

function addSettling({ memory, range, sum, settling }: Required<Addition> & { readonly memory: SetMemory }): void {
  for (const [at, part] of memory.parts(range, sum.suite)) {
    sum.unite(part)
    if (at !== null) settlingAt(settling, { at, suite: sum.suite }).unite(part)
  }
}

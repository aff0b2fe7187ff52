/** The replicated application of one simulated node: entries that wait, entries that are final, each exactly once; elections. */
import type { CommitteePlan } from '../../../src/domain.ts'
import type { Block } from '../../../src/pala/types.ts'
import { entryBytes, entryText } from './blocks.ts'
import { demand } from './violation.ts'

/** Entries of one block: few, so that bursts take several blocks. */
const ENTRIES_PER_BLOCK = 3

/** Payload that no honest application accepts. */
export const BAD_ENTRY = 'bad'

/** An entry that asks for another committee, once it is final: `elect NAME`. */
const ELECTS = 'elect '
export const electEntry = (name: string): string => `${ELECTS}${name}`

/**
 * The accepted change seen after final block `height`, of session `session`; null when none is due. `wanted` is the name
 * in the newest `elect` entry that no stop block has answered. A function of its arguments only.
 */
export type Elect = (seen: {
  readonly session: number
  readonly height: number
  readonly wanted: string | null
}) => CommitteePlan | null

export interface SimApplication {
  readonly waiting: ReadonlySet<string>
  readonly final: ReadonlySet<string>
  /** The height of the last block taken. */
  readonly appliedHeight: number
  submit(entry: string): void
  payloadAfter(ancestors: readonly Block[]): { readonly payload: Uint8Array[]; readonly isMore: boolean }
  isValid(block: Block, ancestors: readonly Block[]): boolean
  /** Who follows, as seen after final block `height`, which must have been taken (P16.2). */
  electNext(height: number): CommitteePlan | null
  /** Takes the next final block. */
  deliver(block: Block): void
}

export function createApplication(elect: Elect): SimApplication {
  const waiting = new Set<string>()
  const final = new Set<string>()
  let appliedHeight = 0
  /** By height: the newest wish, and from where on it counts. */
  const wishes: Array<{ readonly height: number; readonly name: string }> = []
  const stops: Array<{ readonly height: number; readonly session: number; readonly seen: number }> = []

  function electNext(height: number): CommitteePlan | null {
    demand(height <= appliedHeight, 'assert', () => `election at height ${height}, executed ${appliedHeight}`)
    const last = stops.filter((stop) => stop.height <= height).at(-1)
    const wish = wishes.filter((each) => each.height <= height && each.height > (last?.seen ?? 0)).at(-1)
    return elect({ session: (last?.session ?? 0) + 1, height, wanted: wish?.name ?? null })
  }

  const entriesOf = (blocks: readonly Block[]): Set<string> =>
    new Set(blocks.flatMap((block) => block.payload.map(entryText)))
  return {
    waiting,
    final,
    get appliedHeight() {
      return appliedHeight
    },
    submit(entry) {
      if (!final.has(entry)) waiting.add(entry)
    },
    payloadAfter(ancestors) {
      const taken = entriesOf(ancestors)
      const free = [...waiting].filter((entry) => !taken.has(entry))
      return { payload: free.slice(0, ENTRIES_PER_BLOCK).map(entryBytes), isMore: free.length > ENTRIES_PER_BLOCK }
    },
    isValid({ payload }, ancestors) {
      if (payload.length === 0) return true
      const taken = entriesOf(ancestors)
      const entries = payload.map(entryText)
      return entries.every((entry) => entry !== BAD_ENTRY && !taken.has(entry) && !final.has(entry))
    },
    electNext,
    deliver(block) {
      demand(
        block.header.height === appliedHeight + 1,
        'I1',
        () => `block ${block.header.height} after ${appliedHeight}`,
      )
      const { height, sn, isStop, stateHeight } = block.header
      appliedHeight = height
      if (isStop) stops.push({ height, session: sn.session, seen: stateHeight })
      for (const entry of block.payload.map(entryText)) {
        demand(entry !== BAD_ENTRY && !final.has(entry), 'I11', () => `entry ${entry} became final again or is invalid`)
        final.add(entry)
        waiting.delete(entry)
        if (entry.startsWith(ELECTS)) wishes.push({ height, name: entry.slice(ELECTS.length) })
      }
    },
  }
}

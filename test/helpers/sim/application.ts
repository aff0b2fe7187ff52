/** The replicated application of one simulated node: entries that wait, entries that are final, each exactly once. */
import type { Block } from '../../../src/pala/types.ts'
import { entryBytes, entryText } from './blocks.ts'
import { demand } from './violation.ts'

/** Entries of one block: few, so that bursts take several blocks. */
const ENTRIES_PER_BLOCK = 3

/** Payload that no honest application accepts. */
export const BAD_ENTRY = 'bad'

export interface SimApplication {
  readonly waiting: ReadonlySet<string>
  readonly final: ReadonlySet<string>
  /** The height of the last block taken. */
  readonly appliedHeight: number
  submit(entry: string): void
  payloadAfter(ancestors: readonly Block[]): { readonly payload: Uint8Array[]; readonly isMore: boolean }
  isValid(block: Block, ancestors: readonly Block[]): boolean
  /** Takes the next final block. */
  deliver(block: Block): void
}

export function createApplication(): SimApplication {
  const waiting = new Set<string>()
  const final = new Set<string>()
  let appliedHeight = 0
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
    deliver(block) {
      demand(
        block.header.height === appliedHeight + 1,
        'I1',
        () => `block ${block.header.height} after ${appliedHeight}`,
      )
      appliedHeight = block.header.height
      for (const entry of block.payload.map(entryText)) {
        demand(entry !== BAD_ENTRY && !final.has(entry), 'I11', () => `entry ${entry} became final again or is invalid`)
        final.add(entry)
        waiting.delete(entry)
      }
    },
  }
}

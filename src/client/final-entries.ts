/** Every final entry once and in order: pages of final blocks, with the event stream only to say when to look. */
import type { BlockView, FinalEntryView } from '../node/api/node-port.ts'
import { ClientError } from './errors.ts'
import { followEvents } from './events.ts'
import { type Endpoint, request } from './http.ts'
import { createBackoff, isTransient, pause } from './retry.ts'

/** Blocks asked for at once; the API's own limit. */
const PAGE_BLOCKS = 100
/** Look again after this long even without an event. */
const IDLE_LOOK_MS = 2_000

/** A final entry: where it stands in the log, who signed it, what it says. */
export type FinalEntry = FinalEntryView

export type ListenOptions = {
  /** First height to yield from; 1 when absent. */
  readonly from?: number | undefined
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined
}

/** Yields each final entry from `from` on, once, in log order, across reconnects and restarts of the node. */
export async function* followFinalEntries(endpoint: Endpoint, options: ListenOptions = {}): AsyncGenerator<FinalEntry> {
  for await (const block of followFinalBlocks(endpoint, options)) {
    if (block.txIds.length > 0) yield* await readEntries(endpoint, block.height, options.signal)
  }
}

/** Yields each final block from `from` on, once, by ascending height. */
async function* followFinalBlocks(endpoint: Endpoint, options: ListenOptions = {}): AsyncGenerator<BlockView> {
  const { signal } = options
  const stop = new AbortController()
  const wake = createBell(endpoint, signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]))
  const backoff = createBackoff()
  let next = options.from ?? 1
  try {
    while (!signal?.aborted) {
      const heard = wake.rung()
      const page = await readPage(endpoint, next, signal)
      if (page === null) await pause(backoff.next(), signal)
      else backoff.reset()
      for (const block of page ?? []) {
        if (block.height !== next) throw missing(next, block.height)
        next += 1
        yield block
      }
      if (page?.length === 0) await Promise.race([heard, pause(IDLE_LOOK_MS, signal)])
    }
  } finally {
    stop.abort()
  }
}

function missing(wanted: number, first: number): ClientError {
  return new ClientError(
    'blocks-missing',
    `the node answered with block ${first} instead of ${wanted}; it does not keep it`,
  )
}

/** Final blocks from `from`, or null when the node is away for now. */
async function readPage(endpoint: Endpoint, from: number, signal?: AbortSignal): Promise<readonly BlockView[] | null> {
  try {
    return await request<BlockView[]>(endpoint, { path: `/v1/blocks?from=${from}&limit=${PAGE_BLOCKS}`, signal })
  } catch (error) {
    if (signal?.aborted) return []
    if (isTransient(error)) return null
    throw error
  }
}

/** The entries of a final block, however long the node is away meanwhile; none once `signal` aborts. */
async function readEntries(endpoint: Endpoint, height: number, signal?: AbortSignal): Promise<readonly FinalEntry[]> {
  const backoff = createBackoff()
  while (!signal?.aborted) {
    try {
      return await request<FinalEntry[]>(endpoint, { path: `/v1/blocks/${height}/entries`, signal })
    } catch (error) {
      if (!signal?.aborted && !isTransient(error)) throw error
    }
    await pause(backoff.next(), signal)
  }
  return []
}

/** Rings at each block event and each (re)connect. `rung` resolves at the next ring. */
function createBell(endpoint: Endpoint, signal: AbortSignal): { rung(): Promise<void> } {
  let waiter = Promise.withResolvers<void>()
  const ring = (): void => {
    waiter.resolve()
    waiter = Promise.withResolvers<void>()
  }
  const follow = async (): Promise<void> => {
    for await (const _ of followEvents(endpoint, { topics: ['block'], signal, onOpen: ring })) ring()
  }
  // A refused event stream only means slower looks; the pages still carry every block.
  follow().catch(() => undefined)
  return { rung: () => waiter.promise }
}

/** Virtual time: events run in order of their instant, and of scheduling within one instant. */
import type { Millis } from '../../../src/domain.ts'

type Event = { readonly at: Millis; readonly order: number; run: (() => void) | null }

export interface Scheduler {
  readonly now: Millis
  /** Runs `run` after `delayMs`; the returned function prevents it. */
  after(delayMs: Millis, run: () => void): () => void
  /** Runs events up to `deadline`, or until `enough` holds after one; says whether it held. */
  runUntil(deadline: Millis, enough?: () => boolean): boolean
}

export function createScheduler(start: Millis): Scheduler {
  const heap: Event[] = []
  let now = start
  let order = 0
  return {
    get now() {
      return now
    },
    after(delayMs, run) {
      const event: Event = { at: now + Math.max(0, delayMs), order: order++, run }
      push(heap, event)
      return () => {
        event.run = null
      }
    },
    runUntil(deadline, enough = () => false) {
      for (let next = heap[0]; next !== undefined && next.at <= deadline; next = heap[0]) {
        pop(heap)
        if (next.run === null) continue
        now = next.at
        next.run()
        if (enough()) return true
      }
      now = Math.max(now, deadline)
      return enough()
    },
  }
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Event[], event: Event): void {
  let index = heap.length
  heap.push(event)
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent] as Event
    if (before(above, event)) break
    heap[index] = above
    index = parent
  }
  heap[index] = event
}

function pop(heap: Event[]): void {
  const last = heap.pop() as Event
  if (heap.length === 0) return
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++
    const below = heap[child] as Event
    if (before(last, below)) break
    heap[index] = below
    index = child
  }
  heap[index] = last
}

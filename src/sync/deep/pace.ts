/** Work in short steps: generators say where the event loop may turn, and an asynchronous caller lets it. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Work that yields after every millisecond or so, and returns its result. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Work between two steps, in fingerprints made: some tenths of a millisecond. */
const WORK_PER_STEP = 128

/** Adds up work; true when a step's worth is done and it is time to yield. */
export type Spend = (work: number) => boolean

export function createSpend(): Spend {
  let spent = 0
  return (work) => {
    spent += work
    if (spent < WORK_PER_STEP) return false
    spent = 0
    return true
  }
}

/** Runs the work to its end with a turn of the event loop between any two steps. */
export async function inSteps<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await nextTurn()
  }
}

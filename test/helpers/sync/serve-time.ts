/** Virtual time for conversations of promises: it moves to the next pause when nothing else can happen. */
import type { Clock } from '../../../src/machine/clock.ts'
import type { Sleep } from '../../../src/sync/serve/timing.ts'

type Pause = { readonly at: number; readonly resolve: () => void }

export type VirtualTime = {
  readonly clock: Clock
  readonly sleep: Sleep
  /** Lets time pass until `work` settles; fails when nothing would wake anybody, or after `limitMs`. */
  readonly run: <Value>(work: Promise<Value>, limitMs?: number) => Promise<Value>
  /** Lets `ms` pass. */
  readonly pass: (ms: number) => Promise<void>
}

/** Everything that promises alone can do is done after one turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function createVirtualTime(start = 1_700_000_000_000): VirtualTime {
  let now = start
  const pauses = new Set<Pause>()

  const sleep: Sleep = (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new Error('the pause was given up'))
      const pause = { at: now + Math.max(0, ms), resolve }
      pauses.add(pause)
      signal.addEventListener('abort', () => {
        pauses.delete(pause)
        reject(new Error('the pause was given up'))
      })
    })

  function wakeNext(limit: number): boolean {
    const next = [...pauses].reduce<Pause | null>((a, b) => (a === null || b.at < a.at ? b : a), null)
    if (next === null || next.at > limit) return false
    now = Math.max(now, next.at)
    pauses.delete(next)
    next.resolve()
    return true
  }

  async function run<Value>(work: Promise<Value>, limitMs = 48 * 3_600_000): Promise<Value> {
    const limit = now + limitMs
    let isDone = false
    const settled = work.finally(() => {
      isDone = true
    })
    settled.catch(() => undefined)
    for (;;) {
      await turn()
      if (isDone) return settled
      if (!wakeNext(limit)) throw new Error('nothing is left that could happen in time')
    }
  }

  return {
    clock: { now: () => now },
    sleep,
    run,
    async pass(ms) {
      const end = now + ms
      for (;;) {
        await turn()
        if (!wakeNext(end)) break
      }
      now = end
    },
  }
}

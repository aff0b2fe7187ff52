/** A database whose process is killed after so many writes: later ones fail and leave nothing. */
import type { AtxDb } from '../../../src/sync/holdings.ts'

export type MortalDb = { readonly db: AtxDb; readonly writes: () => number }

export function mortalDb(level: AtxDb, dieAfter: number): MortalDb {
  let writes = 0
  function mortal<Args extends unknown[], T>(write: (...args: Args) => Promise<T>): (...args: Args) => Promise<T> {
    return async (...args) => {
      if (writes >= dieAfter) throw new Error('the process was killed')
      writes++
      return write(...args)
    }
  }
  const batch = (...args: unknown[]): unknown => {
    if (args.length > 0) return mortal(level.batch.bind(level) as (...args: unknown[]) => Promise<void>)(...args)
    const chained = level.batch()
    const write = chained.write.bind(chained)
    chained.write = mortal(() => write())
    return chained
  }
  const own: Record<string, unknown> = {
    batch,
    put: mortal(level.put.bind(level)),
    del: mortal(level.del.bind(level)),
    clear: mortal(level.clear.bind(level)),
  }
  const db = new Proxy(level, {
    get(target, name) {
      const value = own[String(name)] ?? Reflect.get(target, name, target)
      return typeof value === 'function' && !(String(name) in own) ? value.bind(target) : value
    },
  })
  return { db, writes: () => writes }
}

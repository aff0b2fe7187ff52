/** A small seeded generator (sfc32): every choice of a simulated run comes from one of these. */

export interface Random {
  /** In [0, 1). */
  next(): number
  /** An integer in [0, bound). */
  int(bound: number): number
  /** An integer in [low, high]. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** A generator whose draws do not disturb this one's. */
  fork(): Random
}

/** The same seed gives the same draws on every machine. */
export function createRandom(seed: number): Random {
  const next = sfc32(seed)
  const int = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    int,
    between: (low, high) => low + int(high - low + 1),
    chance: (probability) => probability > 0 && next() < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error('nothing to pick from')
      return items[int(items.length)] as T
    },
    fork: () => createRandom(int(2 ** 31)),
  }
}

function sfc32(seed: number): () => number {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed | 0
  let counter = 1
  function draw(): number {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) draw()
  return draw
}

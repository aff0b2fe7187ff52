/** The dialer: pauses that grow and vary, lookups after a failed dial, courtesy, and no more dials than allowed. */
import { describe, expect, it } from 'vitest'
import {
  COURTESY_MS,
  createDialer,
  type DialerOptions,
  FIRST_PAUSE_MS,
  LAST_PAUSE_MS,
  MAX_PARALLEL_DIALS,
} from '../../../src/node/dialer.ts'

function createScene(changes: Partial<DialerOptions> = {}) {
  let time = 0
  const tries: { readonly peer: string; readonly what: 'dial' | 'find'; readonly at: number }[] = []
  const note = (what: 'dial' | 'find', result: () => Promise<void>) => (peer: string) => {
    tries.push({ peer, what, at: time })
    return result()
  }
  const fail = () => Promise.reject(new Error('nobody'))
  const dialer = createDialer({
    self: 'b',
    targets: () => ['c'],
    isConnected: () => false,
    hasAddress: () => false,
    dial: note('dial', fail),
    find: note('find', fail),
    clock: { now: () => time },
    random: () => 0.5,
    ...changes,
  })
  return {
    dialer,
    tries,
    /** Ticks every 100 ms for `ms`. */
    async pass(ms: number) {
      for (const end = time + ms; time <= end; time += 100) {
        dialer.tick()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

describe('dialer', () => {
  it('P18.7 pauses 1 s, 2 s, 4 s, 8 s, then 15 s, and looks the peer up after each failure', async () => {
    const { tries, pass } = createScene()
    await pass(50_000)
    const dials = tries.filter(({ what }) => what === 'dial').map(({ at }) => at)
    const pauses = dials.slice(1).map((at, i) => at - (dials[i] ?? 0))
    expect(pauses.slice(0, 6)).toEqual([FIRST_PAUSE_MS, 2_000, 4_000, 8_000, LAST_PAUSE_MS, LAST_PAUSE_MS])
    expect(tries.slice(0, 2).map(({ what }) => what)).toEqual(['dial', 'find'])
  })

  it('jitter varies a pause by a quarter', async () => {
    const { tries, pass } = createScene({ random: () => 0.999 })
    await pass(2_000)
    expect(tries.filter(({ what }) => what === 'dial')[1]?.at).toBe(1_300)
  })

  it('dials again with what the lookup found', async () => {
    let known = false
    const { tries, pass } = createScene({
      dial: async (peer) => {
        tries.push({ peer, what: 'dial', at: 0 })
        if (!known) throw new Error('unknown')
      },
      find: async () => {
        known = true
      },
    })
    await pass(100)
    expect(tries.map(({ what }) => what)).toEqual(['dial', 'dial'])
  })

  it('lets the smaller id dial first, unless only this side knows an address', async () => {
    const polite = createScene({ targets: () => ['a'] })
    await polite.pass(2_000)
    expect(polite.tries[0]?.at).toBe(COURTESY_MS)
    const knowing = createScene({ targets: () => ['a'], hasAddress: () => true })
    await knowing.pass(100)
    expect(knowing.tries[0]?.at).toBe(0)
  })

  it('leaves connected peers and itself alone', async () => {
    const { tries, pass } = createScene({ targets: () => ['b', 'c'], isConnected: (peer) => peer === 'c' })
    await pass(5_000)
    expect(tries).toEqual([])
  })

  it('starts over with short pauses on retryNow', async () => {
    const { dialer, tries, pass } = createScene()
    await pass(20_000)
    const before = tries.length
    dialer.retryNow()
    await pass(200)
    expect(tries.length).toBeGreaterThan(before)
  })

  it('holds a peer that was sent away', async () => {
    const { dialer, tries, pass } = createScene()
    dialer.hold('c', 10_000)
    await pass(5_000)
    dialer.retryNow()
    await pass(4_000)
    expect(tries).toEqual([])
    await pass(2_000)
    expect(tries).not.toEqual([])
  })

  it('runs a bounded number of dials at once', async () => {
    const targets = Array.from({ length: 50 }, (_, i) => `c${i}`)
    let running = 0
    const { pass } = createScene({
      targets: () => targets,
      dial: () => {
        running += 1
        return new Promise(() => undefined)
      },
    })
    await pass(2_000)
    expect(running).toBe(MAX_PARALLEL_DIALS)
  })
})

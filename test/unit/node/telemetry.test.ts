/** Events, log and metrics of a node. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { NodeEvent } from '../../../src/node/api/node-port.ts'
import { createEventBus, type EventBus } from '../../../src/node/events.ts'
import { createLog } from '../../../src/node/log.ts'
import { createMetrics, type MetricsSnapshot, type NodeMetrics } from '../../../src/node/metrics.ts'

function createBus(now = 1_000): { bus: EventBus; errors: unknown[] } {
  const errors: unknown[] = []
  return { bus: createEventBus({ clock: { now: () => now }, onListenerError: (error) => errors.push(error) }), errors }
}

function listen(bus: EventBus, after: number | null): NodeEvent[] {
  const heard: NodeEvent[] = []
  bus.subscribe({ topics: null, after, listener: (event) => heard.push(event) })
  return heard
}

describe('event bus', () => {
  it('gives later events to listeners, with ascending ids', () => {
    const { bus } = createBus()
    bus.publish('tx', 'final', { n: 0 })
    const heard = listen(bus, null)
    bus.publish('tx', 'final', { n: 1 })
    bus.publish('block', 'final', { n: 2 })
    expect(heard.map((event) => event.data.n)).toEqual([1, 2])
    expect(heard[1]?.id).toBe((heard[0]?.id ?? 0) + 1)
    expect(heard[0]?.time).toBe('1970-01-01T00:00:01.000Z')
  })

  it('replays what came after an id, from a ring of 4,096', () => {
    const { bus } = createBus()
    const all = listen(bus, null)
    for (let n = 0; n < 5_000; n++) bus.publish('block', 'final', { n })
    const late = listen(bus, all[4_996]?.id ?? 0)
    expect(late.map((event) => event.data.n)).toEqual([4_997, 4_998, 4_999])
    const kept = listen(bus, 0)
    expect([kept.length, kept[0]?.data.n, kept.at(-1)?.data.n]).toEqual([4_096, 904, 4_999])
  })

  it('ids ascend across restarts, so that a listener misses nothing of the next run', () => {
    const first = createBus(1_000)
    const heard = listen(first.bus, null)
    for (let n = 0; n < 900; n++) first.bus.publish('block', 'final', { n })
    const second = createBus(1_001)
    second.bus.publish('block', 'final', { n: 'new' })
    expect(listen(second.bus, heard.at(-1)?.id ?? null).map((event) => event.data.n)).toEqual(['new'])
  })

  it('a listener that throws loses its place and harms no other', () => {
    const { bus, errors } = createBus()
    let calls = 0
    const listener = (): void => {
      calls += 1
      throw new Error('bad listener')
    }
    bus.subscribe({ topics: null, after: null, listener })
    const heard = listen(bus, null)
    bus.publish('tx', 'final', {})
    bus.publish('tx', 'final', {})
    expect([calls, heard.length, errors.length]).toEqual([1, 2, 1])
  })

  it('a listener hears its topics, and no more once it stops', () => {
    const { bus } = createBus()
    const heard: NodeEvent[] = []
    const stop = bus.subscribe({ topics: new Set(['tx']), after: null, listener: (event) => heard.push(event) })
    bus.publish('block', 'final', {})
    bus.publish('tx', 'final', {})
    stop()
    bus.publish('tx', 'final', {})
    expect(heard.map((event) => event.topic)).toEqual(['tx'])
  })
})

function record(levels: string): { lines: Record<string, unknown>[]; log: ReturnType<typeof createLog> } {
  const lines: Record<string, unknown>[] = []
  return { lines, log: createLog(levels, { write: (line) => lines.push(JSON.parse(line)) }) }
}

describe('log', () => {
  it('has a level per module', () => {
    const { lines, log } = record('warn,pala=debug')
    for (const name of ['pala', 'net']) {
      log.forModule(name).debug('quiet')
      log.forModule(name).warn('loud')
    }
    expect(lines.map(({ module, msg, level }) => [module, msg, level])).toEqual([
      ['pala', 'quiet', 'debug'],
      ['pala', 'loud', 'warn'],
      ['net', 'loud', 'warn'],
    ])
  })

  it('shows no secret', () => {
    const { lines, log } = record('info')
    const secrets = { password: 'hunter2', token: 'hunter2', seed: 'hunter2', deeper: { plainSeed: 'hunter2' } }
    log.forModule('node').info({ ...secrets, req: { headers: { authorization: 'hunter2' } }, height: 7 }, 'started')
    expect(JSON.stringify(lines)).not.toContain('hunter2')
    expect(lines[0]).toMatchObject({ height: 7, msg: 'started', password: '[secret]' })
  })

  it('refuses a level that is none', () => {
    expect(() => createLog('loud')).toThrow(expect.objectContaining({ code: 'config-invalid' }))
  })
})

const snapshot: MetricsSnapshot = {
  session: 1,
  epoch: 2,
  headNumber: 3,
  headHeight: 9,
  finalizedHeight: 8,
  appliedHeight: 7,
  peers: 4,
  mempoolTransactions: 5,
  mempoolBytes: 6,
  totals: { executedBlocks: 7 },
  queues: { consensus: 10, ledger: 11 },
}

function startMetrics(): NodeMetrics {
  const metrics = createMetrics()
  onTestFinished(() => metrics.close())
  return metrics
}

const EXPECTED_LINES = [
  'palaver_epoch 2',
  'palaver_finalized_height 8',
  'palaver_queue_length{queue="ledger"} 11',
  'palaver_votes_cast_total 1',
  'palaver_fsync_seconds_bucket{le="0.002"} 0',
  'palaver_fsync_seconds_bucket{le="0.005"} 1',
  'palaver_finality_seconds_bucket{le="0.02"} 0',
  'palaver_finality_seconds_bucket{le="0.05"} 1',
]

describe('metrics', () => {
  it('shows the present numbers under palaver_, with those of Node beside them', async () => {
    const metrics = startMetrics()
    metrics.observe(() => snapshot)
    metrics.fsynced(3)
    metrics.finalized(40)
    metrics.votesCast.inc()
    const { text, contentType } = await metrics.render()
    expect(contentType).toContain('text/plain')
    for (const line of EXPECTED_LINES) expect(text).toContain(`${line}\n`)
    expect(text).toContain('nodejs_heap_size_total_bytes')
  })

  it('counts rejects by reason, and keeps a bounded number of reasons', async () => {
    const metrics = startMetrics()
    for (let n = 0; n < 1_000; n++) metrics.rejected('vote', `reason ${n}`)
    const { text } = await metrics.render()
    const series = text.split('\n').filter((line) => line.startsWith('palaver_rejects_total{'))
    expect(series).toHaveLength(65)
    expect(text).toContain('palaver_rejects_total{what="vote",reason="other"} 936\n')
  })

  it('two nodes in one process have each their own', async () => {
    const [one, other] = [startMetrics(), startMetrics()]
    one.votesCast.inc()
    expect((await other.render()).text).toContain('palaver_votes_cast_total 0\n')
  })
})

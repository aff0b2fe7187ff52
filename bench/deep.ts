/** Deep reconciliation of two sets in memory: the bytes, turns and processor time that a number of differences costs (S12.3). */
import { hash } from 'node:crypto'
import { systemClock } from '../src/machine/clock.ts'
import { createIdIndex, type DeepOutcome, reconcile } from '../src/sync/deep/service.ts'
import type { AtxMessage } from '../src/sync/messages.ts'
import type { AtxStream } from '../src/sync/ports.ts'
import { at, atMost, type Figure } from './figures.ts'

/** Differences, half of them on each side. */
export const CASES = [
  { name: 'a month of 33,000 ids', ids: 33_000, differences: 100, scope: 1, target: atMost(100) },
  { name: 'a set of 1,000,000 ids', ids: 1_000_000, differences: 100, scope: 255, target: null },
  { name: 'a set of 1,000,000 ids', ids: 1_000_000, differences: 10_000, scope: 255, target: null },
]

type Case = (typeof CASES)[number]

/** Each side lacks half of the differences. */
export async function measureDeep(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const each of CASES) figures.push(...(await measureCase(each)))
  return figures
}

export async function measureCase({ name, ids, differences, scope, target }: Case): Promise<Figure[]> {
  const all = Array.from({ length: ids }, (_, i) => hash('sha256', `atx-${i}`, 'buffer'))
  const half = differences / 2
  const sets = [all.slice(half), all.slice(0, -half)].map((set) => Buffer.concat(set.sort(Buffer.compare)))
  const before = systemClock.now()
  const indexes = await Promise.all(sets.map(createIdIndex))
  const indexMs = (systemClock.now() - before) / sets.length
  const cpu = process.cpuUsage()
  const [alice, bob] = streamPair()
  const outcomes = await Promise.all(
    [alice, bob].map((stream, side) => {
      const index = indexes[side]
      if (index === undefined) throw new Error('each side has an index')
      return reconcile({ stream, index, scope, isInitiator: side === 0, signal: new AbortController().signal })
    }),
  )
  const { user, system } = process.cpuUsage(cpu)
  const { bytesIn, bytesOut, rounds } = reconciled(outcomes, half)
  const title = `${differences.toLocaleString('en')} differences in ${name}`
  return [
    at(title, (bytesIn + bytesOut) / 1_000, 'kB', target, `both ways, ${rounds} turns each`),
    at(
      `${title}, processor`,
      (user + system) / 1_000,
      'ms',
      null,
      `both sides; an index takes ${indexMs.toFixed(0)} ms`,
    ),
  ]
}

function reconciled(outcomes: readonly DeepOutcome[], lacked: number): Extract<DeepOutcome, { kind: 'reconciled' }> {
  const [first, ...others] = outcomes.map((outcome) => {
    if (outcome.kind !== 'reconciled') throw new Error(`not reconciled: ${outcome.reason}`)
    if (outcome.learned.byteLength !== 32 * lacked) throw new Error('a side learned what it does not lack, or not all')
    return outcome
  })
  if (first === undefined || others.length !== 1) throw new Error('two sides reconcile')
  return first
}

/** Two ends of a conversation in memory. */
function streamPair(): [AtxStream, AtxStream] {
  const pipes = [createPipe(), createPipe()] as const
  const end = (peer: string, out: Pipe, back: Pipe): AtxStream => ({
    peer,
    remoteAddress: '127.0.0.1',
    send: async (message) => out.push(message),
    read: () => back.pull(),
    end: async () => undefined,
    abort: () => undefined,
  })
  return [end('bob', pipes[0], pipes[1]), end('alice', pipes[1], pipes[0])]
}

type Pipe = ReturnType<typeof createPipe>

function createPipe() {
  const waiting: AtxMessage[] = []
  let take: ((message: AtxMessage) => void) | null = null
  return {
    push(message: AtxMessage): void {
      if (take === null) waiting.push(message)
      else take(message)
      take = null
    },
    async pull(): Promise<AtxMessage> {
      const message = waiting.shift()
      if (message !== undefined) return message
      const { promise, resolve } = Promise.withResolvers<AtxMessage>()
      take = resolve
      return promise
    },
  }
}

/** Conversations by intent (S4): who leads them, whose bytes are counted, and what is a violation of class P. */
import { describe, expect, it } from 'vitest'
import { STREAMS } from '../../../src/protocols/catalogue.ts'
import { createAtxStream } from '../../../src/sync/atx-stream.ts'
import { createConversations, MAX_ADDRESSES } from '../../../src/sync/conversations.ts'
import { SyncError } from '../../../src/sync/errors.ts'
import type { Greeter } from '../../../src/sync/greeter.ts'
import type { Hello, Intent } from '../../../src/sync/messages.ts'
import { createFakeNetwork } from '../../helpers/fake-network.ts'
import { FEATURES } from '../../helpers/sync/session/virtual-pair.ts'
import { until } from '../../helpers/until.ts'

const hello = (intent: Intent): Hello => ({
  type: 'hello',
  version: 1,
  networkId: new Uint8Array(32),
  intent,
  sessionId: new Uint8Array(16),
  wallMs: 0,
  frame: 0,
  hasStrong: true,
  features: FEATURES,
  maxIdsPerFrame: 1,
  chunkIds: 1,
  fast: null,
  all: null,
  total: null,
  storeId: new Uint8Array(16),
})

function setUp(options: { readonly isAnswered?: boolean; readonly fault?: SyncError } = {}) {
  const network = createFakeNetwork('node')
  const led: string[] = []
  const blamed: string[] = []
  const bytes = new Map<string, number>()
  const answered: Intent[] = []
  const greeter: Greeter = {
    greet: () => expect.unreachable('nobody is greeted here'),
    async hear(stream) {
      const message = await stream.read()
      if (message?.type !== 'hello') throw new SyncError('refused', 'no hello')
      return message
    },
    async answer(_stream, { intent }) {
      answered.push(intent)
      return options.isAnswered ?? true
    },
  }
  const conversations = createConversations({
    network,
    greeter: () => greeter,
    async lead({ peer }, { intent }) {
      led.push(`${peer} ${intent}`)
      if (options.fault !== undefined) throw options.fault
    },
    counted: (intent, direction, count) =>
      void bytes.set(`${intent} ${direction}`, (bytes.get(`${intent} ${direction}`) ?? 0) + count),
    misbehaved: (peer) => void blamed.push(peer),
  })
  const dial = (from: string, address?: string) =>
    createAtxStream(network.begin(STREAMS.atx.protocol, from, address), () => undefined)
  return { network, conversations, dial, led, blamed, bytes, answered }
}

describe('conversations that a peer began', () => {
  it('fetch and serve are greeted back here, sync greets for itself; each is led by its intent', async () => {
    const { conversations, dial, led, answered } = setUp()
    for (const intent of ['sync', 'fetch', 'serve'] as const) await dial('bob', '192.0.2.9').send(hello(intent))
    await until(() => led.length === 3)
    expect(led).toEqual(['bob sync', 'bob fetch', 'bob serve'])
    expect(answered).toEqual(['fetch', 'serve'])
    expect(conversations.addressOf('bob')).toBe('192.0.2.9')
  })

  it('S9.2 addresses are remembered of the last peers, each as its last stream showed it', async () => {
    const { conversations, dial, led } = setUp()
    const call = (peer: string, address: string) => dial(peer, address).send(hello('sync'))
    await call('bob', '192.0.2.9')
    await call('carol', '192.0.2.10')
    await call('bob', '192.0.2.11')
    for (let n = 0; n < MAX_ADDRESSES - 1; n++) await call(`p${n}`, '198.51.100.1')
    await until(() => led.length === 2 + MAX_ADDRESSES)
    expect(['bob', 'carol', 'p0'].map(conversations.addressOf)).toEqual(['192.0.2.11', '', '198.51.100.1'])
  })

  it('who is not answered is not led', async () => {
    const { dial, led } = setUp({ isAnswered: false })
    const stream = dial('bob')
    await stream.send(hello('fetch'))
    expect(await stream.read()).toBeNull()
    expect(led).toEqual([])
  })

  it.each([
    ['protocol', ['bob']],
    ['malformed', ['bob']],
    ['refused', []],
    ['timeout', []],
  ] as const)('an end with %s: blamed %j', async (code, expected) => {
    const { dial, blamed } = setUp({ fault: new SyncError(code, 'why') })
    const stream = dial('bob')
    await stream.send(hello('serve'))
    await expect(stream.read()).rejects.toThrow()
    expect(blamed).toEqual(expected)
  })
})

describe('conversations of this node', () => {
  it('are counted by intent, and show the address', async () => {
    const { network, conversations, bytes } = setUp()
    const other = createFakeNetwork('bob', '192.0.2.77')
    other.streams(STREAMS.atx, async (stream) => void (await stream.read()))
    network.meet(other)
    const stream = await conversations.open('bob', 'serve')
    await stream.send(hello('serve'))
    expect(bytes.get('serve out')).toBeGreaterThan(60)
    expect(conversations.addressOf('bob')).toBe('192.0.2.77')
    await expect(conversations.open('nobody', 'sync')).rejects.toMatchObject({ code: 'not-connected' })
  })
})

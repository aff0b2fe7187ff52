/** A peer that a test plays: it keeps to the protocol only as far as the test says. */
import type { PeerId } from '../../../src/domain.ts'
import { STREAMS } from '../../../src/protocols/catalogue.ts'
import type { MessageStream } from '../../../src/protocols/network.ts'
import { createAtxStream } from '../../../src/sync/atx-stream.ts'
import type { AtxMessage, Features, Hello, Intent, Item } from '../../../src/sync/messages.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import type { Fingerprint } from '../../../src/sync/set/types.ts'
import { createAtxTraits } from '../../../src/sync/traits.ts'
import { createFakeNetwork, type FakeNetwork } from '../fake-network.ts'
import { CHAIN_ID, DAY_MS, START_MS, type TestAtx } from './atx-blobs.ts'
import type { TravelClock, WorldNode } from './atx-world.ts'

const { networkId } = createAtxTraits(CHAIN_ID, { startMs: START_MS, timeframe: DAY_MS, n1: 6, n2: 3 })
export const PLAIN: Features = {
  setRule: true,
  allFingerprint: false,
  totalFingerprint: false,
  deepRange: false,
  resume: false,
}
const NOTHING: Fingerprint = { count: 0, xor: new Uint8Array(32), strong: new Uint8Array(32) }

export type Puppet = {
  readonly name: PeerId
  readonly network: FakeNetwork
  /** Ids it was asked for, one entry for each time. */
  readonly asked: string[]
  hello(intent: Intent, changes?: Partial<Hello>): Hello
  /** Opens a stream to the node, and says hello. */
  dial(node: WorldNode, intent: Intent, changes?: Partial<Hello>): Promise<AtxStream>
}

export type PuppetOptions = {
  readonly clock: TravelClock
  readonly address?: string
  /** Which store it says to hold; always the same when absent. */
  readonly storeId?: () => Uint8Array
  /** What it delivers. */
  readonly holds?: readonly TestAtx[]
  /** What it says of an id instead, or when it does. */
  readonly item?: (id: string) => Item | null | Promise<Item | null>
  /** Takes requests for ids, and never answers. */
  readonly isSilent?: boolean
  /** What it answers the node's hello for FETCH or SERVE with. */
  readonly greeting?: (own: Hello) => AtxMessage
  /** Leads what the node opens for SYNC, after the node's hello. */
  readonly onSync?: (stream: AtxStream, hello: Hello) => Promise<void>
  readonly onServe?: (stream: AtxStream, hello: Hello) => Promise<void>
}

export function createPuppet(name: PeerId, options: PuppetOptions): Puppet {
  const { clock, holds = [], item = () => null, isSilent = false, greeting = (own) => own, onSync, onServe } = options
  const { storeId = () => new Uint8Array(16).fill(9) } = options
  const network = createFakeNetwork(name, options.address ?? '203.0.113.7')
  const blobs = new Map(holds.map(({ id, blob }) => [id, blob]))
  const asked: string[] = []

  const hello = (intent: Intent, changes: Partial<Hello> = {}): Hello => ({
    type: 'hello',
    version: 1,
    networkId,
    intent,
    sessionId: new Uint8Array(16).fill(5),
    wallMs: Math.floor(clock.now()),
    frame: Math.floor((clock.now() - START_MS) / DAY_MS),
    hasStrong: true,
    features: PLAIN,
    maxIdsPerFrame: 1_048_576,
    chunkIds: 1_024,
    fast: NOTHING,
    all: null,
    total: null,
    storeId: storeId(),
    ...changes,
  })

  async function itemOf(id: string): Promise<Item> {
    asked.push(id)
    const blob = blobs.get(id)
    return (await item(id)) ?? (blob === undefined ? { id, status: 'not-found' } : { id, status: 'ok', blob })
  }

  async function deliver(stream: AtxStream): Promise<void> {
    for (let message = await stream.read(); message !== null; message = await stream.read()) {
      if (message.type !== 'fetch' || isSilent) continue
      const text = Buffer.from(message.ids).toString('hex')
      const ids = Array.from({ length: text.length / 64 }, (_, i) => text.slice(i * 64, i * 64 + 64))
      await stream.send({ type: 'blobs', req: message.req, items: await Promise.all(ids.map(itemOf)), last: true })
    }
  }

  network.streams(STREAMS.atx, async (raw) => {
    const stream = createAtxStream(raw, () => undefined)
    const theirs = await stream.read()
    if (theirs?.type !== 'hello') return
    const { sessionId } = theirs
    if (theirs.intent === 'sync') return onSync?.(stream, theirs)
    await stream.send(greeting(hello(theirs.intent, { sessionId })))
    return theirs.intent === 'fetch' ? deliver(stream) : onServe?.(stream, theirs)
  })

  return {
    name,
    network,
    asked,
    hello,
    async dial(node, intent, changes) {
      const stream = createAtxStream(dialRaw(node, name, network.address), () => undefined)
      await stream.send(hello(intent, changes))
      return stream
    },
  }
}

/** A stream to the node in bytes. */
export function dialRaw(node: WorldNode, from: PeerId, address?: string): MessageStream {
  return node.network.begin(STREAMS.atx.protocol, from, address)
}

/** The node is connected with the puppet. */
export function attach(node: WorldNode, puppet: Puppet): void {
  node.network.meet(puppet.network)
  node.network.join(puppet.name, [])
}

/**
 * Reads until a message of the type, acknowledging lists on the way. Null when there is none: the node ended the session, and
 * that is answered as it should be.
 */
export async function hear<T extends AtxMessage['type']>(
  stream: AtxStream,
  type: T,
): Promise<Extract<AtxMessage, { type: T }> | null> {
  try {
    for (let message = await stream.read(); message !== null; message = await stream.read()) {
      if (message.type === 'ids') await stream.send({ type: 'ack', index: message.index })
      if (message.type === 'stop') await stream.send({ type: 'done', why: 'mutual-limit', back: 0 })
      if (message.type === 'stop' || message.type === 'problem') await stream.end()
      if (message.type === type) return message as Extract<AtxMessage, { type: T }>
      if (message.type === 'stop' || message.type === 'problem') return null
    }
  } catch {
    // The node gave the stream up.
  }
  return null
}

/**
 * Answers FETCH streams (S8): blobs by id, in small messages, a few in memory at a time, and no faster to one peer than its
 * share. One request of a stream is answered after the other; those that wait stay unread, which is the back-pressure.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Hash, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createTokenBucket, type TokenBucket } from '../../protocols/rate-limit.ts'
import { MAX_BLOB_BYTES } from '../intake/bounds.ts'
import type { AtxMessage, Item } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import { type AtxSet, ID_BYTES } from '../set/types.ts'
import {
  FETCH_BATCH,
  ID_COST,
  MAX_ANSWERED,
  MAX_CLIENTS,
  MAX_STREAMS_PER_PEER,
  READ_AT_ONCE,
  REQUEST_COST,
  RESPONSE_BYTES,
  SERVED_BYTES_PER_SECOND,
} from './bounds.ts'

/** When a peer with too many streams may try again. */
const RETRY_MS = 5_000

export type FetchServerOptions = {
  readonly set: Pick<AtxSet, 'blobs'>
  readonly clock: Clock
  /** Bytes per second for one peer; {@link SERVED_BYTES_PER_SECOND} when absent. */
  readonly bytesPerSecond?: number
  /** A violation of the protocol: class P. */
  readonly misbehaved: (peer: PeerId, reason: string) => void
}

export interface FetchServer {
  /** Answers a stream after its hellos, until the peer ends it or breaks the rules. Rejects with the stream's error. */
  serve(stream: AtxStream): Promise<void>
  /** Gives the streams of this peer up: it is not dealt with any more. */
  forsake(peer: PeerId, reason: string): void
  stop(): void
}

type Client = { readonly bytes: TokenBucket; readonly streams: Set<AtxStream> }

/** A server without clients. */
export function createFetchServer(options: FetchServerOptions): FetchServer {
  const { set, clock, misbehaved, bytesPerSecond = SERVED_BYTES_PER_SECOND } = options
  const clients = new Map<PeerId, Client>()
  const ending = new AbortController()
  let answering = 0

  function clientOf(peer: PeerId): Client {
    const known = clients.get(peer)
    const client = known ?? {
      bytes: createTokenBucket({ rate: bytesPerSecond, burst: bytesPerSecond, clock }),
      streams: new Set<AtxStream>(),
    }
    clients.delete(peer)
    clients.set(peer, client)
    for (const [oldest, { streams }] of clients) {
      if (clients.size <= MAX_CLIENTS) break
      if (streams.size === 0) clients.delete(oldest)
    }
    return client
  }

  /** Whether the stream goes on. */
  async function answer(stream: AtxStream, client: Client, message: AtxMessage): Promise<boolean> {
    if (message.type === 'keepAlive') return true
    const ids = message.type === 'fetch' ? idsOf(message.ids) : null
    if (message.type !== 'fetch' || ids === null) {
      const what =
        message.type === 'fetch' ? `asked for ${message.ids.byteLength} bytes of ids` : `sent '${message.type}'`
      misbehaved(stream.peer, `${what} on a fetch stream`)
      stream.abort('a violation of the fetch protocol')
      return false
    }
    client.bytes.take(REQUEST_COST + ids.length * ID_COST)
    if (answering >= MAX_ANSWERED) {
      await pay(client)
      await stream.send(busy(message.req, ids))
      return true
    }
    answering++
    try {
      for await (const part of partsOf(set, message.req, ids)) {
        await pay(client)
        client.bytes.take(part.bytes)
        await stream.send(part.message)
      }
    } finally {
      answering--
    }
    return true
  }

  async function pay({ bytes }: Client): Promise<void> {
    const waitMs = bytes.debtMs()
    if (waitMs > 0) await delay(waitMs, undefined, { signal: ending.signal })
  }

  return {
    async serve(stream) {
      const client = clientOf(stream.peer)
      if (client.streams.size >= MAX_STREAMS_PER_PEER) {
        await stream.send({ type: 'problem', code: 'busy', text: 'too many fetch streams', retryAfterMs: RETRY_MS })
        return stream.end()
      }
      client.streams.add(stream)
      try {
        for (;;) {
          const message = await stream.read()
          if (message === null || ending.signal.aborted) return await stream.end()
          if (!(await answer(stream, client, message))) return
        }
      } catch (error) {
        stream.abort('fetching ended')
        if (!ending.signal.aborted) throw error
      } finally {
        client.streams.delete(stream)
      }
    },
    forsake(peer, reason) {
      for (const stream of clients.get(peer)?.streams ?? []) stream.abort(reason)
    },
    stop: () => ending.abort(),
  }
}

/** 1 to {@link FETCH_BATCH} ids; null for anything else. */
function idsOf(packed: Uint8Array): Hash[] | null {
  const count = packed.byteLength / ID_BYTES
  if (!Number.isInteger(count) || count < 1 || count > FETCH_BATCH) return null
  const text = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).toString('hex')
  return Array.from({ length: count }, (_, index) => text.slice(index * 2 * ID_BYTES, (index + 1) * 2 * ID_BYTES))
}

function busy(req: number, ids: readonly Hash[]): AtxMessage {
  return { type: 'blobs', req, items: ids.map((id) => ({ id, status: 'busy' })), last: true }
}

type Part = { readonly message: AtxMessage; readonly bytes: number }

/** The answer in messages of about {@link RESPONSE_BYTES}. Ids asked for twice are answered once. */
async function* partsOf(set: Pick<AtxSet, 'blobs'>, req: number, asked: readonly Hash[]): AsyncGenerator<Part> {
  const ids = [...new Set(asked)]
  let items: Item[] = []
  let bytes = 0
  for await (const item of itemsOf(set, ids)) {
    const size = item.status === 'ok' ? item.blob.byteLength : 0
    if (items.length > 0 && bytes + size > RESPONSE_BYTES) {
      yield { message: { type: 'blobs', req, items, last: false }, bytes }
      items = []
      bytes = 0
    }
    items.push(item)
    bytes += size
  }
  yield { message: { type: 'blobs', req, items, last: true }, bytes }
}

/** Reads a few at a time: nobody knows their sizes before. */
async function* itemsOf(set: Pick<AtxSet, 'blobs'>, ids: readonly Hash[]): AsyncGenerator<Item> {
  for (let from = 0; from < ids.length; from += READ_AT_ONCE) {
    const some = ids.slice(from, from + READ_AT_ONCE)
    const blobs = await set.blobs(some)
    for (const [index, id] of some.entries()) yield itemOf(id, blobs[index] ?? null)
  }
}

function itemOf(id: Hash, blob: Uint8Array | null): Item {
  if (blob === null) return { id, status: 'not-found' }
  return blob.byteLength > MAX_BLOB_BYTES ? { id, status: 'too-big' } : { id, status: 'ok', blob }
}

/** The hellos of FETCH and SERVE streams (S4, S5); those of SYNC are the session machine's own (S6). */
import { randomBytes } from 'node:crypto'
import type { Millis, PeerId } from '../domain.ts'
import { SyncError } from './errors.ts'
import type { Features, Hello, Intent, ProblemCode } from './messages.ts'
import type { AtxStream } from './ports.ts'
import { VERSION } from './rules/greeting.ts'

const SESSION_ID_BYTES = 16
/** A peer that does not say hello within this time is as good as gone (S1). */
const OPEN_TIMEOUT_MS: Millis = 10_000

export type GreeterOptions = {
  /** 32 bytes. */
  readonly networkId: Uint8Array
  readonly storeId: () => Uint8Array
  readonly hasStrong: boolean
  readonly features: Features
  readonly maxIdsPerFrame: number
  readonly chunkIds: number
  readonly now: () => Millis
  readonly frame: () => number
  readonly isBanned: (peer: PeerId, address: string) => boolean
}

export interface Greeter {
  /** Begins a conversation: says hello and hears the peer's. Rejects with `SyncError` 'refused' or 'timeout'. */
  greet(stream: AtxStream, intent: Exclude<Intent, 'sync'>): Promise<Hello>
  /** Answers a hello; false when the peer was told why there is no conversation. */
  answer(stream: AtxStream, hello: Hello): Promise<boolean>
  /** The first message of a stream that a peer began, which is its hello. Rejects with `SyncError`. */
  hear(stream: AtxStream): Promise<Hello>
}

export function createGreeter(options: GreeterOptions): Greeter {
  const { networkId, storeId, hasStrong, features, maxIdsPerFrame, chunkIds, now, frame, isBanned } = options

  const helloOf = (intent: Intent, sessionId: Uint8Array): Hello => ({
    type: 'hello',
    version: VERSION,
    networkId,
    intent,
    sessionId,
    wallMs: Math.floor(now()),
    frame: frame(),
    hasStrong,
    features,
    maxIdsPerFrame,
    chunkIds,
    fast: null,
    all: null,
    total: null,
    storeId: storeId(),
  })

  function problemWith({ peer, remoteAddress }: AtxStream, hello: Hello): { code: ProblemCode; text: string } | null {
    if (hello.version !== VERSION) return { code: 'version', text: `this node speaks version ${VERSION}` }
    if (Buffer.compare(hello.networkId, networkId) !== 0) return { code: 'network', text: 'another network' }
    if (isBanned(peer, remoteAddress)) return { code: 'banned', text: 'this node does not deal with you for a while' }
    return null
  }

  async function hear(stream: AtxStream): Promise<Hello> {
    const message = await within(stream.read(), stream)
    if (message?.type === 'hello') return message
    if (message !== null && message.type !== 'problem') {
      throw new SyncError('protocol', `${stream.peer} began with a message '${message.type}' in place of its hello`)
    }
    const why = message === null ? 'it ended the stream' : `${message.code}: ${message.text}`
    throw new SyncError('refused', `${stream.peer} does not talk about the set now: ${why}`)
  }

  return {
    hear,
    async greet(stream, intent) {
      const own = helloOf(intent, randomBytes(SESSION_ID_BYTES))
      await stream.send(own)
      const hello = await hear(stream)
      const problem = problemWith(stream, hello)
      if (problem !== null) throw new SyncError('refused', `${stream.peer} cannot be dealt with: ${problem.text}`)
      if (hello.intent === intent && Buffer.compare(hello.sessionId, own.sessionId) === 0) return hello
      throw new SyncError('protocol', `${stream.peer} answered another conversation`)
    },
    async answer(stream, hello) {
      const problem = problemWith(stream, hello)
      if (problem === null) await stream.send(helloOf(hello.intent, hello.sessionId))
      else await stream.send({ type: 'problem', ...problem, retryAfterMs: 0 })
      return problem === null
    },
  }
}

async function within<T>(work: Promise<T>, stream: AtxStream): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const error = new SyncError('timeout', `${stream.peer} did not say hello within ${OPEN_TIMEOUT_MS / 1_000} s`)
  const timer = setTimeout(() => reject(error), OPEN_TIMEOUT_MS)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

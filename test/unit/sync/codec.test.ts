/** Messages of an ATX stream keep their form on the wire, and nothing else is taken for one (S4, S5). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AtxMessage as Wire } from '../../../src/protocols/wire/atx.gen.ts'
import { decodeAtxMessage, encodeAtxMessage } from '../../../src/sync/codec.ts'
import { SyncError } from '../../../src/sync/errors.ts'
import type { AtxMessage, Hello } from '../../../src/sync/messages.ts'

const bytes = (count: number, fill: number) => new Uint8Array(count).fill(fill)
const fingerprint = (strong: boolean) => ({ count: 1_000_000, xor: bytes(32, 1), strong: strong ? bytes(32, 2) : null })

const hello = (part: Partial<Hello> = {}): Hello => ({
  type: 'hello',
  version: 1,
  networkId: bytes(32, 3),
  intent: 'sync',
  sessionId: bytes(16, 4),
  wallMs: 1_800_000_000_000,
  frame: 22,
  hasStrong: true,
  features: { setRule: true, allFingerprint: true, totalFingerprint: true, deepRange: true, resume: false },
  maxIdsPerFrame: 1_048_576,
  chunkIds: 1_024,
  fast: fingerprint(true),
  all: null,
  total: null,
  storeId: bytes(16, 5),
  ...part,
})

const messages: AtxMessage[] = [
  hello(),
  hello({ intent: 'serve', hasStrong: false, fast: null }),
  hello({ all: bytes(16, 8), total: bytes(16, 9), storeId: bytes(0, 0) }),
  { type: 'frameOpen', back: 0, frame: 22, count: 33_000 },
  { type: 'ids', index: 7, ids: bytes(64, 6) },
  { type: 'ack', index: 7 },
  { type: 'frameEnd', back: 6, count: 2, digest: bytes(32, 7) },
  { type: 'result', back: 1, known: fingerprint(false), gained: 1, noGainRun: 2, gainedTotal: 3 },
  { type: 'done', why: 'mutual-limit', back: 6 },
  { type: 'stop', why: 'policy', offer: null },
  { type: 'stop', why: 'serve', offer: { token: bytes(40, 8), estIds: 9, estBytes: 10, retryAfterMs: 11 } },
  { type: 'deep', scheme: 1, scope: 255, payload: bytes(3, 9) },
  { type: 'fetch', req: 1, ids: bytes(3_200, 1) },
  {
    type: 'blobs',
    req: 1,
    items: [
      { id: '0a'.repeat(32), status: 'ok', blob: bytes(5, 1) },
      { id: '0b'.repeat(32), status: 'not-found' },
    ],
    last: true,
  },
  { type: 'serve', token: bytes(0, 0), storeId: bytes(0, 0), afterSeq: 0, maxBytes: 0 },
  { type: 'serveIds', firstSeq: 1_024, ids: bytes(32, 1), totalSeq: 2_000 },
  { type: 'want', firstSeq: 1_024, bitmap: bytes(128, 255) },
  { type: 'serveBlobs', firstSeq: 1_024, items: [], uptoSeq: 2_048 },
  { type: 'serveEnd', uptoSeq: 2_048, complete: true, reason: '', retryAfterMs: 0 },
  { type: 'keepAlive', done: 1, total: 2 },
  { type: 'problem', code: 'busy', text: 'two others are served', retryAfterMs: 600_000 },
]

const codeOf = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error instanceof SyncError ? error.code : error
  }
  return 'no error'
}

describe('S5 messages', () => {
  it.each(messages.map((message) => [message.type, message] as const))('%s comes back as it was', (_, message) => {
    const decoded = decodeAtxMessage(encodeAtxMessage(message))
    expect(plain(decoded)).toEqual(plain(message))
  })

  it('a hello about a million ids keeps the sizes of S5', () => {
    const size = (message: Hello) => encodeAtxMessage(message).byteLength
    const features = { setRule: true, allFingerprint: true, totalFingerprint: true, deepRange: true, resume: true }
    expect(size(hello({ fast: fingerprint(false), features }))).toBeLessThanOrEqual(145)
    expect(size(hello({ features }))).toBeLessThanOrEqual(180)
    // With marks of the whole set and of its closed part, and without the store's id, as sessions send it.
    const marks = { all: bytes(16, 8), total: bytes(16, 9), storeId: bytes(0, 0) }
    expect(size(hello({ features, ...marks }))).toBeLessThanOrEqual(198)
  })

  it('S4 any bytes give a message or the one typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        expect(['no error', 'malformed']).toContain(codeOf(() => decodeAtxMessage(raw)))
      }),
    )
  })

  it('S4 a message with one flipped byte gives a message or the one typed error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messages), fc.nat(), fc.integer({ min: 1, max: 255 }), (message, at, flip) => {
        const raw = Uint8Array.from(encodeAtxMessage(message))
        const place = at % raw.byteLength
        raw[place] = (raw[place] ?? 0) ^ flip
        expect(['no error', 'malformed']).toContain(codeOf(() => decodeAtxMessage(raw)))
      }),
    )
  })

  it('S1 what carries no blobs has 256 KiB at the most', () => {
    const ofSize = (payload: number) =>
      encodeAtxMessage({ type: 'deep', scheme: 1, scope: 255, payload: bytes(payload, 9) })
    const overhead = ofSize(262_000).byteLength - 262_000
    expect(codeOf(() => decodeAtxMessage(ofSize(262_144 - overhead)))).toBe('no error')
    expect(codeOf(() => decodeAtxMessage(ofSize(262_145 - overhead)))).toBe('malformed')
    const blob = { id: '0a'.repeat(32), status: 'ok', blob: bytes(262_144, 1) } as const
    const answer = encodeAtxMessage({ type: 'blobs', req: 1, items: [blob], last: true })
    expect(codeOf(() => decodeAtxMessage(answer))).toBe('no error')
  })

  const zero = { req: 1, last: true }
  const known = { count: 1, xor: bytes(32, 1), strong: bytes(0, 0) }
  const wireHello = {
    ...hello(),
    intent: 0,
    suites: 6,
    features: 0,
    fast: undefined,
    all: bytes(0, 0),
    total: bytes(0, 0),
  }
  it.each<[string, Wire]>([
    ['none', {}],
    ['two contents', { ack: { index: 1 }, done: { why: 0, back: 0 } }],
    ['a list that is not whole ids', { ids: { index: 0, ids: bytes(33, 1) } }],
    ['an empty list', { ids: { index: 0, ids: bytes(0, 1) } }],
    ['101 ids in a request', { fetch: { req: 1, ids: bytes(101 * 32, 1) } }],
    ['no ids in a request', { fetch: { req: 1, ids: bytes(0, 1) } }],
    ['1,025 ids in a batch', { serveIds: { firstSeq: 0, totalSeq: 1, ids: bytes(1_025 * 32, 1) } }],
    ['a bitmap longer than a batch', { want: { firstSeq: 0, bitmap: bytes(129, 1) } }],
    ['a digest of 31 bytes', { frameEnd: { back: 0, count: 1, digest: bytes(31, 1) } }],
    ['a result without a fingerprint', { result: { back: 0, gained: 0, noGainRun: 0, gainedTotal: 0 } }],
    [
      'an xor of 31 bytes',
      { result: { back: 0, known: { ...known, xor: bytes(31, 1) }, gained: 0, noGainRun: 0, gainedTotal: 0 } },
    ],
    [
      'a strong value of 16 bytes',
      { result: { back: 0, known: { ...known, strong: bytes(16, 1) }, gained: 0, noGainRun: 0, gainedTotal: 0 } },
    ],
    ['an unknown reason', { done: { why: 4, back: 0 } }],
    ['an unknown stop', { stop: { why: 4 } }],
    ['a problem that is none', { problem: { code: 0, text: '', retryAfterMs: 0 } }],
    ['an unknown item status', { blobs: { ...zero, items: [{ id: bytes(32, 1), status: 4, blob: bytes(0, 0) }] } }],
    [
      'an item with an id of 20 bytes',
      { blobs: { ...zero, items: [{ id: bytes(20, 1), status: 0, blob: bytes(1, 0) }] } },
    ],
    ['bytes beside their absence', { blobs: { ...zero, items: [{ id: bytes(32, 1), status: 1, blob: bytes(1, 0) }] } }],
    ['an offer alone', { offer: { token: bytes(1, 1), estIds: 0, estBytes: 0, retryAfterMs: 0 } }],
    [
      'a token of 257 bytes',
      { stop: { why: 0, offer: { token: bytes(257, 1), estIds: 0, estBytes: 0, retryAfterMs: 0 } } },
    ],
    ['a network id of 31 bytes', { hello: { ...wireHello, networkId: bytes(31, 1) } }],
    ['a session id of 15 bytes', { hello: { ...wireHello, sessionId: bytes(15, 1) } }],
    ['a store id of 17 bytes', { hello: { ...wireHello, storeId: bytes(17, 1) } }],
    ['a store id that is missing where one is asked for', { hello: { ...wireHello, intent: 2, storeId: bytes(0, 1) } }],
    ['a mark of 32 bytes', { hello: { ...wireHello, total: bytes(32, 1) } }],
    ['an unknown intent', { hello: { ...wireHello, intent: 3 } }],
    ['a hello without the mandatory suite', { hello: { ...wireHello, suites: 4 } }],
  ])('refuses %s', (_, wire) => {
    expect(codeOf(() => decodeAtxMessage(Wire.encode(wire)))).toBe('malformed')
  })
})

/** Buffers and byte arrays of other kinds as one. */
function plain(message: AtxMessage): unknown {
  const numbers = (_: string, value: unknown) => (value instanceof Uint8Array ? Array.from(value) : value)
  return JSON.parse(JSON.stringify(message, numbers))
}

/** Messages of an ATX stream <-> bytes (S5). What a message means in its place is judged elsewhere; here only its form. */
import { AtxMessage as Wire } from '../protocols/wire/atx.gen.ts'

import {
  type Decoders,
  decodeFingerprint,
  decodeHello,
  decodeItem,
  decodeOffer,
  encodeFingerprint,
  encodeHello,
  encodeItem,
  encodeOffer,
  ids,
  malformed,
  nameOf,
  numberOf,
  sized,
} from './codec-parts.ts'
import { SyncError } from './errors.ts'
import type { AtxMessage } from './messages.ts'

const DONE = ['fast', 'agreed', 'total-equal', 'mutual-limit'] as const
const STOP = ['serve', 'limit', 'policy', 'shutdown'] as const
/** From 1 on: 0 would say that nothing is wrong. */
const PROBLEM = [
  null,
  'version',
  'network',
  'clock',
  'frame',
  'busy',
  'limit',
  'protocol',
  'internal',
  'banned',
] as const
const DIGEST_BYTES = 32
const MAX_TOKEN_BYTES = 256
const MAX_TEXT_CHARACTERS = 512
/** S8: ids of one request. */
const MAX_FETCH_IDS = 100
/** S9.1: ids of one batch. */
const MAX_SERVE_IDS = 1_024
/** S1 maxMessage of all that carries no blobs; the stream's own cap is that of blobs. */
const MAX_PLAIN_BYTES = 262_144
const CARRIES_BLOBS: readonly string[] = ['blobs', 'serveBlobs'] satisfies readonly AtxMessage['type'][]

/** The wire form of a message. */
export function encodeAtxMessage(message: AtxMessage): Uint8Array {
  return Wire.encode(toWire(message))
}

function toWire(message: AtxMessage): Wire {
  switch (message.type) {
    case 'hello':
      return { hello: encodeHello(message) }
    case 'frameOpen':
      return { frameOpen: message }
    case 'ids':
      return { ids: message }
    case 'ack':
      return { ack: message }
    case 'frameEnd':
      return { frameEnd: message }
    case 'result':
      return { result: { ...message, known: encodeFingerprint(message.known) } }
    case 'done':
      return { done: { back: message.back, why: numberOf(DONE, message.why) } }
    case 'stop':
      return { stop: { why: numberOf(STOP, message.why), ...offerPart(message.offer) } }
    case 'deep':
      return { deep: message }
    case 'fetch':
      return { fetch: message }
    case 'blobs':
      return { blobs: { ...message, items: message.items.map(encodeItem) } }
    case 'serve':
      return { serve: message }
    case 'serveIds':
      return { serveIds: message }
    case 'want':
      return { want: message }
    case 'serveBlobs':
      return { serveBlobs: { ...message, items: message.items.map(encodeItem) } }
    case 'serveEnd':
      return { serveEnd: message }
    case 'keepAlive':
      return { keepAlive: message }
    case 'problem':
      return { problem: { ...message, code: numberOf(PROBLEM, message.code) } }
  }
}

function offerPart(offer: Parameters<typeof encodeOffer>[0] | null): { offer?: ReturnType<typeof encodeOffer> } {
  return offer === null ? {} : { offer: encodeOffer(offer) }
}

/** Parses a message. Throws `SyncError` 'malformed': no message, more than one, too long a one, a wrong width, an unknown code. */
export function decodeAtxMessage(bytes: Uint8Array): AtxMessage {
  const fields = Object.entries(parse(bytes)).filter(([, value]) => value !== undefined)
  const [first] = fields
  if (first === undefined || fields.length > 1) throw malformed(`it has ${fields.length} contents in place of one`)
  const [name, value] = first
  const isLong = bytes.byteLength > MAX_PLAIN_BYTES && !CARRIES_BLOBS.includes(name)
  if (isLong) throw malformed(`it is longer than ${MAX_PLAIN_BYTES} bytes and carries no blobs`)
  const decode = DECODERS[name as keyof Decoders] as (value: unknown) => AtxMessage
  return decode(value)
}

function parse(bytes: Uint8Array): Wire {
  try {
    return Wire.decode(bytes)
  } catch (cause) {
    throw new SyncError('malformed', 'it is not a message of an ATX stream', { cause })
  }
}

const DECODERS: Decoders = {
  hello: decodeHello,
  frameOpen: (m) => ({ type: 'frameOpen', ...m }),
  ids: ({ index, ids: list }) => ({ type: 'ids', index, ids: ids(list) }),
  ack: ({ index }) => ({ type: 'ack', index }),
  frameEnd: (m) => ({ type: 'frameEnd', ...m, digest: sized(m.digest, DIGEST_BYTES) }),
  result({ known, ...m }) {
    if (known === undefined) throw malformed('a result has no fingerprint')
    return { type: 'result', ...m, known: decodeFingerprint(known) }
  },
  done: ({ why, back }) => ({ type: 'done', why: nameOf(DONE, why), back }),
  stop: ({ why, offer }) => ({
    type: 'stop',
    why: nameOf(STOP, why),
    offer: offer === undefined ? null : decodeOffer(offer, MAX_TOKEN_BYTES),
  }),
  deep: (m) => ({ type: 'deep', ...m }),
  fetch: ({ req, ids: list }) => ({ type: 'fetch', req, ids: ids(list, MAX_FETCH_IDS) }),
  blobs: ({ req, items, last }) => ({ type: 'blobs', req, items: items.map(decodeItem), last }),
  offer: () => {
    throw malformed('an offer comes with a stop request only')
  },
  serve({ token, storeId, ...m }) {
    if (token.byteLength > MAX_TOKEN_BYTES) throw malformed('its token is too long')
    if (storeId.byteLength > 0) sized(storeId, 16)
    return { type: 'serve', token, storeId, ...m }
  },
  serveIds: ({ ids: list, ...m }) => ({ type: 'serveIds', ...m, ids: ids(list, MAX_SERVE_IDS) }),
  want({ firstSeq, bitmap }) {
    if (bitmap.byteLength > MAX_SERVE_IDS / 8) throw malformed('its bitmap is longer than a batch')
    return { type: 'want', firstSeq, bitmap }
  },
  serveBlobs: ({ items, ...m }) => ({ type: 'serveBlobs', ...m, items: items.map(decodeItem) }),
  serveEnd: ({ reason, ...m }) => ({ type: 'serveEnd', ...m, reason: reason.slice(0, MAX_TEXT_CHARACTERS) }),
  keepAlive: (m) => ({ type: 'keepAlive', ...m }),
  problem({ code, text, retryAfterMs }) {
    const name = nameOf(PROBLEM, code)
    if (name === null) throw malformed('a problem that is none')
    return { type: 'problem', code: name, text: text.slice(0, MAX_TEXT_CHARACTERS), retryAfterMs }
  },
}

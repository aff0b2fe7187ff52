/** Parts of messages of an ATX stream <-> their wire form, with every width checked. */
import type { AtxFingerprint, AtxHello, AtxItem, AtxServeOffer, AtxMessage as Wire } from '../protocols/wire/atx.gen.ts'
import { SyncError } from './errors.ts'
import type { AtxMessage, Features, Hello, Item, ServeOffer } from './messages.ts'
import { type Fingerprint, ID_BYTES } from './set/types.ts'

/** One decoder for each content a message may have. */
export type Decoders = { readonly [Name in keyof Wire]-?: (content: NonNullable<Wire[Name]>) => AtxMessage }

const SESSION_ID_BYTES = 16
const NETWORK_ID_BYTES = 32
const INTENTS = ['sync', 'fetch', 'serve'] as const
const ITEM_STATUS = ['ok', 'not-found', 'too-big', 'busy'] as const
/** S5: bit of each feature. */
const FEATURE_BITS: { readonly [Name in keyof Features]: number } = {
  setRule: 1,
  allFingerprint: 2,
  totalFingerprint: 4,
  deepRange: 8,
  resume: 32,
}
/** S5: bit i stands for suite i. */
const XOR_BIT = 2
const STRONG_BIT = 4
const MARK_BYTES = 16
const NONE = new Uint8Array(0)

export function malformed(why: string): SyncError {
  return new SyncError('malformed', `a message of an ATX stream was refused: ${why}`)
}

/** The bytes, if there are so many. */
export function sized(bytes: Uint8Array, count: number): Uint8Array {
  if (bytes.byteLength !== count) throw malformed(`${bytes.byteLength} bytes stand where ${count} belong`)
  return bytes
}

/** Packed ids: 1 to `max` whole ones. */
export function ids(packed: Uint8Array, max = Number.POSITIVE_INFINITY): Uint8Array {
  const count = packed.byteLength / ID_BYTES
  if (!Number.isInteger(count) || count < 1 || count > max) {
    throw malformed(`${packed.byteLength} bytes are no list of ${max} ids or fewer`)
  }
  return packed
}

/** Number of a name on the wire. */
export function numberOf<Name>(names: readonly Name[], name: Name): number {
  return names.indexOf(name)
}

export function nameOf<Name>(names: readonly Name[], number: number): Name {
  const name = names[number]
  if (name === undefined) throw malformed(`it has the unknown code ${number}`)
  return name
}

export function encodeFingerprint({ count, xor, strong }: Fingerprint): AtxFingerprint {
  return { count, xor, strong: strong ?? NONE }
}

export function decodeFingerprint({ count, xor, strong }: AtxFingerprint): Fingerprint {
  const hasStrong = strong.byteLength > 0
  return { count, xor: sized(xor, ID_BYTES), strong: hasStrong ? sized(strong, ID_BYTES) : null }
}

export function encodeItem(item: Item): AtxItem {
  const id = Buffer.from(item.id, 'hex')
  return { id, status: numberOf(ITEM_STATUS, item.status), blob: item.status === 'ok' ? item.blob : NONE }
}

export function decodeItem({ id, status, blob }: AtxItem): Item {
  const name = nameOf(ITEM_STATUS, status)
  const hex = Buffer.from(sized(id, ID_BYTES)).toString('hex')
  if (name === 'ok') return { id: hex, status: name, blob }
  if (blob.byteLength > 0) throw malformed('bytes stand beside the reason why there are none')
  return { id: hex, status: name }
}

export function encodeOffer(offer: ServeOffer): AtxServeOffer {
  return { ...offer }
}

export function decodeOffer(offer: AtxServeOffer, maxTokenBytes: number): ServeOffer {
  if (offer.token.byteLength > maxTokenBytes) throw malformed('its token is too long')
  return { ...offer }
}

export function encodeHello({ type: _, intent, hasStrong, features, fast, all, total, ...rest }: Hello): AtxHello {
  return {
    ...rest,
    intent: numberOf(INTENTS, intent),
    suites: XOR_BIT + (hasStrong ? STRONG_BIT : 0),
    features: encodeFeatures(features),
    ...(fast === null ? {} : { fast: encodeFingerprint(fast) }),
    all: all ?? NONE,
    total: total ?? NONE,
  }
}

function encodeFeatures(features: Features): number {
  return Object.entries(FEATURE_BITS).reduce(
    (sum, [name, bit]) => sum + (features[name as keyof Features] ? bit : 0),
    0,
  )
}

export function decodeHello({ suites, features, intent, fast, all, total, ...rest }: AtxHello): Hello {
  if ((suites & XOR_BIT) === 0) throw malformed('its sender does not know the XOR suite')
  const isSync = nameOf(INTENTS, intent) === 'sync'
  return {
    type: 'hello',
    ...rest,
    networkId: sized(rest.networkId, NETWORK_ID_BYTES),
    sessionId: sized(rest.sessionId, SESSION_ID_BYTES),
    storeId: rest.storeId.byteLength === 0 && isSync ? NONE : sized(rest.storeId, SESSION_ID_BYTES),
    intent: nameOf(INTENTS, intent),
    hasStrong: (suites & STRONG_BIT) !== 0,
    features: decodeFeatures(features),
    fast: fast === undefined ? null : decodeFingerprint(fast),
    all: decodeMark(all),
    total: decodeMark(total),
  }
}

function decodeMark(mark: Uint8Array): Uint8Array | null {
  return mark.byteLength === 0 ? null : sized(mark, MARK_BYTES)
}

function decodeFeatures(bits: number): Features {
  const has = (name: keyof Features): boolean => (bits & FEATURE_BITS[name]) !== 0
  return {
    setRule: has('setRule'),
    allFingerprint: has('allFingerprint'),
    totalFingerprint: has('totalFingerprint'),
    deepRange: has('deepRange'),
    resume: has('resume'),
  }
}

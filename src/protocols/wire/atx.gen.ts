// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface AtxPayload {
  publisher: Uint8Array
  publishEpoch: number
  previous: Uint8Array
  positioning: Uint8Array
  baseTickHeight: number
  tickCount: number
  body: Uint8Array
}

export namespace AtxPayload {
  let _codec: Codec<AtxPayload>

  export const codec = (): Codec<AtxPayload> => {
    if (_codec == null) {
      _codec = message<AtxPayload>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.publisher != null && obj.publisher.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.publisher)
        }

        if ((obj.publishEpoch != null && obj.publishEpoch !== 0)) {
          w.uint32(16)
          w.uint32(obj.publishEpoch)
        }

        if ((obj.previous != null && obj.previous.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.previous)
        }

        if ((obj.positioning != null && obj.positioning.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.positioning)
        }

        if ((obj.baseTickHeight != null && obj.baseTickHeight !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.baseTickHeight)
        }

        if ((obj.tickCount != null && obj.tickCount !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.tickCount)
        }

        if ((obj.body != null && obj.body.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.body)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          publisher: NO_BYTES,
          publishEpoch: 0,
          previous: NO_BYTES,
          positioning: NO_BYTES,
          baseTickHeight: 0,
          tickCount: 0,
          body: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.publisher = reader.bytes()
              break
            }
            case 2: {
              obj.publishEpoch = reader.uint32()
              break
            }
            case 3: {
              obj.previous = reader.bytes()
              break
            }
            case 4: {
              obj.positioning = reader.bytes()
              break
            }
            case 5: {
              obj.baseTickHeight = reader.uint64Number()
              break
            }
            case 6: {
              obj.tickCount = reader.uint64Number()
              break
            }
            case 7: {
              obj.body = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.publisher`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.publishEpoch`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.previous`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.positioning`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.baseTickHeight`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.tickCount`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.body`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxPayloadPublisherFieldEvent {
    field: '$.publisher'
    value: Uint8Array
  }

  export interface AtxPayloadPublishEpochFieldEvent {
    field: '$.publishEpoch'
    value: number
  }

  export interface AtxPayloadPreviousFieldEvent {
    field: '$.previous'
    value: Uint8Array
  }

  export interface AtxPayloadPositioningFieldEvent {
    field: '$.positioning'
    value: Uint8Array
  }

  export interface AtxPayloadBaseTickHeightFieldEvent {
    field: '$.baseTickHeight'
    value: number
  }

  export interface AtxPayloadTickCountFieldEvent {
    field: '$.tickCount'
    value: number
  }

  export interface AtxPayloadBodyFieldEvent {
    field: '$.body'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxPayload>): Uint8Array {
    return encodeMessage(obj, AtxPayload.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxPayload>): AtxPayload {
    return decodeMessage(buf, AtxPayload.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxPayload>): Generator<AtxPayloadPublisherFieldEvent | AtxPayloadPublishEpochFieldEvent | AtxPayloadPreviousFieldEvent | AtxPayloadPositioningFieldEvent | AtxPayloadBaseTickHeightFieldEvent | AtxPayloadTickCountFieldEvent | AtxPayloadBodyFieldEvent> {
    return streamMessage(buf, AtxPayload.codec(), opts)
  }
}

export interface SignedAtx {
  payload: Uint8Array
  signer: Uint8Array
  signature: Uint8Array
}

export namespace SignedAtx {
  let _codec: Codec<SignedAtx>

  export const codec = (): Codec<SignedAtx> => {
    if (_codec == null) {
      _codec = message<SignedAtx>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.payload != null && obj.payload.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.payload)
        }

        if ((obj.signer != null && obj.signer.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.signer)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.signature)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          payload: NO_BYTES,
          signer: NO_BYTES,
          signature: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.payload = reader.bytes()
              break
            }
            case 2: {
              obj.signer = reader.bytes()
              break
            }
            case 3: {
              obj.signature = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.payload`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.signer`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.signature`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface SignedAtxPayloadFieldEvent {
    field: '$.payload'
    value: Uint8Array
  }

  export interface SignedAtxSignerFieldEvent {
    field: '$.signer'
    value: Uint8Array
  }

  export interface SignedAtxSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<SignedAtx>): Uint8Array {
    return encodeMessage(obj, SignedAtx.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedAtx>): SignedAtx {
    return decodeMessage(buf, SignedAtx.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedAtx>): Generator<SignedAtxPayloadFieldEvent | SignedAtxSignerFieldEvent | SignedAtxSignatureFieldEvent> {
    return streamMessage(buf, SignedAtx.codec(), opts)
  }
}

export interface AtxFingerprint {
  count: number
  xor: Uint8Array
  strong: Uint8Array
}

export namespace AtxFingerprint {
  let _codec: Codec<AtxFingerprint>

  export const codec = (): Codec<AtxFingerprint> => {
    if (_codec == null) {
      _codec = message<AtxFingerprint>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.count != null && obj.count !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.count)
        }

        if ((obj.xor != null && obj.xor.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.xor)
        }

        if ((obj.strong != null && obj.strong.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.strong)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          count: 0,
          xor: NO_BYTES,
          strong: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.count = reader.uint64Number()
              break
            }
            case 2: {
              obj.xor = reader.bytes()
              break
            }
            case 3: {
              obj.strong = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.count`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.xor`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.strong`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxFingerprintCountFieldEvent {
    field: '$.count'
    value: number
  }

  export interface AtxFingerprintXorFieldEvent {
    field: '$.xor'
    value: Uint8Array
  }

  export interface AtxFingerprintStrongFieldEvent {
    field: '$.strong'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxFingerprint>): Uint8Array {
    return encodeMessage(obj, AtxFingerprint.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFingerprint>): AtxFingerprint {
    return decodeMessage(buf, AtxFingerprint.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFingerprint>): Generator<AtxFingerprintCountFieldEvent | AtxFingerprintXorFieldEvent | AtxFingerprintStrongFieldEvent> {
    return streamMessage(buf, AtxFingerprint.codec(), opts)
  }
}

export interface AtxHello {
  version: number
  networkId: Uint8Array
  intent: number
  sessionId: Uint8Array
  wallMs: number
  frame: number
  suites: number
  features: number
  maxIdsPerFrame: number
  chunkIds: number
  fast?: AtxFingerprint
  all: Uint8Array
  total: Uint8Array
  storeId: Uint8Array
}

export namespace AtxHello {
  let _codec: Codec<AtxHello>

  export const codec = (): Codec<AtxHello> => {
    if (_codec == null) {
      _codec = message<AtxHello>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(8)
          w.uint32(obj.version)
        }

        if ((obj.networkId != null && obj.networkId.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.networkId)
        }

        if ((obj.intent != null && obj.intent !== 0)) {
          w.uint32(24)
          w.uint32(obj.intent)
        }

        if ((obj.sessionId != null && obj.sessionId.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.sessionId)
        }

        if ((obj.wallMs != null && obj.wallMs !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.wallMs)
        }

        if ((obj.frame != null && obj.frame !== 0)) {
          w.uint32(48)
          w.uint32(obj.frame)
        }

        if ((obj.suites != null && obj.suites !== 0)) {
          w.uint32(56)
          w.uint32(obj.suites)
        }

        if ((obj.features != null && obj.features !== 0)) {
          w.uint32(64)
          w.uint32(obj.features)
        }

        if ((obj.maxIdsPerFrame != null && obj.maxIdsPerFrame !== 0)) {
          w.uint32(72)
          w.uint32(obj.maxIdsPerFrame)
        }

        if ((obj.chunkIds != null && obj.chunkIds !== 0)) {
          w.uint32(80)
          w.uint32(obj.chunkIds)
        }

        if (obj.fast != null) {
          w.uint32(90)
          AtxFingerprint.codec().encode(obj.fast, w)
        }

        if ((obj.all != null && obj.all.byteLength > 0)) {
          w.uint32(98)
          w.bytes(obj.all)
        }

        if ((obj.total != null && obj.total.byteLength > 0)) {
          w.uint32(106)
          w.bytes(obj.total)
        }

        if ((obj.storeId != null && obj.storeId.byteLength > 0)) {
          w.uint32(114)
          w.bytes(obj.storeId)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: 0,
          networkId: NO_BYTES,
          intent: 0,
          sessionId: NO_BYTES,
          wallMs: 0,
          frame: 0,
          suites: 0,
          features: 0,
          maxIdsPerFrame: 0,
          chunkIds: 0,
          all: NO_BYTES,
          total: NO_BYTES,
          storeId: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.version = reader.uint32()
              break
            }
            case 2: {
              obj.networkId = reader.bytes()
              break
            }
            case 3: {
              obj.intent = reader.uint32()
              break
            }
            case 4: {
              obj.sessionId = reader.bytes()
              break
            }
            case 5: {
              obj.wallMs = reader.uint64Number()
              break
            }
            case 6: {
              obj.frame = reader.uint32()
              break
            }
            case 7: {
              obj.suites = reader.uint32()
              break
            }
            case 8: {
              obj.features = reader.uint32()
              break
            }
            case 9: {
              obj.maxIdsPerFrame = reader.uint32()
              break
            }
            case 10: {
              obj.chunkIds = reader.uint32()
              break
            }
            case 11: {
              obj.fast = AtxFingerprint.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.fast
              })
              break
            }
            case 12: {
              obj.all = reader.bytes()
              break
            }
            case 13: {
              obj.total = reader.bytes()
              break
            }
            case 14: {
              obj.storeId = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.version`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.networkId`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.intent`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.sessionId`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.wallMs`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.frame`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.suites`,
                value: reader.uint32()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.features`,
                value: reader.uint32()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.maxIdsPerFrame`,
                value: reader.uint32()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.chunkIds`,
                value: reader.uint32()
              }
              break
            }
            case 11: {
              yield * AtxFingerprint.codec().stream(reader, reader.uint32(), `${prefix}.fast`, {
                limits: opts.limits?.fast
              })

              break
            }
            case 12: {
              yield {
                field: `${prefix}.all`,
                value: reader.bytes()
              }
              break
            }
            case 13: {
              yield {
                field: `${prefix}.total`,
                value: reader.bytes()
              }
              break
            }
            case 14: {
              yield {
                field: `${prefix}.storeId`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxHelloVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export interface AtxHelloNetworkIdFieldEvent {
    field: '$.networkId'
    value: Uint8Array
  }

  export interface AtxHelloIntentFieldEvent {
    field: '$.intent'
    value: number
  }

  export interface AtxHelloSessionIdFieldEvent {
    field: '$.sessionId'
    value: Uint8Array
  }

  export interface AtxHelloWallMsFieldEvent {
    field: '$.wallMs'
    value: number
  }

  export interface AtxHelloFrameFieldEvent {
    field: '$.frame'
    value: number
  }

  export interface AtxHelloSuitesFieldEvent {
    field: '$.suites'
    value: number
  }

  export interface AtxHelloFeaturesFieldEvent {
    field: '$.features'
    value: number
  }

  export interface AtxHelloMaxIdsPerFrameFieldEvent {
    field: '$.maxIdsPerFrame'
    value: number
  }

  export interface AtxHelloChunkIdsFieldEvent {
    field: '$.chunkIds'
    value: number
  }

  export interface AtxHelloFastCountFieldEvent {
    field: '$.fast.count'
    value: number
  }

  export interface AtxHelloFastXorFieldEvent {
    field: '$.fast.xor'
    value: Uint8Array
  }

  export interface AtxHelloFastStrongFieldEvent {
    field: '$.fast.strong'
    value: Uint8Array
  }

  export interface AtxHelloAllFieldEvent {
    field: '$.all'
    value: Uint8Array
  }

  export interface AtxHelloTotalFieldEvent {
    field: '$.total'
    value: Uint8Array
  }

  export interface AtxHelloStoreIdFieldEvent {
    field: '$.storeId'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxHello>): Uint8Array {
    return encodeMessage(obj, AtxHello.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxHello>): AtxHello {
    return decodeMessage(buf, AtxHello.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxHello>): Generator<AtxHelloVersionFieldEvent | AtxHelloNetworkIdFieldEvent | AtxHelloIntentFieldEvent | AtxHelloSessionIdFieldEvent | AtxHelloWallMsFieldEvent | AtxHelloFrameFieldEvent | AtxHelloSuitesFieldEvent | AtxHelloFeaturesFieldEvent | AtxHelloMaxIdsPerFrameFieldEvent | AtxHelloChunkIdsFieldEvent | AtxHelloFastCountFieldEvent | AtxHelloFastXorFieldEvent | AtxHelloFastStrongFieldEvent | AtxHelloAllFieldEvent | AtxHelloTotalFieldEvent | AtxHelloStoreIdFieldEvent> {
    return streamMessage(buf, AtxHello.codec(), opts)
  }
}

export interface AtxFrameOpen {
  back: number
  frame: number
  count: number
}

export namespace AtxFrameOpen {
  let _codec: Codec<AtxFrameOpen>

  export const codec = (): Codec<AtxFrameOpen> => {
    if (_codec == null) {
      _codec = message<AtxFrameOpen>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.back != null && obj.back !== 0)) {
          w.uint32(8)
          w.uint32(obj.back)
        }

        if ((obj.frame != null && obj.frame !== 0)) {
          w.uint32(16)
          w.uint32(obj.frame)
        }

        if ((obj.count != null && obj.count !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.count)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          back: 0,
          frame: 0,
          count: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.back = reader.uint32()
              break
            }
            case 2: {
              obj.frame = reader.uint32()
              break
            }
            case 3: {
              obj.count = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.back`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.frame`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.count`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxFrameOpenBackFieldEvent {
    field: '$.back'
    value: number
  }

  export interface AtxFrameOpenFrameFieldEvent {
    field: '$.frame'
    value: number
  }

  export interface AtxFrameOpenCountFieldEvent {
    field: '$.count'
    value: number
  }

  export function encode (obj: Partial<AtxFrameOpen>): Uint8Array {
    return encodeMessage(obj, AtxFrameOpen.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFrameOpen>): AtxFrameOpen {
    return decodeMessage(buf, AtxFrameOpen.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFrameOpen>): Generator<AtxFrameOpenBackFieldEvent | AtxFrameOpenFrameFieldEvent | AtxFrameOpenCountFieldEvent> {
    return streamMessage(buf, AtxFrameOpen.codec(), opts)
  }
}

export interface AtxIdChunk {
  index: number
  ids: Uint8Array
}

export namespace AtxIdChunk {
  let _codec: Codec<AtxIdChunk>

  export const codec = (): Codec<AtxIdChunk> => {
    if (_codec == null) {
      _codec = message<AtxIdChunk>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(8)
          w.uint32(obj.index)
        }

        if ((obj.ids != null && obj.ids.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.ids)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          index: 0,
          ids: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.index = reader.uint32()
              break
            }
            case 2: {
              obj.ids = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.ids`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxIdChunkIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface AtxIdChunkIdsFieldEvent {
    field: '$.ids'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxIdChunk>): Uint8Array {
    return encodeMessage(obj, AtxIdChunk.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxIdChunk>): AtxIdChunk {
    return decodeMessage(buf, AtxIdChunk.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxIdChunk>): Generator<AtxIdChunkIndexFieldEvent | AtxIdChunkIdsFieldEvent> {
    return streamMessage(buf, AtxIdChunk.codec(), opts)
  }
}

export interface AtxChunkAck {
  index: number
}

export namespace AtxChunkAck {
  let _codec: Codec<AtxChunkAck>

  export const codec = (): Codec<AtxChunkAck> => {
    if (_codec == null) {
      _codec = message<AtxChunkAck>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(8)
          w.uint32(obj.index)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          index: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.index = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxChunkAckIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export function encode (obj: Partial<AtxChunkAck>): Uint8Array {
    return encodeMessage(obj, AtxChunkAck.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxChunkAck>): AtxChunkAck {
    return decodeMessage(buf, AtxChunkAck.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxChunkAck>): Generator<AtxChunkAckIndexFieldEvent> {
    return streamMessage(buf, AtxChunkAck.codec(), opts)
  }
}

export interface AtxFrameEnd {
  back: number
  count: number
  digest: Uint8Array
}

export namespace AtxFrameEnd {
  let _codec: Codec<AtxFrameEnd>

  export const codec = (): Codec<AtxFrameEnd> => {
    if (_codec == null) {
      _codec = message<AtxFrameEnd>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.back != null && obj.back !== 0)) {
          w.uint32(8)
          w.uint32(obj.back)
        }

        if ((obj.count != null && obj.count !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.count)
        }

        if ((obj.digest != null && obj.digest.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.digest)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          back: 0,
          count: 0,
          digest: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.back = reader.uint32()
              break
            }
            case 2: {
              obj.count = reader.uint64Number()
              break
            }
            case 3: {
              obj.digest = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.back`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.count`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.digest`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxFrameEndBackFieldEvent {
    field: '$.back'
    value: number
  }

  export interface AtxFrameEndCountFieldEvent {
    field: '$.count'
    value: number
  }

  export interface AtxFrameEndDigestFieldEvent {
    field: '$.digest'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxFrameEnd>): Uint8Array {
    return encodeMessage(obj, AtxFrameEnd.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFrameEnd>): AtxFrameEnd {
    return decodeMessage(buf, AtxFrameEnd.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFrameEnd>): Generator<AtxFrameEndBackFieldEvent | AtxFrameEndCountFieldEvent | AtxFrameEndDigestFieldEvent> {
    return streamMessage(buf, AtxFrameEnd.codec(), opts)
  }
}

export interface AtxRoundResult {
  back: number
  known?: AtxFingerprint
  gained: number
  noGainRun: number
  gainedTotal: number
}

export namespace AtxRoundResult {
  let _codec: Codec<AtxRoundResult>

  export const codec = (): Codec<AtxRoundResult> => {
    if (_codec == null) {
      _codec = message<AtxRoundResult>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.back != null && obj.back !== 0)) {
          w.uint32(8)
          w.uint32(obj.back)
        }

        if (obj.known != null) {
          w.uint32(18)
          AtxFingerprint.codec().encode(obj.known, w)
        }

        if ((obj.gained != null && obj.gained !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.gained)
        }

        if ((obj.noGainRun != null && obj.noGainRun !== 0)) {
          w.uint32(32)
          w.uint32(obj.noGainRun)
        }

        if ((obj.gainedTotal != null && obj.gainedTotal !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.gainedTotal)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          back: 0,
          gained: 0,
          noGainRun: 0,
          gainedTotal: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.back = reader.uint32()
              break
            }
            case 2: {
              obj.known = AtxFingerprint.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.known
              })
              break
            }
            case 3: {
              obj.gained = reader.uint64Number()
              break
            }
            case 4: {
              obj.noGainRun = reader.uint32()
              break
            }
            case 5: {
              obj.gainedTotal = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.back`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield * AtxFingerprint.codec().stream(reader, reader.uint32(), `${prefix}.known`, {
                limits: opts.limits?.known
              })

              break
            }
            case 3: {
              yield {
                field: `${prefix}.gained`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.noGainRun`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.gainedTotal`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxRoundResultBackFieldEvent {
    field: '$.back'
    value: number
  }

  export interface AtxRoundResultKnownCountFieldEvent {
    field: '$.known.count'
    value: number
  }

  export interface AtxRoundResultKnownXorFieldEvent {
    field: '$.known.xor'
    value: Uint8Array
  }

  export interface AtxRoundResultKnownStrongFieldEvent {
    field: '$.known.strong'
    value: Uint8Array
  }

  export interface AtxRoundResultGainedFieldEvent {
    field: '$.gained'
    value: number
  }

  export interface AtxRoundResultNoGainRunFieldEvent {
    field: '$.noGainRun'
    value: number
  }

  export interface AtxRoundResultGainedTotalFieldEvent {
    field: '$.gainedTotal'
    value: number
  }

  export function encode (obj: Partial<AtxRoundResult>): Uint8Array {
    return encodeMessage(obj, AtxRoundResult.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxRoundResult>): AtxRoundResult {
    return decodeMessage(buf, AtxRoundResult.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxRoundResult>): Generator<AtxRoundResultBackFieldEvent | AtxRoundResultKnownCountFieldEvent | AtxRoundResultKnownXorFieldEvent | AtxRoundResultKnownStrongFieldEvent | AtxRoundResultGainedFieldEvent | AtxRoundResultNoGainRunFieldEvent | AtxRoundResultGainedTotalFieldEvent> {
    return streamMessage(buf, AtxRoundResult.codec(), opts)
  }
}

export interface AtxDone {
  why: number
  back: number
}

export namespace AtxDone {
  let _codec: Codec<AtxDone>

  export const codec = (): Codec<AtxDone> => {
    if (_codec == null) {
      _codec = message<AtxDone>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.why != null && obj.why !== 0)) {
          w.uint32(8)
          w.uint32(obj.why)
        }

        if ((obj.back != null && obj.back !== 0)) {
          w.uint32(16)
          w.uint32(obj.back)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          why: 0,
          back: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.why = reader.uint32()
              break
            }
            case 2: {
              obj.back = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.why`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.back`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxDoneWhyFieldEvent {
    field: '$.why'
    value: number
  }

  export interface AtxDoneBackFieldEvent {
    field: '$.back'
    value: number
  }

  export function encode (obj: Partial<AtxDone>): Uint8Array {
    return encodeMessage(obj, AtxDone.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxDone>): AtxDone {
    return decodeMessage(buf, AtxDone.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxDone>): Generator<AtxDoneWhyFieldEvent | AtxDoneBackFieldEvent> {
    return streamMessage(buf, AtxDone.codec(), opts)
  }
}

export interface AtxStopSync {
  why: number
  offer?: AtxServeOffer
}

export namespace AtxStopSync {
  let _codec: Codec<AtxStopSync>

  export const codec = (): Codec<AtxStopSync> => {
    if (_codec == null) {
      _codec = message<AtxStopSync>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.why != null && obj.why !== 0)) {
          w.uint32(8)
          w.uint32(obj.why)
        }

        if (obj.offer != null) {
          w.uint32(18)
          AtxServeOffer.codec().encode(obj.offer, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          why: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.why = reader.uint32()
              break
            }
            case 2: {
              obj.offer = AtxServeOffer.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.offer
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.why`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield * AtxServeOffer.codec().stream(reader, reader.uint32(), `${prefix}.offer`, {
                limits: opts.limits?.offer
              })

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxStopSyncWhyFieldEvent {
    field: '$.why'
    value: number
  }

  export interface AtxStopSyncOfferTokenFieldEvent {
    field: '$.offer.token'
    value: Uint8Array
  }

  export interface AtxStopSyncOfferEstIdsFieldEvent {
    field: '$.offer.estIds'
    value: number
  }

  export interface AtxStopSyncOfferEstBytesFieldEvent {
    field: '$.offer.estBytes'
    value: number
  }

  export interface AtxStopSyncOfferRetryAfterMsFieldEvent {
    field: '$.offer.retryAfterMs'
    value: number
  }

  export function encode (obj: Partial<AtxStopSync>): Uint8Array {
    return encodeMessage(obj, AtxStopSync.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxStopSync>): AtxStopSync {
    return decodeMessage(buf, AtxStopSync.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxStopSync>): Generator<AtxStopSyncWhyFieldEvent | AtxStopSyncOfferTokenFieldEvent | AtxStopSyncOfferEstIdsFieldEvent | AtxStopSyncOfferEstBytesFieldEvent | AtxStopSyncOfferRetryAfterMsFieldEvent> {
    return streamMessage(buf, AtxStopSync.codec(), opts)
  }
}

export interface AtxFetchRequest {
  req: number
  ids: Uint8Array
}

export namespace AtxFetchRequest {
  let _codec: Codec<AtxFetchRequest>

  export const codec = (): Codec<AtxFetchRequest> => {
    if (_codec == null) {
      _codec = message<AtxFetchRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.req != null && obj.req !== 0)) {
          w.uint32(8)
          w.uint32(obj.req)
        }

        if ((obj.ids != null && obj.ids.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.ids)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          req: 0,
          ids: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.req = reader.uint32()
              break
            }
            case 2: {
              obj.ids = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.req`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.ids`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxFetchRequestReqFieldEvent {
    field: '$.req'
    value: number
  }

  export interface AtxFetchRequestIdsFieldEvent {
    field: '$.ids'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxFetchRequest>): Uint8Array {
    return encodeMessage(obj, AtxFetchRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFetchRequest>): AtxFetchRequest {
    return decodeMessage(buf, AtxFetchRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFetchRequest>): Generator<AtxFetchRequestReqFieldEvent | AtxFetchRequestIdsFieldEvent> {
    return streamMessage(buf, AtxFetchRequest.codec(), opts)
  }
}

export interface AtxItem {
  id: Uint8Array
  status: number
  blob: Uint8Array
}

export namespace AtxItem {
  let _codec: Codec<AtxItem>

  export const codec = (): Codec<AtxItem> => {
    if (_codec == null) {
      _codec = message<AtxItem>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.status != null && obj.status !== 0)) {
          w.uint32(16)
          w.uint32(obj.status)
        }

        if ((obj.blob != null && obj.blob.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.blob)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: NO_BYTES,
          status: 0,
          blob: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.bytes()
              break
            }
            case 2: {
              obj.status = reader.uint32()
              break
            }
            case 3: {
              obj.blob = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.id`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.status`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.blob`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxItemIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface AtxItemStatusFieldEvent {
    field: '$.status'
    value: number
  }

  export interface AtxItemBlobFieldEvent {
    field: '$.blob'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxItem>): Uint8Array {
    return encodeMessage(obj, AtxItem.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxItem>): AtxItem {
    return decodeMessage(buf, AtxItem.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxItem>): Generator<AtxItemIdFieldEvent | AtxItemStatusFieldEvent | AtxItemBlobFieldEvent> {
    return streamMessage(buf, AtxItem.codec(), opts)
  }
}

export interface AtxFetchResponse {
  req: number
  items: AtxItem[]
  last: boolean
}

export namespace AtxFetchResponse {
  let _codec: Codec<AtxFetchResponse>

  export const codec = (): Codec<AtxFetchResponse> => {
    if (_codec == null) {
      _codec = message<AtxFetchResponse>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.req != null && obj.req !== 0)) {
          w.uint32(8)
          w.uint32(obj.req)
        }

        if (obj.items != null && obj.items.length > 0) {
          for (const value of obj.items) {
            w.uint32(18)
            AtxItem.codec().encode(value, w)
          }
        }

        if ((obj.last != null && obj.last !== false)) {
          w.uint32(24)
          w.bool(obj.last)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          req: 0,
          items: [],
          last: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.req = reader.uint32()
              break
            }
            case 2: {
              if (opts.limits?.items != null && obj.items.length === opts.limits.items) {
                throw new MaxLengthError('Decode error - repeated field "items" had too many elements')
              }

              if (obj.items.length === 100) {
                throw new MaxLengthError('Decode error - repeated field "items" had too many elements')
              }

              obj.items.push(AtxItem.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.items$
              }))
              break
            }
            case 3: {
              obj.last = reader.bool()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          items: 100
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.req`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              if (opts.limits?.items != null && obj.items === opts.limits.items) {
                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements')
              }

              if (obj.items === 100) {
                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements')
              }

              for (const evt of AtxItem.codec().stream(reader, reader.uint32(), `${prefix}.items[]`, {
                limits: opts.limits?.items$
              })) {
                yield {
                  ...evt,
                  index: obj.items
                }
              }

              obj.items++

              break
            }
            case 3: {
              yield {
                field: `${prefix}.last`,
                value: reader.bool()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxFetchResponseReqFieldEvent {
    field: '$.req'
    value: number
  }

  export interface AtxFetchResponseItemsIdFieldEvent {
    field: '$.items[].id'
    value: Uint8Array
    index: number
  }

  export interface AtxFetchResponseItemsStatusFieldEvent {
    field: '$.items[].status'
    value: number
    index: number
  }

  export interface AtxFetchResponseItemsBlobFieldEvent {
    field: '$.items[].blob'
    value: Uint8Array
    index: number
  }

  export interface AtxFetchResponseLastFieldEvent {
    field: '$.last'
    value: boolean
  }

  export function encode (obj: Partial<AtxFetchResponse>): Uint8Array {
    return encodeMessage(obj, AtxFetchResponse.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFetchResponse>): AtxFetchResponse {
    return decodeMessage(buf, AtxFetchResponse.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxFetchResponse>): Generator<AtxFetchResponseReqFieldEvent | AtxFetchResponseItemsIdFieldEvent | AtxFetchResponseItemsStatusFieldEvent | AtxFetchResponseItemsBlobFieldEvent | AtxFetchResponseLastFieldEvent> {
    return streamMessage(buf, AtxFetchResponse.codec(), opts)
  }
}

export interface AtxServeOffer {
  token: Uint8Array
  estIds: number
  estBytes: number
  retryAfterMs: number
}

export namespace AtxServeOffer {
  let _codec: Codec<AtxServeOffer>

  export const codec = (): Codec<AtxServeOffer> => {
    if (_codec == null) {
      _codec = message<AtxServeOffer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.token != null && obj.token.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.token)
        }

        if ((obj.estIds != null && obj.estIds !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.estIds)
        }

        if ((obj.estBytes != null && obj.estBytes !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.estBytes)
        }

        if ((obj.retryAfterMs != null && obj.retryAfterMs !== 0)) {
          w.uint32(32)
          w.uint32(obj.retryAfterMs)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          token: NO_BYTES,
          estIds: 0,
          estBytes: 0,
          retryAfterMs: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.token = reader.bytes()
              break
            }
            case 2: {
              obj.estIds = reader.uint64Number()
              break
            }
            case 3: {
              obj.estBytes = reader.uint64Number()
              break
            }
            case 4: {
              obj.retryAfterMs = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.token`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.estIds`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.estBytes`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.retryAfterMs`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxServeOfferTokenFieldEvent {
    field: '$.token'
    value: Uint8Array
  }

  export interface AtxServeOfferEstIdsFieldEvent {
    field: '$.estIds'
    value: number
  }

  export interface AtxServeOfferEstBytesFieldEvent {
    field: '$.estBytes'
    value: number
  }

  export interface AtxServeOfferRetryAfterMsFieldEvent {
    field: '$.retryAfterMs'
    value: number
  }

  export function encode (obj: Partial<AtxServeOffer>): Uint8Array {
    return encodeMessage(obj, AtxServeOffer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeOffer>): AtxServeOffer {
    return decodeMessage(buf, AtxServeOffer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeOffer>): Generator<AtxServeOfferTokenFieldEvent | AtxServeOfferEstIdsFieldEvent | AtxServeOfferEstBytesFieldEvent | AtxServeOfferRetryAfterMsFieldEvent> {
    return streamMessage(buf, AtxServeOffer.codec(), opts)
  }
}

export interface AtxServeRequest {
  token: Uint8Array
  storeId: Uint8Array
  afterSeq: number
  maxBytes: number
}

export namespace AtxServeRequest {
  let _codec: Codec<AtxServeRequest>

  export const codec = (): Codec<AtxServeRequest> => {
    if (_codec == null) {
      _codec = message<AtxServeRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.token != null && obj.token.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.token)
        }

        if ((obj.storeId != null && obj.storeId.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.storeId)
        }

        if ((obj.afterSeq != null && obj.afterSeq !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.afterSeq)
        }

        if ((obj.maxBytes != null && obj.maxBytes !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.maxBytes)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          token: NO_BYTES,
          storeId: NO_BYTES,
          afterSeq: 0,
          maxBytes: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.token = reader.bytes()
              break
            }
            case 2: {
              obj.storeId = reader.bytes()
              break
            }
            case 3: {
              obj.afterSeq = reader.uint64Number()
              break
            }
            case 4: {
              obj.maxBytes = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.token`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.storeId`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.afterSeq`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.maxBytes`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxServeRequestTokenFieldEvent {
    field: '$.token'
    value: Uint8Array
  }

  export interface AtxServeRequestStoreIdFieldEvent {
    field: '$.storeId'
    value: Uint8Array
  }

  export interface AtxServeRequestAfterSeqFieldEvent {
    field: '$.afterSeq'
    value: number
  }

  export interface AtxServeRequestMaxBytesFieldEvent {
    field: '$.maxBytes'
    value: number
  }

  export function encode (obj: Partial<AtxServeRequest>): Uint8Array {
    return encodeMessage(obj, AtxServeRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeRequest>): AtxServeRequest {
    return decodeMessage(buf, AtxServeRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeRequest>): Generator<AtxServeRequestTokenFieldEvent | AtxServeRequestStoreIdFieldEvent | AtxServeRequestAfterSeqFieldEvent | AtxServeRequestMaxBytesFieldEvent> {
    return streamMessage(buf, AtxServeRequest.codec(), opts)
  }
}

export interface AtxServeIds {
  firstSeq: number
  ids: Uint8Array
  totalSeq: number
}

export namespace AtxServeIds {
  let _codec: Codec<AtxServeIds>

  export const codec = (): Codec<AtxServeIds> => {
    if (_codec == null) {
      _codec = message<AtxServeIds>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.firstSeq != null && obj.firstSeq !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.firstSeq)
        }

        if ((obj.ids != null && obj.ids.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.ids)
        }

        if ((obj.totalSeq != null && obj.totalSeq !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.totalSeq)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          firstSeq: 0,
          ids: NO_BYTES,
          totalSeq: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.firstSeq = reader.uint64Number()
              break
            }
            case 2: {
              obj.ids = reader.bytes()
              break
            }
            case 3: {
              obj.totalSeq = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.firstSeq`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.ids`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.totalSeq`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxServeIdsFirstSeqFieldEvent {
    field: '$.firstSeq'
    value: number
  }

  export interface AtxServeIdsIdsFieldEvent {
    field: '$.ids'
    value: Uint8Array
  }

  export interface AtxServeIdsTotalSeqFieldEvent {
    field: '$.totalSeq'
    value: number
  }

  export function encode (obj: Partial<AtxServeIds>): Uint8Array {
    return encodeMessage(obj, AtxServeIds.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeIds>): AtxServeIds {
    return decodeMessage(buf, AtxServeIds.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeIds>): Generator<AtxServeIdsFirstSeqFieldEvent | AtxServeIdsIdsFieldEvent | AtxServeIdsTotalSeqFieldEvent> {
    return streamMessage(buf, AtxServeIds.codec(), opts)
  }
}

export interface AtxServeWant {
  firstSeq: number
  bitmap: Uint8Array
}

export namespace AtxServeWant {
  let _codec: Codec<AtxServeWant>

  export const codec = (): Codec<AtxServeWant> => {
    if (_codec == null) {
      _codec = message<AtxServeWant>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.firstSeq != null && obj.firstSeq !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.firstSeq)
        }

        if ((obj.bitmap != null && obj.bitmap.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.bitmap)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          firstSeq: 0,
          bitmap: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.firstSeq = reader.uint64Number()
              break
            }
            case 2: {
              obj.bitmap = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.firstSeq`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.bitmap`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxServeWantFirstSeqFieldEvent {
    field: '$.firstSeq'
    value: number
  }

  export interface AtxServeWantBitmapFieldEvent {
    field: '$.bitmap'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxServeWant>): Uint8Array {
    return encodeMessage(obj, AtxServeWant.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeWant>): AtxServeWant {
    return decodeMessage(buf, AtxServeWant.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeWant>): Generator<AtxServeWantFirstSeqFieldEvent | AtxServeWantBitmapFieldEvent> {
    return streamMessage(buf, AtxServeWant.codec(), opts)
  }
}

export interface AtxServeBlobs {
  firstSeq: number
  items: AtxItem[]
  uptoSeq: number
}

export namespace AtxServeBlobs {
  let _codec: Codec<AtxServeBlobs>

  export const codec = (): Codec<AtxServeBlobs> => {
    if (_codec == null) {
      _codec = message<AtxServeBlobs>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.firstSeq != null && obj.firstSeq !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.firstSeq)
        }

        if (obj.items != null && obj.items.length > 0) {
          for (const value of obj.items) {
            w.uint32(18)
            AtxItem.codec().encode(value, w)
          }
        }

        if ((obj.uptoSeq != null && obj.uptoSeq !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.uptoSeq)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          firstSeq: 0,
          items: [],
          uptoSeq: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.firstSeq = reader.uint64Number()
              break
            }
            case 2: {
              if (opts.limits?.items != null && obj.items.length === opts.limits.items) {
                throw new MaxLengthError('Decode error - repeated field "items" had too many elements')
              }

              if (obj.items.length === 1024) {
                throw new MaxLengthError('Decode error - repeated field "items" had too many elements')
              }

              obj.items.push(AtxItem.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.items$
              }))
              break
            }
            case 3: {
              obj.uptoSeq = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          items: 1024
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.firstSeq`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              if (opts.limits?.items != null && obj.items === opts.limits.items) {
                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements')
              }

              if (obj.items === 1024) {
                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements')
              }

              for (const evt of AtxItem.codec().stream(reader, reader.uint32(), `${prefix}.items[]`, {
                limits: opts.limits?.items$
              })) {
                yield {
                  ...evt,
                  index: obj.items
                }
              }

              obj.items++

              break
            }
            case 3: {
              yield {
                field: `${prefix}.uptoSeq`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxServeBlobsFirstSeqFieldEvent {
    field: '$.firstSeq'
    value: number
  }

  export interface AtxServeBlobsItemsIdFieldEvent {
    field: '$.items[].id'
    value: Uint8Array
    index: number
  }

  export interface AtxServeBlobsItemsStatusFieldEvent {
    field: '$.items[].status'
    value: number
    index: number
  }

  export interface AtxServeBlobsItemsBlobFieldEvent {
    field: '$.items[].blob'
    value: Uint8Array
    index: number
  }

  export interface AtxServeBlobsUptoSeqFieldEvent {
    field: '$.uptoSeq'
    value: number
  }

  export function encode (obj: Partial<AtxServeBlobs>): Uint8Array {
    return encodeMessage(obj, AtxServeBlobs.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeBlobs>): AtxServeBlobs {
    return decodeMessage(buf, AtxServeBlobs.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeBlobs>): Generator<AtxServeBlobsFirstSeqFieldEvent | AtxServeBlobsItemsIdFieldEvent | AtxServeBlobsItemsStatusFieldEvent | AtxServeBlobsItemsBlobFieldEvent | AtxServeBlobsUptoSeqFieldEvent> {
    return streamMessage(buf, AtxServeBlobs.codec(), opts)
  }
}

export interface AtxServeEnd {
  uptoSeq: number
  complete: boolean
  reason: string
  retryAfterMs: number
}

export namespace AtxServeEnd {
  let _codec: Codec<AtxServeEnd>

  export const codec = (): Codec<AtxServeEnd> => {
    if (_codec == null) {
      _codec = message<AtxServeEnd>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.uptoSeq != null && obj.uptoSeq !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.uptoSeq)
        }

        if ((obj.complete != null && obj.complete !== false)) {
          w.uint32(16)
          w.bool(obj.complete)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(26)
          w.string(obj.reason)
        }

        if ((obj.retryAfterMs != null && obj.retryAfterMs !== 0)) {
          w.uint32(32)
          w.uint32(obj.retryAfterMs)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          uptoSeq: 0,
          complete: false,
          reason: '',
          retryAfterMs: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.uptoSeq = reader.uint64Number()
              break
            }
            case 2: {
              obj.complete = reader.bool()
              break
            }
            case 3: {
              obj.reason = reader.string()
              break
            }
            case 4: {
              obj.retryAfterMs = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.uptoSeq`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.complete`,
                value: reader.bool()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.retryAfterMs`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxServeEndUptoSeqFieldEvent {
    field: '$.uptoSeq'
    value: number
  }

  export interface AtxServeEndCompleteFieldEvent {
    field: '$.complete'
    value: boolean
  }

  export interface AtxServeEndReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export interface AtxServeEndRetryAfterMsFieldEvent {
    field: '$.retryAfterMs'
    value: number
  }

  export function encode (obj: Partial<AtxServeEnd>): Uint8Array {
    return encodeMessage(obj, AtxServeEnd.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeEnd>): AtxServeEnd {
    return decodeMessage(buf, AtxServeEnd.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxServeEnd>): Generator<AtxServeEndUptoSeqFieldEvent | AtxServeEndCompleteFieldEvent | AtxServeEndReasonFieldEvent | AtxServeEndRetryAfterMsFieldEvent> {
    return streamMessage(buf, AtxServeEnd.codec(), opts)
  }
}

export interface AtxKeepAlive {
  done: number
  total: number
}

export namespace AtxKeepAlive {
  let _codec: Codec<AtxKeepAlive>

  export const codec = (): Codec<AtxKeepAlive> => {
    if (_codec == null) {
      _codec = message<AtxKeepAlive>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.done != null && obj.done !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.done)
        }

        if ((obj.total != null && obj.total !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.total)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          done: 0,
          total: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.done = reader.uint64Number()
              break
            }
            case 2: {
              obj.total = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.done`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.total`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxKeepAliveDoneFieldEvent {
    field: '$.done'
    value: number
  }

  export interface AtxKeepAliveTotalFieldEvent {
    field: '$.total'
    value: number
  }

  export function encode (obj: Partial<AtxKeepAlive>): Uint8Array {
    return encodeMessage(obj, AtxKeepAlive.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxKeepAlive>): AtxKeepAlive {
    return decodeMessage(buf, AtxKeepAlive.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxKeepAlive>): Generator<AtxKeepAliveDoneFieldEvent | AtxKeepAliveTotalFieldEvent> {
    return streamMessage(buf, AtxKeepAlive.codec(), opts)
  }
}

export interface AtxProblem {
  code: number
  text: string
  retryAfterMs: number
}

export namespace AtxProblem {
  let _codec: Codec<AtxProblem>

  export const codec = (): Codec<AtxProblem> => {
    if (_codec == null) {
      _codec = message<AtxProblem>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.code != null && obj.code !== 0)) {
          w.uint32(8)
          w.uint32(obj.code)
        }

        if ((obj.text != null && obj.text !== '')) {
          w.uint32(18)
          w.string(obj.text)
        }

        if ((obj.retryAfterMs != null && obj.retryAfterMs !== 0)) {
          w.uint32(24)
          w.uint32(obj.retryAfterMs)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          code: 0,
          text: '',
          retryAfterMs: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.code = reader.uint32()
              break
            }
            case 2: {
              obj.text = reader.string()
              break
            }
            case 3: {
              obj.retryAfterMs = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.code`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.text`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.retryAfterMs`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxProblemCodeFieldEvent {
    field: '$.code'
    value: number
  }

  export interface AtxProblemTextFieldEvent {
    field: '$.text'
    value: string
  }

  export interface AtxProblemRetryAfterMsFieldEvent {
    field: '$.retryAfterMs'
    value: number
  }

  export function encode (obj: Partial<AtxProblem>): Uint8Array {
    return encodeMessage(obj, AtxProblem.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxProblem>): AtxProblem {
    return decodeMessage(buf, AtxProblem.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxProblem>): Generator<AtxProblemCodeFieldEvent | AtxProblemTextFieldEvent | AtxProblemRetryAfterMsFieldEvent> {
    return streamMessage(buf, AtxProblem.codec(), opts)
  }
}

export interface AtxDeep {
  scheme: number
  scope: number
  payload: Uint8Array
}

export namespace AtxDeep {
  let _codec: Codec<AtxDeep>

  export const codec = (): Codec<AtxDeep> => {
    if (_codec == null) {
      _codec = message<AtxDeep>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.scheme != null && obj.scheme !== 0)) {
          w.uint32(8)
          w.uint32(obj.scheme)
        }

        if ((obj.scope != null && obj.scope !== 0)) {
          w.uint32(16)
          w.uint32(obj.scope)
        }

        if ((obj.payload != null && obj.payload.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.payload)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          scheme: 0,
          scope: 0,
          payload: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.scheme = reader.uint32()
              break
            }
            case 2: {
              obj.scope = reader.uint32()
              break
            }
            case 3: {
              obj.payload = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.scheme`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.scope`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.payload`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxDeepSchemeFieldEvent {
    field: '$.scheme'
    value: number
  }

  export interface AtxDeepScopeFieldEvent {
    field: '$.scope'
    value: number
  }

  export interface AtxDeepPayloadFieldEvent {
    field: '$.payload'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxDeep>): Uint8Array {
    return encodeMessage(obj, AtxDeep.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxDeep>): AtxDeep {
    return decodeMessage(buf, AtxDeep.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxDeep>): Generator<AtxDeepSchemeFieldEvent | AtxDeepScopeFieldEvent | AtxDeepPayloadFieldEvent> {
    return streamMessage(buf, AtxDeep.codec(), opts)
  }
}

export interface AtxMessage {
  hello?: AtxHello
  frameOpen?: AtxFrameOpen
  ids?: AtxIdChunk
  ack?: AtxChunkAck
  frameEnd?: AtxFrameEnd
  result?: AtxRoundResult
  done?: AtxDone
  stop?: AtxStopSync
  fetch?: AtxFetchRequest
  blobs?: AtxFetchResponse
  offer?: AtxServeOffer
  serve?: AtxServeRequest
  serveIds?: AtxServeIds
  want?: AtxServeWant
  serveBlobs?: AtxServeBlobs
  serveEnd?: AtxServeEnd
  keepAlive?: AtxKeepAlive
  problem?: AtxProblem
  deep?: AtxDeep
}

export namespace AtxMessage {
  let _codec: Codec<AtxMessage>

  export const codec = (): Codec<AtxMessage> => {
    if (_codec == null) {
      _codec = message<AtxMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.hello != null) {
          w.uint32(10)
          AtxHello.codec().encode(obj.hello, w)
        }

        if (obj.frameOpen != null) {
          w.uint32(18)
          AtxFrameOpen.codec().encode(obj.frameOpen, w)
        }

        if (obj.ids != null) {
          w.uint32(26)
          AtxIdChunk.codec().encode(obj.ids, w)
        }

        if (obj.ack != null) {
          w.uint32(34)
          AtxChunkAck.codec().encode(obj.ack, w)
        }

        if (obj.frameEnd != null) {
          w.uint32(42)
          AtxFrameEnd.codec().encode(obj.frameEnd, w)
        }

        if (obj.result != null) {
          w.uint32(50)
          AtxRoundResult.codec().encode(obj.result, w)
        }

        if (obj.done != null) {
          w.uint32(58)
          AtxDone.codec().encode(obj.done, w)
        }

        if (obj.stop != null) {
          w.uint32(66)
          AtxStopSync.codec().encode(obj.stop, w)
        }

        if (obj.fetch != null) {
          w.uint32(74)
          AtxFetchRequest.codec().encode(obj.fetch, w)
        }

        if (obj.blobs != null) {
          w.uint32(82)
          AtxFetchResponse.codec().encode(obj.blobs, w)
        }

        if (obj.offer != null) {
          w.uint32(90)
          AtxServeOffer.codec().encode(obj.offer, w)
        }

        if (obj.serve != null) {
          w.uint32(98)
          AtxServeRequest.codec().encode(obj.serve, w)
        }

        if (obj.serveIds != null) {
          w.uint32(106)
          AtxServeIds.codec().encode(obj.serveIds, w)
        }

        if (obj.want != null) {
          w.uint32(114)
          AtxServeWant.codec().encode(obj.want, w)
        }

        if (obj.serveBlobs != null) {
          w.uint32(122)
          AtxServeBlobs.codec().encode(obj.serveBlobs, w)
        }

        if (obj.serveEnd != null) {
          w.uint32(130)
          AtxServeEnd.codec().encode(obj.serveEnd, w)
        }

        if (obj.keepAlive != null) {
          w.uint32(138)
          AtxKeepAlive.codec().encode(obj.keepAlive, w)
        }

        if (obj.problem != null) {
          w.uint32(146)
          AtxProblem.codec().encode(obj.problem, w)
        }

        if (obj.deep != null) {
          w.uint32(154)
          AtxDeep.codec().encode(obj.deep, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.hello = AtxHello.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.hello
              })
              break
            }
            case 2: {
              obj.frameOpen = AtxFrameOpen.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.frameOpen
              })
              break
            }
            case 3: {
              obj.ids = AtxIdChunk.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ids
              })
              break
            }
            case 4: {
              obj.ack = AtxChunkAck.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ack
              })
              break
            }
            case 5: {
              obj.frameEnd = AtxFrameEnd.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.frameEnd
              })
              break
            }
            case 6: {
              obj.result = AtxRoundResult.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.result
              })
              break
            }
            case 7: {
              obj.done = AtxDone.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.done
              })
              break
            }
            case 8: {
              obj.stop = AtxStopSync.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.stop
              })
              break
            }
            case 9: {
              obj.fetch = AtxFetchRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.fetch
              })
              break
            }
            case 10: {
              obj.blobs = AtxFetchResponse.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blobs
              })
              break
            }
            case 11: {
              obj.offer = AtxServeOffer.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.offer
              })
              break
            }
            case 12: {
              obj.serve = AtxServeRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.serve
              })
              break
            }
            case 13: {
              obj.serveIds = AtxServeIds.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.serveIds
              })
              break
            }
            case 14: {
              obj.want = AtxServeWant.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.want
              })
              break
            }
            case 15: {
              obj.serveBlobs = AtxServeBlobs.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.serveBlobs
              })
              break
            }
            case 16: {
              obj.serveEnd = AtxServeEnd.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.serveEnd
              })
              break
            }
            case 17: {
              obj.keepAlive = AtxKeepAlive.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.keepAlive
              })
              break
            }
            case 18: {
              obj.problem = AtxProblem.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.problem
              })
              break
            }
            case 19: {
              obj.deep = AtxDeep.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.deep
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AtxHello.codec().stream(reader, reader.uint32(), `${prefix}.hello`, {
                limits: opts.limits?.hello
              })

              break
            }
            case 2: {
              yield * AtxFrameOpen.codec().stream(reader, reader.uint32(), `${prefix}.frameOpen`, {
                limits: opts.limits?.frameOpen
              })

              break
            }
            case 3: {
              yield * AtxIdChunk.codec().stream(reader, reader.uint32(), `${prefix}.ids`, {
                limits: opts.limits?.ids
              })

              break
            }
            case 4: {
              yield * AtxChunkAck.codec().stream(reader, reader.uint32(), `${prefix}.ack`, {
                limits: opts.limits?.ack
              })

              break
            }
            case 5: {
              yield * AtxFrameEnd.codec().stream(reader, reader.uint32(), `${prefix}.frameEnd`, {
                limits: opts.limits?.frameEnd
              })

              break
            }
            case 6: {
              yield * AtxRoundResult.codec().stream(reader, reader.uint32(), `${prefix}.result`, {
                limits: opts.limits?.result
              })

              break
            }
            case 7: {
              yield * AtxDone.codec().stream(reader, reader.uint32(), `${prefix}.done`, {
                limits: opts.limits?.done
              })

              break
            }
            case 8: {
              yield * AtxStopSync.codec().stream(reader, reader.uint32(), `${prefix}.stop`, {
                limits: opts.limits?.stop
              })

              break
            }
            case 9: {
              yield * AtxFetchRequest.codec().stream(reader, reader.uint32(), `${prefix}.fetch`, {
                limits: opts.limits?.fetch
              })

              break
            }
            case 10: {
              yield * AtxFetchResponse.codec().stream(reader, reader.uint32(), `${prefix}.blobs`, {
                limits: opts.limits?.blobs
              })

              break
            }
            case 11: {
              yield * AtxServeOffer.codec().stream(reader, reader.uint32(), `${prefix}.offer`, {
                limits: opts.limits?.offer
              })

              break
            }
            case 12: {
              yield * AtxServeRequest.codec().stream(reader, reader.uint32(), `${prefix}.serve`, {
                limits: opts.limits?.serve
              })

              break
            }
            case 13: {
              yield * AtxServeIds.codec().stream(reader, reader.uint32(), `${prefix}.serveIds`, {
                limits: opts.limits?.serveIds
              })

              break
            }
            case 14: {
              yield * AtxServeWant.codec().stream(reader, reader.uint32(), `${prefix}.want`, {
                limits: opts.limits?.want
              })

              break
            }
            case 15: {
              yield * AtxServeBlobs.codec().stream(reader, reader.uint32(), `${prefix}.serveBlobs`, {
                limits: opts.limits?.serveBlobs
              })

              break
            }
            case 16: {
              yield * AtxServeEnd.codec().stream(reader, reader.uint32(), `${prefix}.serveEnd`, {
                limits: opts.limits?.serveEnd
              })

              break
            }
            case 17: {
              yield * AtxKeepAlive.codec().stream(reader, reader.uint32(), `${prefix}.keepAlive`, {
                limits: opts.limits?.keepAlive
              })

              break
            }
            case 18: {
              yield * AtxProblem.codec().stream(reader, reader.uint32(), `${prefix}.problem`, {
                limits: opts.limits?.problem
              })

              break
            }
            case 19: {
              yield * AtxDeep.codec().stream(reader, reader.uint32(), `${prefix}.deep`, {
                limits: opts.limits?.deep
              })

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxMessageHelloVersionFieldEvent {
    field: '$.hello.version'
    value: number
  }

  export interface AtxMessageHelloNetworkIdFieldEvent {
    field: '$.hello.networkId'
    value: Uint8Array
  }

  export interface AtxMessageHelloIntentFieldEvent {
    field: '$.hello.intent'
    value: number
  }

  export interface AtxMessageHelloSessionIdFieldEvent {
    field: '$.hello.sessionId'
    value: Uint8Array
  }

  export interface AtxMessageHelloWallMsFieldEvent {
    field: '$.hello.wallMs'
    value: number
  }

  export interface AtxMessageHelloFrameFieldEvent {
    field: '$.hello.frame'
    value: number
  }

  export interface AtxMessageHelloSuitesFieldEvent {
    field: '$.hello.suites'
    value: number
  }

  export interface AtxMessageHelloFeaturesFieldEvent {
    field: '$.hello.features'
    value: number
  }

  export interface AtxMessageHelloMaxIdsPerFrameFieldEvent {
    field: '$.hello.maxIdsPerFrame'
    value: number
  }

  export interface AtxMessageHelloChunkIdsFieldEvent {
    field: '$.hello.chunkIds'
    value: number
  }

  export interface AtxMessageHelloFastCountFieldEvent {
    field: '$.hello.fast.count'
    value: number
  }

  export interface AtxMessageHelloFastXorFieldEvent {
    field: '$.hello.fast.xor'
    value: Uint8Array
  }

  export interface AtxMessageHelloFastStrongFieldEvent {
    field: '$.hello.fast.strong'
    value: Uint8Array
  }

  export interface AtxMessageHelloAllFieldEvent {
    field: '$.hello.all'
    value: Uint8Array
  }

  export interface AtxMessageHelloTotalFieldEvent {
    field: '$.hello.total'
    value: Uint8Array
  }

  export interface AtxMessageHelloStoreIdFieldEvent {
    field: '$.hello.storeId'
    value: Uint8Array
  }

  export interface AtxMessageFrameOpenBackFieldEvent {
    field: '$.frameOpen.back'
    value: number
  }

  export interface AtxMessageFrameOpenFrameFieldEvent {
    field: '$.frameOpen.frame'
    value: number
  }

  export interface AtxMessageFrameOpenCountFieldEvent {
    field: '$.frameOpen.count'
    value: number
  }

  export interface AtxMessageIdsIndexFieldEvent {
    field: '$.ids.index'
    value: number
  }

  export interface AtxMessageIdsIdsFieldEvent {
    field: '$.ids.ids'
    value: Uint8Array
  }

  export interface AtxMessageAckIndexFieldEvent {
    field: '$.ack.index'
    value: number
  }

  export interface AtxMessageFrameEndBackFieldEvent {
    field: '$.frameEnd.back'
    value: number
  }

  export interface AtxMessageFrameEndCountFieldEvent {
    field: '$.frameEnd.count'
    value: number
  }

  export interface AtxMessageFrameEndDigestFieldEvent {
    field: '$.frameEnd.digest'
    value: Uint8Array
  }

  export interface AtxMessageResultBackFieldEvent {
    field: '$.result.back'
    value: number
  }

  export interface AtxMessageResultKnownCountFieldEvent {
    field: '$.result.known.count'
    value: number
  }

  export interface AtxMessageResultKnownXorFieldEvent {
    field: '$.result.known.xor'
    value: Uint8Array
  }

  export interface AtxMessageResultKnownStrongFieldEvent {
    field: '$.result.known.strong'
    value: Uint8Array
  }

  export interface AtxMessageResultGainedFieldEvent {
    field: '$.result.gained'
    value: number
  }

  export interface AtxMessageResultNoGainRunFieldEvent {
    field: '$.result.noGainRun'
    value: number
  }

  export interface AtxMessageResultGainedTotalFieldEvent {
    field: '$.result.gainedTotal'
    value: number
  }

  export interface AtxMessageDoneWhyFieldEvent {
    field: '$.done.why'
    value: number
  }

  export interface AtxMessageDoneBackFieldEvent {
    field: '$.done.back'
    value: number
  }

  export interface AtxMessageStopWhyFieldEvent {
    field: '$.stop.why'
    value: number
  }

  export interface AtxMessageStopOfferTokenFieldEvent {
    field: '$.stop.offer.token'
    value: Uint8Array
  }

  export interface AtxMessageStopOfferEstIdsFieldEvent {
    field: '$.stop.offer.estIds'
    value: number
  }

  export interface AtxMessageStopOfferEstBytesFieldEvent {
    field: '$.stop.offer.estBytes'
    value: number
  }

  export interface AtxMessageStopOfferRetryAfterMsFieldEvent {
    field: '$.stop.offer.retryAfterMs'
    value: number
  }

  export interface AtxMessageFetchReqFieldEvent {
    field: '$.fetch.req'
    value: number
  }

  export interface AtxMessageFetchIdsFieldEvent {
    field: '$.fetch.ids'
    value: Uint8Array
  }

  export interface AtxMessageBlobsReqFieldEvent {
    field: '$.blobs.req'
    value: number
  }

  export interface AtxMessageBlobsItemsIdFieldEvent {
    field: '$.blobs.items[].id'
    value: Uint8Array
    index: number
  }

  export interface AtxMessageBlobsItemsStatusFieldEvent {
    field: '$.blobs.items[].status'
    value: number
    index: number
  }

  export interface AtxMessageBlobsItemsBlobFieldEvent {
    field: '$.blobs.items[].blob'
    value: Uint8Array
    index: number
  }

  export interface AtxMessageBlobsLastFieldEvent {
    field: '$.blobs.last'
    value: boolean
  }

  export interface AtxMessageOfferTokenFieldEvent {
    field: '$.offer.token'
    value: Uint8Array
  }

  export interface AtxMessageOfferEstIdsFieldEvent {
    field: '$.offer.estIds'
    value: number
  }

  export interface AtxMessageOfferEstBytesFieldEvent {
    field: '$.offer.estBytes'
    value: number
  }

  export interface AtxMessageOfferRetryAfterMsFieldEvent {
    field: '$.offer.retryAfterMs'
    value: number
  }

  export interface AtxMessageServeTokenFieldEvent {
    field: '$.serve.token'
    value: Uint8Array
  }

  export interface AtxMessageServeStoreIdFieldEvent {
    field: '$.serve.storeId'
    value: Uint8Array
  }

  export interface AtxMessageServeAfterSeqFieldEvent {
    field: '$.serve.afterSeq'
    value: number
  }

  export interface AtxMessageServeMaxBytesFieldEvent {
    field: '$.serve.maxBytes'
    value: number
  }

  export interface AtxMessageServeIdsFirstSeqFieldEvent {
    field: '$.serveIds.firstSeq'
    value: number
  }

  export interface AtxMessageServeIdsIdsFieldEvent {
    field: '$.serveIds.ids'
    value: Uint8Array
  }

  export interface AtxMessageServeIdsTotalSeqFieldEvent {
    field: '$.serveIds.totalSeq'
    value: number
  }

  export interface AtxMessageWantFirstSeqFieldEvent {
    field: '$.want.firstSeq'
    value: number
  }

  export interface AtxMessageWantBitmapFieldEvent {
    field: '$.want.bitmap'
    value: Uint8Array
  }

  export interface AtxMessageServeBlobsFirstSeqFieldEvent {
    field: '$.serveBlobs.firstSeq'
    value: number
  }

  export interface AtxMessageServeBlobsItemsIdFieldEvent {
    field: '$.serveBlobs.items[].id'
    value: Uint8Array
    index: number
  }

  export interface AtxMessageServeBlobsItemsStatusFieldEvent {
    field: '$.serveBlobs.items[].status'
    value: number
    index: number
  }

  export interface AtxMessageServeBlobsItemsBlobFieldEvent {
    field: '$.serveBlobs.items[].blob'
    value: Uint8Array
    index: number
  }

  export interface AtxMessageServeBlobsUptoSeqFieldEvent {
    field: '$.serveBlobs.uptoSeq'
    value: number
  }

  export interface AtxMessageServeEndUptoSeqFieldEvent {
    field: '$.serveEnd.uptoSeq'
    value: number
  }

  export interface AtxMessageServeEndCompleteFieldEvent {
    field: '$.serveEnd.complete'
    value: boolean
  }

  export interface AtxMessageServeEndReasonFieldEvent {
    field: '$.serveEnd.reason'
    value: string
  }

  export interface AtxMessageServeEndRetryAfterMsFieldEvent {
    field: '$.serveEnd.retryAfterMs'
    value: number
  }

  export interface AtxMessageKeepAliveDoneFieldEvent {
    field: '$.keepAlive.done'
    value: number
  }

  export interface AtxMessageKeepAliveTotalFieldEvent {
    field: '$.keepAlive.total'
    value: number
  }

  export interface AtxMessageProblemCodeFieldEvent {
    field: '$.problem.code'
    value: number
  }

  export interface AtxMessageProblemTextFieldEvent {
    field: '$.problem.text'
    value: string
  }

  export interface AtxMessageProblemRetryAfterMsFieldEvent {
    field: '$.problem.retryAfterMs'
    value: number
  }

  export interface AtxMessageDeepSchemeFieldEvent {
    field: '$.deep.scheme'
    value: number
  }

  export interface AtxMessageDeepScopeFieldEvent {
    field: '$.deep.scope'
    value: number
  }

  export interface AtxMessageDeepPayloadFieldEvent {
    field: '$.deep.payload'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxMessage>): Uint8Array {
    return encodeMessage(obj, AtxMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxMessage>): AtxMessage {
    return decodeMessage(buf, AtxMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxMessage>): Generator<AtxMessageHelloVersionFieldEvent | AtxMessageHelloNetworkIdFieldEvent | AtxMessageHelloIntentFieldEvent | AtxMessageHelloSessionIdFieldEvent | AtxMessageHelloWallMsFieldEvent | AtxMessageHelloFrameFieldEvent | AtxMessageHelloSuitesFieldEvent | AtxMessageHelloFeaturesFieldEvent | AtxMessageHelloMaxIdsPerFrameFieldEvent | AtxMessageHelloChunkIdsFieldEvent | AtxMessageHelloFastCountFieldEvent | AtxMessageHelloFastXorFieldEvent | AtxMessageHelloFastStrongFieldEvent | AtxMessageHelloAllFieldEvent | AtxMessageHelloTotalFieldEvent | AtxMessageHelloStoreIdFieldEvent | AtxMessageFrameOpenBackFieldEvent | AtxMessageFrameOpenFrameFieldEvent | AtxMessageFrameOpenCountFieldEvent | AtxMessageIdsIndexFieldEvent | AtxMessageIdsIdsFieldEvent | AtxMessageAckIndexFieldEvent | AtxMessageFrameEndBackFieldEvent | AtxMessageFrameEndCountFieldEvent | AtxMessageFrameEndDigestFieldEvent | AtxMessageResultBackFieldEvent | AtxMessageResultKnownCountFieldEvent | AtxMessageResultKnownXorFieldEvent | AtxMessageResultKnownStrongFieldEvent | AtxMessageResultGainedFieldEvent | AtxMessageResultNoGainRunFieldEvent | AtxMessageResultGainedTotalFieldEvent | AtxMessageDoneWhyFieldEvent | AtxMessageDoneBackFieldEvent | AtxMessageStopWhyFieldEvent | AtxMessageStopOfferTokenFieldEvent | AtxMessageStopOfferEstIdsFieldEvent | AtxMessageStopOfferEstBytesFieldEvent | AtxMessageStopOfferRetryAfterMsFieldEvent | AtxMessageFetchReqFieldEvent | AtxMessageFetchIdsFieldEvent | AtxMessageBlobsReqFieldEvent | AtxMessageBlobsItemsIdFieldEvent | AtxMessageBlobsItemsStatusFieldEvent | AtxMessageBlobsItemsBlobFieldEvent | AtxMessageBlobsLastFieldEvent | AtxMessageOfferTokenFieldEvent | AtxMessageOfferEstIdsFieldEvent | AtxMessageOfferEstBytesFieldEvent | AtxMessageOfferRetryAfterMsFieldEvent | AtxMessageServeTokenFieldEvent | AtxMessageServeStoreIdFieldEvent | AtxMessageServeAfterSeqFieldEvent | AtxMessageServeMaxBytesFieldEvent | AtxMessageServeIdsFirstSeqFieldEvent | AtxMessageServeIdsIdsFieldEvent | AtxMessageServeIdsTotalSeqFieldEvent | AtxMessageWantFirstSeqFieldEvent | AtxMessageWantBitmapFieldEvent | AtxMessageServeBlobsFirstSeqFieldEvent | AtxMessageServeBlobsItemsIdFieldEvent | AtxMessageServeBlobsItemsStatusFieldEvent | AtxMessageServeBlobsItemsBlobFieldEvent | AtxMessageServeBlobsUptoSeqFieldEvent | AtxMessageServeEndUptoSeqFieldEvent | AtxMessageServeEndCompleteFieldEvent | AtxMessageServeEndReasonFieldEvent | AtxMessageServeEndRetryAfterMsFieldEvent | AtxMessageKeepAliveDoneFieldEvent | AtxMessageKeepAliveTotalFieldEvent | AtxMessageProblemCodeFieldEvent | AtxMessageProblemTextFieldEvent | AtxMessageProblemRetryAfterMsFieldEvent | AtxMessageDeepSchemeFieldEvent | AtxMessageDeepScopeFieldEvent | AtxMessageDeepPayloadFieldEvent> {
    return streamMessage(buf, AtxMessage.codec(), opts)
  }
}

export interface AtxAnnouncement {
  id: Uint8Array
  blob: Uint8Array
}

export namespace AtxAnnouncement {
  let _codec: Codec<AtxAnnouncement>

  export const codec = (): Codec<AtxAnnouncement> => {
    if (_codec == null) {
      _codec = message<AtxAnnouncement>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.blob != null && obj.blob.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.blob)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: NO_BYTES,
          blob: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.bytes()
              break
            }
            case 2: {
              obj.blob = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.id`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.blob`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AtxAnnouncementIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface AtxAnnouncementBlobFieldEvent {
    field: '$.blob'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxAnnouncement>): Uint8Array {
    return encodeMessage(obj, AtxAnnouncement.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxAnnouncement>): AtxAnnouncement {
    return decodeMessage(buf, AtxAnnouncement.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxAnnouncement>): Generator<AtxAnnouncementIdFieldEvent | AtxAnnouncementBlobFieldEvent> {
    return streamMessage(buf, AtxAnnouncement.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

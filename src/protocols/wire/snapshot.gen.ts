// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface SnapshotChunkInfo {
  prefix: number
  bits: number
  keys: number
  bytes: number
  hash: Uint8Array
}

export namespace SnapshotChunkInfo {
  let _codec: Codec<SnapshotChunkInfo>

  export const codec = (): Codec<SnapshotChunkInfo> => {
    if (_codec == null) {
      _codec = message<SnapshotChunkInfo>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.prefix != null && obj.prefix !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.prefix)
        }

        if ((obj.bits != null && obj.bits !== 0)) {
          w.uint32(16)
          w.uint32(obj.bits)
        }

        if ((obj.keys != null && obj.keys !== 0)) {
          w.uint32(24)
          w.uint32(obj.keys)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(32)
          w.uint32(obj.bytes)
        }

        if ((obj.hash != null && obj.hash.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.hash)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          prefix: 0,
          bits: 0,
          keys: 0,
          bytes: 0,
          hash: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.prefix = reader.uint64Number()
              break
            }
            case 2: {
              obj.bits = reader.uint32()
              break
            }
            case 3: {
              obj.keys = reader.uint32()
              break
            }
            case 4: {
              obj.bytes = reader.uint32()
              break
            }
            case 5: {
              obj.hash = reader.bytes()
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
                field: `${prefix}.prefix`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.bits`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.keys`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.bytes`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.hash`,
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

  export interface SnapshotChunkInfoPrefixFieldEvent {
    field: '$.prefix'
    value: number
  }

  export interface SnapshotChunkInfoBitsFieldEvent {
    field: '$.bits'
    value: number
  }

  export interface SnapshotChunkInfoKeysFieldEvent {
    field: '$.keys'
    value: number
  }

  export interface SnapshotChunkInfoBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export interface SnapshotChunkInfoHashFieldEvent {
    field: '$.hash'
    value: Uint8Array
  }

  export function encode (obj: Partial<SnapshotChunkInfo>): Uint8Array {
    return encodeMessage(obj, SnapshotChunkInfo.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotChunkInfo>): SnapshotChunkInfo {
    return decodeMessage(buf, SnapshotChunkInfo.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotChunkInfo>): Generator<SnapshotChunkInfoPrefixFieldEvent | SnapshotChunkInfoBitsFieldEvent | SnapshotChunkInfoKeysFieldEvent | SnapshotChunkInfoBytesFieldEvent | SnapshotChunkInfoHashFieldEvent> {
    return streamMessage(buf, SnapshotChunkInfo.codec(), opts)
  }
}

export interface SnapshotManifest {
  height: number
  blockHash: Uint8Array
  stateRoot: Uint8Array
  proofHeight: number
  chunks: SnapshotChunkInfo[]
}

export namespace SnapshotManifest {
  let _codec: Codec<SnapshotManifest>

  export const codec = (): Codec<SnapshotManifest> => {
    if (_codec == null) {
      _codec = message<SnapshotManifest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.height)
        }

        if ((obj.blockHash != null && obj.blockHash.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.blockHash)
        }

        if ((obj.stateRoot != null && obj.stateRoot.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.stateRoot)
        }

        if ((obj.proofHeight != null && obj.proofHeight !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.proofHeight)
        }

        if (obj.chunks != null && obj.chunks.length > 0) {
          for (const value of obj.chunks) {
            w.uint32(42)
            SnapshotChunkInfo.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          height: 0,
          blockHash: NO_BYTES,
          stateRoot: NO_BYTES,
          proofHeight: 0,
          chunks: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.height = reader.uint64Number()
              break
            }
            case 2: {
              obj.blockHash = reader.bytes()
              break
            }
            case 3: {
              obj.stateRoot = reader.bytes()
              break
            }
            case 4: {
              obj.proofHeight = reader.uint64Number()
              break
            }
            case 5: {
              if (opts.limits?.chunks != null && obj.chunks.length === opts.limits.chunks) {
                throw new MaxLengthError('Decode error - repeated field "chunks" had too many elements')
              }

              if (obj.chunks.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "chunks" had too many elements')
              }

              obj.chunks.push(SnapshotChunkInfo.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.chunks$
              }))
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
          chunks: 65536
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.height`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.blockHash`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.stateRoot`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.proofHeight`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              if (opts.limits?.chunks != null && obj.chunks === opts.limits.chunks) {
                throw new MaxLengthError('Streaming decode error - repeated field "chunks" had too many elements')
              }

              if (obj.chunks === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "chunks" had too many elements')
              }

              for (const evt of SnapshotChunkInfo.codec().stream(reader, reader.uint32(), `${prefix}.chunks[]`, {
                limits: opts.limits?.chunks$
              })) {
                yield {
                  ...evt,
                  index: obj.chunks
                }
              }

              obj.chunks++

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

  export interface SnapshotManifestHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export interface SnapshotManifestBlockHashFieldEvent {
    field: '$.blockHash'
    value: Uint8Array
  }

  export interface SnapshotManifestStateRootFieldEvent {
    field: '$.stateRoot'
    value: Uint8Array
  }

  export interface SnapshotManifestProofHeightFieldEvent {
    field: '$.proofHeight'
    value: number
  }

  export interface SnapshotManifestChunksPrefixFieldEvent {
    field: '$.chunks[].prefix'
    value: number
    index: number
  }

  export interface SnapshotManifestChunksBitsFieldEvent {
    field: '$.chunks[].bits'
    value: number
    index: number
  }

  export interface SnapshotManifestChunksKeysFieldEvent {
    field: '$.chunks[].keys'
    value: number
    index: number
  }

  export interface SnapshotManifestChunksBytesFieldEvent {
    field: '$.chunks[].bytes'
    value: number
    index: number
  }

  export interface SnapshotManifestChunksHashFieldEvent {
    field: '$.chunks[].hash'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<SnapshotManifest>): Uint8Array {
    return encodeMessage(obj, SnapshotManifest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotManifest>): SnapshotManifest {
    return decodeMessage(buf, SnapshotManifest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotManifest>): Generator<SnapshotManifestHeightFieldEvent | SnapshotManifestBlockHashFieldEvent | SnapshotManifestStateRootFieldEvent | SnapshotManifestProofHeightFieldEvent | SnapshotManifestChunksPrefixFieldEvent | SnapshotManifestChunksBitsFieldEvent | SnapshotManifestChunksKeysFieldEvent | SnapshotManifestChunksBytesFieldEvent | SnapshotManifestChunksHashFieldEvent> {
    return streamMessage(buf, SnapshotManifest.codec(), opts)
  }
}

export interface SnapshotEntry {
  key: string
  value: Uint8Array
}

export namespace SnapshotEntry {
  let _codec: Codec<SnapshotEntry>

  export const codec = (): Codec<SnapshotEntry> => {
    if (_codec == null) {
      _codec = message<SnapshotEntry>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.key != null && obj.key !== '')) {
          w.uint32(10)
          w.string(obj.key)
        }

        if ((obj.value != null && obj.value.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.value)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          key: '',
          value: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.key = reader.string()
              break
            }
            case 2: {
              obj.value = reader.bytes()
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
                field: `${prefix}.key`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.value`,
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

  export interface SnapshotEntryKeyFieldEvent {
    field: '$.key'
    value: string
  }

  export interface SnapshotEntryValueFieldEvent {
    field: '$.value'
    value: Uint8Array
  }

  export function encode (obj: Partial<SnapshotEntry>): Uint8Array {
    return encodeMessage(obj, SnapshotEntry.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotEntry>): SnapshotEntry {
    return decodeMessage(buf, SnapshotEntry.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotEntry>): Generator<SnapshotEntryKeyFieldEvent | SnapshotEntryValueFieldEvent> {
    return streamMessage(buf, SnapshotEntry.codec(), opts)
  }
}

export interface SnapshotChunk {
  entries: SnapshotEntry[]
}

export namespace SnapshotChunk {
  let _codec: Codec<SnapshotChunk>

  export const codec = (): Codec<SnapshotChunk> => {
    if (_codec == null) {
      _codec = message<SnapshotChunk>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.entries != null && obj.entries.length > 0) {
          for (const value of obj.entries) {
            w.uint32(10)
            SnapshotEntry.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          entries: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.entries != null && obj.entries.length === opts.limits.entries) {
                throw new MaxLengthError('Decode error - repeated field "entries" had too many elements')
              }

              if (obj.entries.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "entries" had too many elements')
              }

              obj.entries.push(SnapshotEntry.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.entries$
              }))
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
          entries: 16384
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.entries != null && obj.entries === opts.limits.entries) {
                throw new MaxLengthError('Streaming decode error - repeated field "entries" had too many elements')
              }

              if (obj.entries === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "entries" had too many elements')
              }

              for (const evt of SnapshotEntry.codec().stream(reader, reader.uint32(), `${prefix}.entries[]`, {
                limits: opts.limits?.entries$
              })) {
                yield {
                  ...evt,
                  index: obj.entries
                }
              }

              obj.entries++

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

  export interface SnapshotChunkEntriesKeyFieldEvent {
    field: '$.entries[].key'
    value: string
    index: number
  }

  export interface SnapshotChunkEntriesValueFieldEvent {
    field: '$.entries[].value'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<SnapshotChunk>): Uint8Array {
    return encodeMessage(obj, SnapshotChunk.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotChunk>): SnapshotChunk {
    return decodeMessage(buf, SnapshotChunk.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotChunk>): Generator<SnapshotChunkEntriesKeyFieldEvent | SnapshotChunkEntriesValueFieldEvent> {
    return streamMessage(buf, SnapshotChunk.codec(), opts)
  }
}

export interface SnapshotRequest {
  requestId: number
  height: number
  index: number
}

export namespace SnapshotRequest {
  let _codec: Codec<SnapshotRequest>

  export const codec = (): Codec<SnapshotRequest> => {
    if (_codec == null) {
      _codec = message<SnapshotRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.height)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(24)
          w.uint32(obj.index)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          height: 0,
          index: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.requestId = reader.uint32()
              break
            }
            case 2: {
              obj.height = reader.uint64Number()
              break
            }
            case 3: {
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
                field: `${prefix}.requestId`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.height`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
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

  export interface SnapshotRequestRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface SnapshotRequestHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export interface SnapshotRequestIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export function encode (obj: Partial<SnapshotRequest>): Uint8Array {
    return encodeMessage(obj, SnapshotRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotRequest>): SnapshotRequest {
    return decodeMessage(buf, SnapshotRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotRequest>): Generator<SnapshotRequestRequestIdFieldEvent | SnapshotRequestHeightFieldEvent | SnapshotRequestIndexFieldEvent> {
    return streamMessage(buf, SnapshotRequest.codec(), opts)
  }
}

export interface SnapshotAnswer {
  requestId: number
  content: Uint8Array
}

export namespace SnapshotAnswer {
  let _codec: Codec<SnapshotAnswer>

  export const codec = (): Codec<SnapshotAnswer> => {
    if (_codec == null) {
      _codec = message<SnapshotAnswer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if ((obj.content != null && obj.content.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.content)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          content: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.requestId = reader.uint32()
              break
            }
            case 2: {
              obj.content = reader.bytes()
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
                field: `${prefix}.requestId`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.content`,
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

  export interface SnapshotAnswerRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface SnapshotAnswerContentFieldEvent {
    field: '$.content'
    value: Uint8Array
  }

  export function encode (obj: Partial<SnapshotAnswer>): Uint8Array {
    return encodeMessage(obj, SnapshotAnswer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotAnswer>): SnapshotAnswer {
    return decodeMessage(buf, SnapshotAnswer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotAnswer>): Generator<SnapshotAnswerRequestIdFieldEvent | SnapshotAnswerContentFieldEvent> {
    return streamMessage(buf, SnapshotAnswer.codec(), opts)
  }
}

export interface SnapshotMessage {
  request?: SnapshotRequest
  answer?: SnapshotAnswer
}

export namespace SnapshotMessage {
  let _codec: Codec<SnapshotMessage>

  export const codec = (): Codec<SnapshotMessage> => {
    if (_codec == null) {
      _codec = message<SnapshotMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.request != null) {
          w.uint32(10)
          SnapshotRequest.codec().encode(obj.request, w)
        }

        if (obj.answer != null) {
          w.uint32(18)
          SnapshotAnswer.codec().encode(obj.answer, w)
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
              obj.request = SnapshotRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.request
              })
              break
            }
            case 2: {
              obj.answer = SnapshotAnswer.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.answer
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
              yield * SnapshotRequest.codec().stream(reader, reader.uint32(), `${prefix}.request`, {
                limits: opts.limits?.request
              })

              break
            }
            case 2: {
              yield * SnapshotAnswer.codec().stream(reader, reader.uint32(), `${prefix}.answer`, {
                limits: opts.limits?.answer
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

  export interface SnapshotMessageRequestRequestIdFieldEvent {
    field: '$.request.requestId'
    value: number
  }

  export interface SnapshotMessageRequestHeightFieldEvent {
    field: '$.request.height'
    value: number
  }

  export interface SnapshotMessageRequestIndexFieldEvent {
    field: '$.request.index'
    value: number
  }

  export interface SnapshotMessageAnswerRequestIdFieldEvent {
    field: '$.answer.requestId'
    value: number
  }

  export interface SnapshotMessageAnswerContentFieldEvent {
    field: '$.answer.content'
    value: Uint8Array
  }

  export function encode (obj: Partial<SnapshotMessage>): Uint8Array {
    return encodeMessage(obj, SnapshotMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotMessage>): SnapshotMessage {
    return decodeMessage(buf, SnapshotMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SnapshotMessage>): Generator<SnapshotMessageRequestRequestIdFieldEvent | SnapshotMessageRequestHeightFieldEvent | SnapshotMessageRequestIndexFieldEvent | SnapshotMessageAnswerRequestIdFieldEvent | SnapshotMessageAnswerContentFieldEvent> {
    return streamMessage(buf, SnapshotMessage.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface RangeRequest {
  requestId: number
  fromHeight: number
  toHeight: number
}

export namespace RangeRequest {
  let _codec: Codec<RangeRequest>

  export const codec = (): Codec<RangeRequest> => {
    if (_codec == null) {
      _codec = message<RangeRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if ((obj.fromHeight != null && obj.fromHeight !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.fromHeight)
        }

        if ((obj.toHeight != null && obj.toHeight !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.toHeight)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          fromHeight: 0,
          toHeight: 0
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
              obj.fromHeight = reader.uint64Number()
              break
            }
            case 3: {
              obj.toHeight = reader.uint64Number()
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
                field: `${prefix}.fromHeight`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.toHeight`,
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

  export interface RangeRequestRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface RangeRequestFromHeightFieldEvent {
    field: '$.fromHeight'
    value: number
  }

  export interface RangeRequestToHeightFieldEvent {
    field: '$.toHeight'
    value: number
  }

  export function encode (obj: Partial<RangeRequest>): Uint8Array {
    return encodeMessage(obj, RangeRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeRequest>): RangeRequest {
    return decodeMessage(buf, RangeRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeRequest>): Generator<RangeRequestRequestIdFieldEvent | RangeRequestFromHeightFieldEvent | RangeRequestToHeightFieldEvent> {
    return streamMessage(buf, RangeRequest.codec(), opts)
  }
}

export interface RangeProof {
  headers: Uint8Array[]
  notarization: Uint8Array
}

export namespace RangeProof {
  let _codec: Codec<RangeProof>

  export const codec = (): Codec<RangeProof> => {
    if (_codec == null) {
      _codec = message<RangeProof>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.headers != null && obj.headers.length > 0) {
          for (const value of obj.headers) {
            w.uint32(10)
            w.bytes(value)
          }
        }

        if ((obj.notarization != null && obj.notarization.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.notarization)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          headers: [],
          notarization: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.headers != null && obj.headers.length === opts.limits.headers) {
                throw new MaxLengthError('Decode error - repeated field "headers" had too many elements')
              }

              if (obj.headers.length === 2112) {
                throw new MaxLengthError('Decode error - repeated field "headers" had too many elements')
              }

              obj.headers.push(reader.bytes())
              break
            }
            case 2: {
              obj.notarization = reader.bytes()
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
          headers: 2112
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.headers != null && obj.headers === opts.limits.headers) {
                throw new MaxLengthError('Streaming decode error - repeated field "headers" had too many elements')
              }

              if (obj.headers === 2112) {
                throw new MaxLengthError('Streaming decode error - repeated field "headers" had too many elements')
              }

              yield {
                field: `${prefix}.headers[]`,
                index: obj.headers,
                value: reader.bytes()
              }

              obj.headers++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.notarization`,
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

  export interface RangeProofHeadersFieldEvent {
    field: '$.headers[]'
    index: number
    value: Uint8Array
  }

  export interface RangeProofNotarizationFieldEvent {
    field: '$.notarization'
    value: Uint8Array
  }

  export function encode (obj: Partial<RangeProof>): Uint8Array {
    return encodeMessage(obj, RangeProof.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeProof>): RangeProof {
    return decodeMessage(buf, RangeProof.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeProof>): Generator<RangeProofHeadersFieldEvent | RangeProofNotarizationFieldEvent> {
    return streamMessage(buf, RangeProof.codec(), opts)
  }
}

export interface RangeAnswer {
  requestId: number
  blocks: Uint8Array[]
  proof?: RangeProof
  lowestHeight: number
}

export namespace RangeAnswer {
  let _codec: Codec<RangeAnswer>

  export const codec = (): Codec<RangeAnswer> => {
    if (_codec == null) {
      _codec = message<RangeAnswer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if (obj.blocks != null && obj.blocks.length > 0) {
          for (const value of obj.blocks) {
            w.uint32(18)
            w.bytes(value)
          }
        }

        if (obj.proof != null) {
          w.uint32(26)
          RangeProof.codec().encode(obj.proof, w)
        }

        if ((obj.lowestHeight != null && obj.lowestHeight !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.lowestHeight)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          blocks: [],
          lowestHeight: 0
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
              if (opts.limits?.blocks != null && obj.blocks.length === opts.limits.blocks) {
                throw new MaxLengthError('Decode error - repeated field "blocks" had too many elements')
              }

              if (obj.blocks.length === 512) {
                throw new MaxLengthError('Decode error - repeated field "blocks" had too many elements')
              }

              obj.blocks.push(reader.bytes())
              break
            }
            case 3: {
              obj.proof = RangeProof.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.proof
              })
              break
            }
            case 4: {
              obj.lowestHeight = reader.uint64Number()
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
          blocks: 512
        }

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
              if (opts.limits?.blocks != null && obj.blocks === opts.limits.blocks) {
                throw new MaxLengthError('Streaming decode error - repeated field "blocks" had too many elements')
              }

              if (obj.blocks === 512) {
                throw new MaxLengthError('Streaming decode error - repeated field "blocks" had too many elements')
              }

              yield {
                field: `${prefix}.blocks[]`,
                index: obj.blocks,
                value: reader.bytes()
              }

              obj.blocks++

              break
            }
            case 3: {
              yield * RangeProof.codec().stream(reader, reader.uint32(), `${prefix}.proof`, {
                limits: opts.limits?.proof
              })

              break
            }
            case 4: {
              yield {
                field: `${prefix}.lowestHeight`,
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

  export interface RangeAnswerRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface RangeAnswerBlocksFieldEvent {
    field: '$.blocks[]'
    index: number
    value: Uint8Array
  }

  export interface RangeAnswerProofHeadersFieldEvent {
    field: '$.proof.headers[]'
    index: number
    value: Uint8Array
  }

  export interface RangeAnswerProofNotarizationFieldEvent {
    field: '$.proof.notarization'
    value: Uint8Array
  }

  export interface RangeAnswerLowestHeightFieldEvent {
    field: '$.lowestHeight'
    value: number
  }

  export function encode (obj: Partial<RangeAnswer>): Uint8Array {
    return encodeMessage(obj, RangeAnswer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeAnswer>): RangeAnswer {
    return decodeMessage(buf, RangeAnswer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeAnswer>): Generator<RangeAnswerRequestIdFieldEvent | RangeAnswerBlocksFieldEvent | RangeAnswerProofHeadersFieldEvent | RangeAnswerProofNotarizationFieldEvent | RangeAnswerLowestHeightFieldEvent> {
    return streamMessage(buf, RangeAnswer.codec(), opts)
  }
}

export interface RangeMessage {
  request?: RangeRequest
  answer?: RangeAnswer
}

export namespace RangeMessage {
  let _codec: Codec<RangeMessage>

  export const codec = (): Codec<RangeMessage> => {
    if (_codec == null) {
      _codec = message<RangeMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.request != null) {
          w.uint32(10)
          RangeRequest.codec().encode(obj.request, w)
        }

        if (obj.answer != null) {
          w.uint32(18)
          RangeAnswer.codec().encode(obj.answer, w)
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
              obj.request = RangeRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.request
              })
              break
            }
            case 2: {
              obj.answer = RangeAnswer.codec().decode(reader, reader.uint32(), {
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
              yield * RangeRequest.codec().stream(reader, reader.uint32(), `${prefix}.request`, {
                limits: opts.limits?.request
              })

              break
            }
            case 2: {
              yield * RangeAnswer.codec().stream(reader, reader.uint32(), `${prefix}.answer`, {
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

  export interface RangeMessageRequestRequestIdFieldEvent {
    field: '$.request.requestId'
    value: number
  }

  export interface RangeMessageRequestFromHeightFieldEvent {
    field: '$.request.fromHeight'
    value: number
  }

  export interface RangeMessageRequestToHeightFieldEvent {
    field: '$.request.toHeight'
    value: number
  }

  export interface RangeMessageAnswerRequestIdFieldEvent {
    field: '$.answer.requestId'
    value: number
  }

  export interface RangeMessageAnswerBlocksFieldEvent {
    field: '$.answer.blocks[]'
    index: number
    value: Uint8Array
  }

  export interface RangeMessageAnswerProofHeadersFieldEvent {
    field: '$.answer.proof.headers[]'
    index: number
    value: Uint8Array
  }

  export interface RangeMessageAnswerProofNotarizationFieldEvent {
    field: '$.answer.proof.notarization'
    value: Uint8Array
  }

  export interface RangeMessageAnswerLowestHeightFieldEvent {
    field: '$.answer.lowestHeight'
    value: number
  }

  export function encode (obj: Partial<RangeMessage>): Uint8Array {
    return encodeMessage(obj, RangeMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeMessage>): RangeMessage {
    return decodeMessage(buf, RangeMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeMessage>): Generator<RangeMessageRequestRequestIdFieldEvent | RangeMessageRequestFromHeightFieldEvent | RangeMessageRequestToHeightFieldEvent | RangeMessageAnswerRequestIdFieldEvent | RangeMessageAnswerBlocksFieldEvent | RangeMessageAnswerProofHeadersFieldEvent | RangeMessageAnswerProofNotarizationFieldEvent | RangeMessageAnswerLowestHeightFieldEvent> {
    return streamMessage(buf, RangeMessage.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

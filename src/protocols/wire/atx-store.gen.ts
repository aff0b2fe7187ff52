// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface AtxRow {
  id: Uint8Array
  publisher: Uint8Array
  publishEpoch: number
  baseTickHeight: number
  tickCount: number
  previous: Uint8Array
  positioning: Uint8Array
  frame: number
  committedAt: number
  receivedAt: number
  source: number
  bytes: number
}

export namespace AtxRow {
  let _codec: Codec<AtxRow>

  export const codec = (): Codec<AtxRow> => {
    if (_codec == null) {
      _codec = message<AtxRow>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.publisher != null && obj.publisher.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.publisher)
        }

        if ((obj.publishEpoch != null && obj.publishEpoch !== 0)) {
          w.uint32(24)
          w.uint32(obj.publishEpoch)
        }

        if ((obj.baseTickHeight != null && obj.baseTickHeight !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.baseTickHeight)
        }

        if ((obj.tickCount != null && obj.tickCount !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.tickCount)
        }

        if ((obj.previous != null && obj.previous.byteLength > 0)) {
          w.uint32(50)
          w.bytes(obj.previous)
        }

        if ((obj.positioning != null && obj.positioning.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.positioning)
        }

        if ((obj.frame != null && obj.frame !== 0)) {
          w.uint32(64)
          w.uint64Number(obj.frame)
        }

        if ((obj.committedAt != null && obj.committedAt !== 0)) {
          w.uint32(72)
          w.uint64Number(obj.committedAt)
        }

        if ((obj.receivedAt != null && obj.receivedAt !== 0)) {
          w.uint32(80)
          w.uint64Number(obj.receivedAt)
        }

        if ((obj.source != null && obj.source !== 0)) {
          w.uint32(88)
          w.uint32(obj.source)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(96)
          w.uint32(obj.bytes)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: NO_BYTES,
          publisher: NO_BYTES,
          publishEpoch: 0,
          baseTickHeight: 0,
          tickCount: 0,
          previous: NO_BYTES,
          positioning: NO_BYTES,
          frame: 0,
          committedAt: 0,
          receivedAt: 0,
          source: 0,
          bytes: 0
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
              obj.publisher = reader.bytes()
              break
            }
            case 3: {
              obj.publishEpoch = reader.uint32()
              break
            }
            case 4: {
              obj.baseTickHeight = reader.uint64Number()
              break
            }
            case 5: {
              obj.tickCount = reader.uint64Number()
              break
            }
            case 6: {
              obj.previous = reader.bytes()
              break
            }
            case 7: {
              obj.positioning = reader.bytes()
              break
            }
            case 8: {
              obj.frame = reader.uint64Number()
              break
            }
            case 9: {
              obj.committedAt = reader.uint64Number()
              break
            }
            case 10: {
              obj.receivedAt = reader.uint64Number()
              break
            }
            case 11: {
              obj.source = reader.uint32()
              break
            }
            case 12: {
              obj.bytes = reader.uint32()
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
                field: `${prefix}.publisher`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.publishEpoch`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.baseTickHeight`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.tickCount`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.previous`,
                value: reader.bytes()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.positioning`,
                value: reader.bytes()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.frame`,
                value: reader.uint64Number()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.committedAt`,
                value: reader.uint64Number()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.receivedAt`,
                value: reader.uint64Number()
              }
              break
            }
            case 11: {
              yield {
                field: `${prefix}.source`,
                value: reader.uint32()
              }
              break
            }
            case 12: {
              yield {
                field: `${prefix}.bytes`,
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

  export interface AtxRowIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface AtxRowPublisherFieldEvent {
    field: '$.publisher'
    value: Uint8Array
  }

  export interface AtxRowPublishEpochFieldEvent {
    field: '$.publishEpoch'
    value: number
  }

  export interface AtxRowBaseTickHeightFieldEvent {
    field: '$.baseTickHeight'
    value: number
  }

  export interface AtxRowTickCountFieldEvent {
    field: '$.tickCount'
    value: number
  }

  export interface AtxRowPreviousFieldEvent {
    field: '$.previous'
    value: Uint8Array
  }

  export interface AtxRowPositioningFieldEvent {
    field: '$.positioning'
    value: Uint8Array
  }

  export interface AtxRowFrameFieldEvent {
    field: '$.frame'
    value: number
  }

  export interface AtxRowCommittedAtFieldEvent {
    field: '$.committedAt'
    value: number
  }

  export interface AtxRowReceivedAtFieldEvent {
    field: '$.receivedAt'
    value: number
  }

  export interface AtxRowSourceFieldEvent {
    field: '$.source'
    value: number
  }

  export interface AtxRowBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export function encode (obj: Partial<AtxRow>): Uint8Array {
    return encodeMessage(obj, AtxRow.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxRow>): AtxRow {
    return decodeMessage(buf, AtxRow.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxRow>): Generator<AtxRowIdFieldEvent | AtxRowPublisherFieldEvent | AtxRowPublishEpochFieldEvent | AtxRowBaseTickHeightFieldEvent | AtxRowTickCountFieldEvent | AtxRowPreviousFieldEvent | AtxRowPositioningFieldEvent | AtxRowFrameFieldEvent | AtxRowCommittedAtFieldEvent | AtxRowReceivedAtFieldEvent | AtxRowSourceFieldEvent | AtxRowBytesFieldEvent> {
    return streamMessage(buf, AtxRow.codec(), opts)
  }
}

export interface AtxSettling {
  at: number
  state: Uint8Array
}

export namespace AtxSettling {
  let _codec: Codec<AtxSettling>

  export const codec = (): Codec<AtxSettling> => {
    if (_codec == null) {
      _codec = message<AtxSettling>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.at != null && obj.at !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.at)
        }

        if ((obj.state != null && obj.state.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.state)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          at: 0,
          state: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.at = reader.uint64Number()
              break
            }
            case 2: {
              obj.state = reader.bytes()
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
                field: `${prefix}.at`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.state`,
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

  export interface AtxSettlingAtFieldEvent {
    field: '$.at'
    value: number
  }

  export interface AtxSettlingStateFieldEvent {
    field: '$.state'
    value: Uint8Array
  }

  export function encode (obj: Partial<AtxSettling>): Uint8Array {
    return encodeMessage(obj, AtxSettling.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxSettling>): AtxSettling {
    return decodeMessage(buf, AtxSettling.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxSettling>): Generator<AtxSettlingAtFieldEvent | AtxSettlingStateFieldEvent> {
    return streamMessage(buf, AtxSettling.codec(), opts)
  }
}

export interface AtxOpenFrame {
  frame: number
  curr: Uint8Array
  settling: AtxSettling[]
}

export namespace AtxOpenFrame {
  let _codec: Codec<AtxOpenFrame>

  export const codec = (): Codec<AtxOpenFrame> => {
    if (_codec == null) {
      _codec = message<AtxOpenFrame>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.frame != null && obj.frame !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.frame)
        }

        if ((obj.curr != null && obj.curr.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.curr)
        }

        if (obj.settling != null && obj.settling.length > 0) {
          for (const value of obj.settling) {
            w.uint32(26)
            AtxSettling.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          frame: 0,
          curr: NO_BYTES,
          settling: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.frame = reader.uint64Number()
              break
            }
            case 2: {
              obj.curr = reader.bytes()
              break
            }
            case 3: {
              if (opts.limits?.settling != null && obj.settling.length === opts.limits.settling) {
                throw new MaxLengthError('Decode error - repeated field "settling" had too many elements')
              }

              if (obj.settling.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "settling" had too many elements')
              }

              obj.settling.push(AtxSettling.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.settling$
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
          settling: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.frame`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.curr`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              if (opts.limits?.settling != null && obj.settling === opts.limits.settling) {
                throw new MaxLengthError('Streaming decode error - repeated field "settling" had too many elements')
              }

              if (obj.settling === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "settling" had too many elements')
              }

              for (const evt of AtxSettling.codec().stream(reader, reader.uint32(), `${prefix}.settling[]`, {
                limits: opts.limits?.settling$
              })) {
                yield {
                  ...evt,
                  index: obj.settling
                }
              }

              obj.settling++

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

  export interface AtxOpenFrameFrameFieldEvent {
    field: '$.frame'
    value: number
  }

  export interface AtxOpenFrameCurrFieldEvent {
    field: '$.curr'
    value: Uint8Array
  }

  export interface AtxOpenFrameSettlingAtFieldEvent {
    field: '$.settling[].at'
    value: number
    index: number
  }

  export interface AtxOpenFrameSettlingStateFieldEvent {
    field: '$.settling[].state'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<AtxOpenFrame>): Uint8Array {
    return encodeMessage(obj, AtxOpenFrame.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxOpenFrame>): AtxOpenFrame {
    return decodeMessage(buf, AtxOpenFrame.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxOpenFrame>): Generator<AtxOpenFrameFrameFieldEvent | AtxOpenFrameCurrFieldEvent | AtxOpenFrameSettlingAtFieldEvent | AtxOpenFrameSettlingStateFieldEvent> {
    return streamMessage(buf, AtxOpenFrame.codec(), opts)
  }
}

export interface AtxClosedFrames {
  frame: number
  old: Uint8Array
  all: Uint8Array
  settling: AtxSettling[]
}

export namespace AtxClosedFrames {
  let _codec: Codec<AtxClosedFrames>

  export const codec = (): Codec<AtxClosedFrames> => {
    if (_codec == null) {
      _codec = message<AtxClosedFrames>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.frame != null && obj.frame !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.frame)
        }

        if ((obj.old != null && obj.old.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.old)
        }

        if ((obj.all != null && obj.all.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.all)
        }

        if (obj.settling != null && obj.settling.length > 0) {
          for (const value of obj.settling) {
            w.uint32(34)
            AtxSettling.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          frame: 0,
          old: NO_BYTES,
          all: NO_BYTES,
          settling: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.frame = reader.uint64Number()
              break
            }
            case 2: {
              obj.old = reader.bytes()
              break
            }
            case 3: {
              obj.all = reader.bytes()
              break
            }
            case 4: {
              if (opts.limits?.settling != null && obj.settling.length === opts.limits.settling) {
                throw new MaxLengthError('Decode error - repeated field "settling" had too many elements')
              }

              if (obj.settling.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "settling" had too many elements')
              }

              obj.settling.push(AtxSettling.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.settling$
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
          settling: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.frame`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.old`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.all`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              if (opts.limits?.settling != null && obj.settling === opts.limits.settling) {
                throw new MaxLengthError('Streaming decode error - repeated field "settling" had too many elements')
              }

              if (obj.settling === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "settling" had too many elements')
              }

              for (const evt of AtxSettling.codec().stream(reader, reader.uint32(), `${prefix}.settling[]`, {
                limits: opts.limits?.settling$
              })) {
                yield {
                  ...evt,
                  index: obj.settling
                }
              }

              obj.settling++

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

  export interface AtxClosedFramesFrameFieldEvent {
    field: '$.frame'
    value: number
  }

  export interface AtxClosedFramesOldFieldEvent {
    field: '$.old'
    value: Uint8Array
  }

  export interface AtxClosedFramesAllFieldEvent {
    field: '$.all'
    value: Uint8Array
  }

  export interface AtxClosedFramesSettlingAtFieldEvent {
    field: '$.settling[].at'
    value: number
    index: number
  }

  export interface AtxClosedFramesSettlingStateFieldEvent {
    field: '$.settling[].state'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<AtxClosedFrames>): Uint8Array {
    return encodeMessage(obj, AtxClosedFrames.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxClosedFrames>): AtxClosedFrames {
    return decodeMessage(buf, AtxClosedFrames.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxClosedFrames>): Generator<AtxClosedFramesFrameFieldEvent | AtxClosedFramesOldFieldEvent | AtxClosedFramesAllFieldEvent | AtxClosedFramesSettlingAtFieldEvent | AtxClosedFramesSettlingStateFieldEvent> {
    return streamMessage(buf, AtxClosedFrames.codec(), opts)
  }
}

export interface AtxStoreHead {
  storeId: Uint8Array
  suite: string
}

export namespace AtxStoreHead {
  let _codec: Codec<AtxStoreHead>

  export const codec = (): Codec<AtxStoreHead> => {
    if (_codec == null) {
      _codec = message<AtxStoreHead>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.storeId != null && obj.storeId.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.storeId)
        }

        if ((obj.suite != null && obj.suite !== '')) {
          w.uint32(18)
          w.string(obj.suite)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          storeId: NO_BYTES,
          suite: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.storeId = reader.bytes()
              break
            }
            case 2: {
              obj.suite = reader.string()
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
                field: `${prefix}.storeId`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.suite`,
                value: reader.string()
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

  export interface AtxStoreHeadStoreIdFieldEvent {
    field: '$.storeId'
    value: Uint8Array
  }

  export interface AtxStoreHeadSuiteFieldEvent {
    field: '$.suite'
    value: string
  }

  export function encode (obj: Partial<AtxStoreHead>): Uint8Array {
    return encodeMessage(obj, AtxStoreHead.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxStoreHead>): AtxStoreHead {
    return decodeMessage(buf, AtxStoreHead.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxStoreHead>): Generator<AtxStoreHeadStoreIdFieldEvent | AtxStoreHeadSuiteFieldEvent> {
    return streamMessage(buf, AtxStoreHead.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
/* eslint-disable require-yield */

import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface Sn {
  session: number
  epoch: number
  s: number
}

export namespace Sn {
  let _codec: Codec<Sn>

  export const codec = (): Codec<Sn> => {
    if (_codec == null) {
      _codec = message<Sn>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint32(obj.epoch)
        }

        if ((obj.s != null && obj.s !== 0)) {
          w.uint32(24)
          w.uint32(obj.s)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          epoch: 0,
          s: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.uint32()
              break
            }
            case 2: {
              obj.epoch = reader.uint32()
              break
            }
            case 3: {
              obj.s = reader.uint32()
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
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.s`,
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

  export interface SnSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface SnEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface SnSFieldEvent {
    field: '$.s'
    value: number
  }

  export function encode (obj: Partial<Sn>): Uint8Array {
    return encodeMessage(obj, Sn.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Sn>): Sn {
    return decodeMessage(buf, Sn.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Sn>): Generator<SnSessionFieldEvent | SnEpochFieldEvent | SnSFieldEvent> {
    return streamMessage(buf, Sn.codec(), opts)
  }
}

export interface Epoch {
  session: number
  epoch: number
}

export namespace Epoch {
  let _codec: Codec<Epoch>

  export const codec = (): Codec<Epoch> => {
    if (_codec == null) {
      _codec = message<Epoch>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint32(obj.epoch)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          epoch: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.uint32()
              break
            }
            case 2: {
              obj.epoch = reader.uint32()
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
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
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

  export interface EpochSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface EpochEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export function encode (obj: Partial<Epoch>): Uint8Array {
    return encodeMessage(obj, Epoch.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Epoch>): Epoch {
    return decodeMessage(buf, Epoch.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Epoch>): Generator<EpochSessionFieldEvent | EpochEpochFieldEvent> {
    return streamMessage(buf, Epoch.codec(), opts)
  }
}

export interface BlockRef {
  sn?: Sn
  hash: Uint8Array
  height: number
}

export namespace BlockRef {
  let _codec: Codec<BlockRef>

  export const codec = (): Codec<BlockRef> => {
    if (_codec == null) {
      _codec = message<BlockRef>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.sn != null) {
          w.uint32(10)
          Sn.codec().encode(obj.sn, w)
        }

        if ((obj.hash != null && obj.hash.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.hash)
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.height)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          hash: NO_BYTES,
          height: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.sn = Sn.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.sn
              })
              break
            }
            case 2: {
              obj.hash = reader.bytes()
              break
            }
            case 3: {
              obj.height = reader.uint64Number()
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
              yield * Sn.codec().stream(reader, reader.uint32(), `${prefix}.sn`, {
                limits: opts.limits?.sn
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.hash`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.height`,
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

  export interface BlockRefSnSessionFieldEvent {
    field: '$.sn.session'
    value: number
  }

  export interface BlockRefSnEpochFieldEvent {
    field: '$.sn.epoch'
    value: number
  }

  export interface BlockRefSnSFieldEvent {
    field: '$.sn.s'
    value: number
  }

  export interface BlockRefHashFieldEvent {
    field: '$.hash'
    value: Uint8Array
  }

  export interface BlockRefHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export function encode (obj: Partial<BlockRef>): Uint8Array {
    return encodeMessage(obj, BlockRef.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlockRef>): BlockRef {
    return decodeMessage(buf, BlockRef.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlockRef>): Generator<BlockRefSnSessionFieldEvent | BlockRefSnEpochFieldEvent | BlockRefSnSFieldEvent | BlockRefHashFieldEvent | BlockRefHeightFieldEvent> {
    return streamMessage(buf, BlockRef.codec(), opts)
  }
}

export interface VoteTarget {
  session: number
  epoch: number
  s: number
  blockHash: Uint8Array
}

export namespace VoteTarget {
  let _codec: Codec<VoteTarget>

  export const codec = (): Codec<VoteTarget> => {
    if (_codec == null) {
      _codec = message<VoteTarget>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint32(obj.epoch)
        }

        if ((obj.s != null && obj.s !== 0)) {
          w.uint32(24)
          w.uint32(obj.s)
        }

        if ((obj.blockHash != null && obj.blockHash.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.blockHash)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          epoch: 0,
          s: 0,
          blockHash: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.uint32()
              break
            }
            case 2: {
              obj.epoch = reader.uint32()
              break
            }
            case 3: {
              obj.s = reader.uint32()
              break
            }
            case 4: {
              obj.blockHash = reader.bytes()
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
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.s`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.blockHash`,
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

  export interface VoteTargetSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface VoteTargetEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface VoteTargetSFieldEvent {
    field: '$.s'
    value: number
  }

  export interface VoteTargetBlockHashFieldEvent {
    field: '$.blockHash'
    value: Uint8Array
  }

  export function encode (obj: Partial<VoteTarget>): Uint8Array {
    return encodeMessage(obj, VoteTarget.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoteTarget>): VoteTarget {
    return decodeMessage(buf, VoteTarget.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoteTarget>): Generator<VoteTargetSessionFieldEvent | VoteTargetEpochFieldEvent | VoteTargetSFieldEvent | VoteTargetBlockHashFieldEvent> {
    return streamMessage(buf, VoteTarget.codec(), opts)
  }
}

export interface ClockTarget {
  session: number
  epoch: number
}

export namespace ClockTarget {
  let _codec: Codec<ClockTarget>

  export const codec = (): Codec<ClockTarget> => {
    if (_codec == null) {
      _codec = message<ClockTarget>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint32(obj.epoch)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          epoch: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.uint32()
              break
            }
            case 2: {
              obj.epoch = reader.uint32()
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
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
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

  export interface ClockTargetSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface ClockTargetEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export function encode (obj: Partial<ClockTarget>): Uint8Array {
    return encodeMessage(obj, ClockTarget.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ClockTarget>): ClockTarget {
    return decodeMessage(buf, ClockTarget.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ClockTarget>): Generator<ClockTargetSessionFieldEvent | ClockTargetEpochFieldEvent> {
    return streamMessage(buf, ClockTarget.codec(), opts)
  }
}

export interface Header {
  version: number
  chainId: Uint8Array
  session: number
  epoch: number
  s: number
  height: number
  sessionCount: number
  parentHash: Uint8Array
  parentSession: number
  parentEpoch: number
  parentS: number
  proposer: number
  timestamp: number
  payloadRoot: Uint8Array
  certsRoot: Uint8Array
  isStop: boolean
  electionRoot: Uint8Array
  stateHeight: number
  stateRoot: Uint8Array
}

export namespace Header {
  let _codec: Codec<Header>

  export const codec = (): Codec<Header> => {
    if (_codec == null) {
      _codec = message<Header>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(8)
          w.uint32(obj.version)
        }

        if ((obj.chainId != null && obj.chainId.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.chainId)
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(24)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(32)
          w.uint32(obj.epoch)
        }

        if ((obj.s != null && obj.s !== 0)) {
          w.uint32(40)
          w.uint32(obj.s)
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.height)
        }

        if ((obj.sessionCount != null && obj.sessionCount !== 0)) {
          w.uint32(56)
          w.uint32(obj.sessionCount)
        }

        if ((obj.parentHash != null && obj.parentHash.byteLength > 0)) {
          w.uint32(66)
          w.bytes(obj.parentHash)
        }

        if ((obj.parentSession != null && obj.parentSession !== 0)) {
          w.uint32(72)
          w.uint32(obj.parentSession)
        }

        if ((obj.parentEpoch != null && obj.parentEpoch !== 0)) {
          w.uint32(80)
          w.uint32(obj.parentEpoch)
        }

        if ((obj.parentS != null && obj.parentS !== 0)) {
          w.uint32(88)
          w.uint32(obj.parentS)
        }

        if ((obj.proposer != null && obj.proposer !== 0)) {
          w.uint32(96)
          w.uint32(obj.proposer)
        }

        if ((obj.timestamp != null && obj.timestamp !== 0)) {
          w.uint32(104)
          w.uint64Number(obj.timestamp)
        }

        if ((obj.payloadRoot != null && obj.payloadRoot.byteLength > 0)) {
          w.uint32(114)
          w.bytes(obj.payloadRoot)
        }

        if ((obj.certsRoot != null && obj.certsRoot.byteLength > 0)) {
          w.uint32(122)
          w.bytes(obj.certsRoot)
        }

        if ((obj.isStop != null && obj.isStop !== false)) {
          w.uint32(128)
          w.bool(obj.isStop)
        }

        if ((obj.electionRoot != null && obj.electionRoot.byteLength > 0)) {
          w.uint32(138)
          w.bytes(obj.electionRoot)
        }

        if ((obj.stateHeight != null && obj.stateHeight !== 0)) {
          w.uint32(144)
          w.uint64Number(obj.stateHeight)
        }

        if ((obj.stateRoot != null && obj.stateRoot.byteLength > 0)) {
          w.uint32(154)
          w.bytes(obj.stateRoot)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: 0,
          chainId: NO_BYTES,
          session: 0,
          epoch: 0,
          s: 0,
          height: 0,
          sessionCount: 0,
          parentHash: NO_BYTES,
          parentSession: 0,
          parentEpoch: 0,
          parentS: 0,
          proposer: 0,
          timestamp: 0,
          payloadRoot: NO_BYTES,
          certsRoot: NO_BYTES,
          isStop: false,
          electionRoot: NO_BYTES,
          stateHeight: 0,
          stateRoot: NO_BYTES
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
              obj.chainId = reader.bytes()
              break
            }
            case 3: {
              obj.session = reader.uint32()
              break
            }
            case 4: {
              obj.epoch = reader.uint32()
              break
            }
            case 5: {
              obj.s = reader.uint32()
              break
            }
            case 6: {
              obj.height = reader.uint64Number()
              break
            }
            case 7: {
              obj.sessionCount = reader.uint32()
              break
            }
            case 8: {
              obj.parentHash = reader.bytes()
              break
            }
            case 9: {
              obj.parentSession = reader.uint32()
              break
            }
            case 10: {
              obj.parentEpoch = reader.uint32()
              break
            }
            case 11: {
              obj.parentS = reader.uint32()
              break
            }
            case 12: {
              obj.proposer = reader.uint32()
              break
            }
            case 13: {
              obj.timestamp = reader.uint64Number()
              break
            }
            case 14: {
              obj.payloadRoot = reader.bytes()
              break
            }
            case 15: {
              obj.certsRoot = reader.bytes()
              break
            }
            case 16: {
              obj.isStop = reader.bool()
              break
            }
            case 17: {
              obj.electionRoot = reader.bytes()
              break
            }
            case 18: {
              obj.stateHeight = reader.uint64Number()
              break
            }
            case 19: {
              obj.stateRoot = reader.bytes()
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
                field: `${prefix}.chainId`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.s`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.height`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.sessionCount`,
                value: reader.uint32()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.parentHash`,
                value: reader.bytes()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.parentSession`,
                value: reader.uint32()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.parentEpoch`,
                value: reader.uint32()
              }
              break
            }
            case 11: {
              yield {
                field: `${prefix}.parentS`,
                value: reader.uint32()
              }
              break
            }
            case 12: {
              yield {
                field: `${prefix}.proposer`,
                value: reader.uint32()
              }
              break
            }
            case 13: {
              yield {
                field: `${prefix}.timestamp`,
                value: reader.uint64Number()
              }
              break
            }
            case 14: {
              yield {
                field: `${prefix}.payloadRoot`,
                value: reader.bytes()
              }
              break
            }
            case 15: {
              yield {
                field: `${prefix}.certsRoot`,
                value: reader.bytes()
              }
              break
            }
            case 16: {
              yield {
                field: `${prefix}.isStop`,
                value: reader.bool()
              }
              break
            }
            case 17: {
              yield {
                field: `${prefix}.electionRoot`,
                value: reader.bytes()
              }
              break
            }
            case 18: {
              yield {
                field: `${prefix}.stateHeight`,
                value: reader.uint64Number()
              }
              break
            }
            case 19: {
              yield {
                field: `${prefix}.stateRoot`,
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

  export interface HeaderVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export interface HeaderChainIdFieldEvent {
    field: '$.chainId'
    value: Uint8Array
  }

  export interface HeaderSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface HeaderEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface HeaderSFieldEvent {
    field: '$.s'
    value: number
  }

  export interface HeaderHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export interface HeaderSessionCountFieldEvent {
    field: '$.sessionCount'
    value: number
  }

  export interface HeaderParentHashFieldEvent {
    field: '$.parentHash'
    value: Uint8Array
  }

  export interface HeaderParentSessionFieldEvent {
    field: '$.parentSession'
    value: number
  }

  export interface HeaderParentEpochFieldEvent {
    field: '$.parentEpoch'
    value: number
  }

  export interface HeaderParentSFieldEvent {
    field: '$.parentS'
    value: number
  }

  export interface HeaderProposerFieldEvent {
    field: '$.proposer'
    value: number
  }

  export interface HeaderTimestampFieldEvent {
    field: '$.timestamp'
    value: number
  }

  export interface HeaderPayloadRootFieldEvent {
    field: '$.payloadRoot'
    value: Uint8Array
  }

  export interface HeaderCertsRootFieldEvent {
    field: '$.certsRoot'
    value: Uint8Array
  }

  export interface HeaderIsStopFieldEvent {
    field: '$.isStop'
    value: boolean
  }

  export interface HeaderElectionRootFieldEvent {
    field: '$.electionRoot'
    value: Uint8Array
  }

  export interface HeaderStateHeightFieldEvent {
    field: '$.stateHeight'
    value: number
  }

  export interface HeaderStateRootFieldEvent {
    field: '$.stateRoot'
    value: Uint8Array
  }

  export function encode (obj: Partial<Header>): Uint8Array {
    return encodeMessage(obj, Header.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Header>): Header {
    return decodeMessage(buf, Header.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Header>): Generator<HeaderVersionFieldEvent | HeaderChainIdFieldEvent | HeaderSessionFieldEvent | HeaderEpochFieldEvent | HeaderSFieldEvent | HeaderHeightFieldEvent | HeaderSessionCountFieldEvent | HeaderParentHashFieldEvent | HeaderParentSessionFieldEvent | HeaderParentEpochFieldEvent | HeaderParentSFieldEvent | HeaderProposerFieldEvent | HeaderTimestampFieldEvent | HeaderPayloadRootFieldEvent | HeaderCertsRootFieldEvent | HeaderIsStopFieldEvent | HeaderElectionRootFieldEvent | HeaderStateHeightFieldEvent | HeaderStateRootFieldEvent> {
    return streamMessage(buf, Header.codec(), opts)
  }
}

export interface Notarization {
  session: number
  epoch: number
  s: number
  blockHash: Uint8Array
  signers: Uint8Array
  signatures: Uint8Array[]
}

export namespace Notarization {
  let _codec: Codec<Notarization>

  export const codec = (): Codec<Notarization> => {
    if (_codec == null) {
      _codec = message<Notarization>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint32(obj.epoch)
        }

        if ((obj.s != null && obj.s !== 0)) {
          w.uint32(24)
          w.uint32(obj.s)
        }

        if ((obj.blockHash != null && obj.blockHash.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.blockHash)
        }

        if ((obj.signers != null && obj.signers.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.signers)
        }

        if (obj.signatures != null && obj.signatures.length > 0) {
          for (const value of obj.signatures) {
            w.uint32(50)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          epoch: 0,
          s: 0,
          blockHash: NO_BYTES,
          signers: NO_BYTES,
          signatures: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.uint32()
              break
            }
            case 2: {
              obj.epoch = reader.uint32()
              break
            }
            case 3: {
              obj.s = reader.uint32()
              break
            }
            case 4: {
              obj.blockHash = reader.bytes()
              break
            }
            case 5: {
              obj.signers = reader.bytes()
              break
            }
            case 6: {
              if (opts.limits?.signatures != null && obj.signatures.length === opts.limits.signatures) {
                throw new MaxLengthError('Decode error - repeated field "signatures" had too many elements')
              }

              if (obj.signatures.length === 400) {
                throw new MaxLengthError('Decode error - repeated field "signatures" had too many elements')
              }

              obj.signatures.push(reader.bytes())
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
          signatures: 400
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.s`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.blockHash`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.signers`,
                value: reader.bytes()
              }
              break
            }
            case 6: {
              if (opts.limits?.signatures != null && obj.signatures === opts.limits.signatures) {
                throw new MaxLengthError('Streaming decode error - repeated field "signatures" had too many elements')
              }

              if (obj.signatures === 400) {
                throw new MaxLengthError('Streaming decode error - repeated field "signatures" had too many elements')
              }

              yield {
                field: `${prefix}.signatures[]`,
                index: obj.signatures,
                value: reader.bytes()
              }

              obj.signatures++

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

  export interface NotarizationSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface NotarizationEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface NotarizationSFieldEvent {
    field: '$.s'
    value: number
  }

  export interface NotarizationBlockHashFieldEvent {
    field: '$.blockHash'
    value: Uint8Array
  }

  export interface NotarizationSignersFieldEvent {
    field: '$.signers'
    value: Uint8Array
  }

  export interface NotarizationSignaturesFieldEvent {
    field: '$.signatures[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<Notarization>): Uint8Array {
    return encodeMessage(obj, Notarization.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Notarization>): Notarization {
    return decodeMessage(buf, Notarization.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Notarization>): Generator<NotarizationSessionFieldEvent | NotarizationEpochFieldEvent | NotarizationSFieldEvent | NotarizationBlockHashFieldEvent | NotarizationSignersFieldEvent | NotarizationSignaturesFieldEvent> {
    return streamMessage(buf, Notarization.codec(), opts)
  }
}

export interface ClockNotarization {
  session: number
  epoch: number
  signers: Uint8Array
  signatures: Uint8Array[]
}

export namespace ClockNotarization {
  let _codec: Codec<ClockNotarization>

  export const codec = (): Codec<ClockNotarization> => {
    if (_codec == null) {
      _codec = message<ClockNotarization>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint32(obj.epoch)
        }

        if ((obj.signers != null && obj.signers.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.signers)
        }

        if (obj.signatures != null && obj.signatures.length > 0) {
          for (const value of obj.signatures) {
            w.uint32(34)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          epoch: 0,
          signers: NO_BYTES,
          signatures: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.uint32()
              break
            }
            case 2: {
              obj.epoch = reader.uint32()
              break
            }
            case 3: {
              obj.signers = reader.bytes()
              break
            }
            case 4: {
              if (opts.limits?.signatures != null && obj.signatures.length === opts.limits.signatures) {
                throw new MaxLengthError('Decode error - repeated field "signatures" had too many elements')
              }

              if (obj.signatures.length === 400) {
                throw new MaxLengthError('Decode error - repeated field "signatures" had too many elements')
              }

              obj.signatures.push(reader.bytes())
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
          signatures: 400
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.signers`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              if (opts.limits?.signatures != null && obj.signatures === opts.limits.signatures) {
                throw new MaxLengthError('Streaming decode error - repeated field "signatures" had too many elements')
              }

              if (obj.signatures === 400) {
                throw new MaxLengthError('Streaming decode error - repeated field "signatures" had too many elements')
              }

              yield {
                field: `${prefix}.signatures[]`,
                index: obj.signatures,
                value: reader.bytes()
              }

              obj.signatures++

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

  export interface ClockNotarizationSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface ClockNotarizationEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface ClockNotarizationSignersFieldEvent {
    field: '$.signers'
    value: Uint8Array
  }

  export interface ClockNotarizationSignaturesFieldEvent {
    field: '$.signatures[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<ClockNotarization>): Uint8Array {
    return encodeMessage(obj, ClockNotarization.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ClockNotarization>): ClockNotarization {
    return decodeMessage(buf, ClockNotarization.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ClockNotarization>): Generator<ClockNotarizationSessionFieldEvent | ClockNotarizationEpochFieldEvent | ClockNotarizationSignersFieldEvent | ClockNotarizationSignaturesFieldEvent> {
    return streamMessage(buf, ClockNotarization.codec(), opts)
  }
}

export interface Certificates {
  notarizations: Notarization[]
  clockNotarization?: ClockNotarization
}

export namespace Certificates {
  let _codec: Codec<Certificates>

  export const codec = (): Codec<Certificates> => {
    if (_codec == null) {
      _codec = message<Certificates>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.notarizations != null && obj.notarizations.length > 0) {
          for (const value of obj.notarizations) {
            w.uint32(10)
            Notarization.codec().encode(value, w)
          }
        }

        if (obj.clockNotarization != null) {
          w.uint32(18)
          ClockNotarization.codec().encode(obj.clockNotarization, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          notarizations: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.notarizations != null && obj.notarizations.length === opts.limits.notarizations) {
                throw new MaxLengthError('Decode error - repeated field "notarizations" had too many elements')
              }

              if (obj.notarizations.length === 64) {
                throw new MaxLengthError('Decode error - repeated field "notarizations" had too many elements')
              }

              obj.notarizations.push(Notarization.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.notarizations$
              }))
              break
            }
            case 2: {
              obj.clockNotarization = ClockNotarization.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.clockNotarization
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
        const obj = {
          notarizations: 64
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.notarizations != null && obj.notarizations === opts.limits.notarizations) {
                throw new MaxLengthError('Streaming decode error - repeated field "notarizations" had too many elements')
              }

              if (obj.notarizations === 64) {
                throw new MaxLengthError('Streaming decode error - repeated field "notarizations" had too many elements')
              }

              for (const evt of Notarization.codec().stream(reader, reader.uint32(), `${prefix}.notarizations[]`, {
                limits: opts.limits?.notarizations$
              })) {
                yield {
                  ...evt,
                  index: obj.notarizations
                }
              }

              obj.notarizations++

              break
            }
            case 2: {
              yield * ClockNotarization.codec().stream(reader, reader.uint32(), `${prefix}.clockNotarization`, {
                limits: opts.limits?.clockNotarization
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

  export interface CertificatesNotarizationsSessionFieldEvent {
    field: '$.notarizations[].session'
    value: number
    index: number
  }

  export interface CertificatesNotarizationsEpochFieldEvent {
    field: '$.notarizations[].epoch'
    value: number
    index: number
  }

  export interface CertificatesNotarizationsSFieldEvent {
    field: '$.notarizations[].s'
    value: number
    index: number
  }

  export interface CertificatesNotarizationsBlockHashFieldEvent {
    field: '$.notarizations[].blockHash'
    value: Uint8Array
    index: number
  }

  export interface CertificatesNotarizationsSignersFieldEvent {
    field: '$.notarizations[].signers'
    value: Uint8Array
    index: number
  }

  export interface CertificatesNotarizationsSignaturesFieldEvent {
    field: '$.notarizations[].signatures[]'
    index: number
    value: Uint8Array
  }

  export interface CertificatesClockNotarizationSessionFieldEvent {
    field: '$.clockNotarization.session'
    value: number
  }

  export interface CertificatesClockNotarizationEpochFieldEvent {
    field: '$.clockNotarization.epoch'
    value: number
  }

  export interface CertificatesClockNotarizationSignersFieldEvent {
    field: '$.clockNotarization.signers'
    value: Uint8Array
  }

  export interface CertificatesClockNotarizationSignaturesFieldEvent {
    field: '$.clockNotarization.signatures[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<Certificates>): Uint8Array {
    return encodeMessage(obj, Certificates.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Certificates>): Certificates {
    return decodeMessage(buf, Certificates.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Certificates>): Generator<CertificatesNotarizationsSessionFieldEvent | CertificatesNotarizationsEpochFieldEvent | CertificatesNotarizationsSFieldEvent | CertificatesNotarizationsBlockHashFieldEvent | CertificatesNotarizationsSignersFieldEvent | CertificatesNotarizationsSignaturesFieldEvent | CertificatesClockNotarizationSessionFieldEvent | CertificatesClockNotarizationEpochFieldEvent | CertificatesClockNotarizationSignersFieldEvent | CertificatesClockNotarizationSignaturesFieldEvent> {
    return streamMessage(buf, Certificates.codec(), opts)
  }
}

export interface Proposal {
  header: Uint8Array
  signature: Uint8Array
  certificates: Uint8Array
  payload: Uint8Array[]
  election: Uint8Array
}

export namespace Proposal {
  let _codec: Codec<Proposal>

  export const codec = (): Codec<Proposal> => {
    if (_codec == null) {
      _codec = message<Proposal>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.header != null && obj.header.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.header)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.signature)
        }

        if ((obj.certificates != null && obj.certificates.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.certificates)
        }

        if (obj.payload != null && obj.payload.length > 0) {
          for (const value of obj.payload) {
            w.uint32(34)
            w.bytes(value)
          }
        }

        if ((obj.election != null && obj.election.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.election)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          header: NO_BYTES,
          signature: NO_BYTES,
          certificates: NO_BYTES,
          payload: [],
          election: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.header = reader.bytes()
              break
            }
            case 2: {
              obj.signature = reader.bytes()
              break
            }
            case 3: {
              obj.certificates = reader.bytes()
              break
            }
            case 4: {
              if (opts.limits?.payload != null && obj.payload.length === opts.limits.payload) {
                throw new MaxLengthError('Decode error - repeated field "payload" had too many elements')
              }

              if (obj.payload.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "payload" had too many elements')
              }

              obj.payload.push(reader.bytes())
              break
            }
            case 5: {
              obj.election = reader.bytes()
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
          payload: 65536
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.header`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.signature`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.certificates`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              if (opts.limits?.payload != null && obj.payload === opts.limits.payload) {
                throw new MaxLengthError('Streaming decode error - repeated field "payload" had too many elements')
              }

              if (obj.payload === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "payload" had too many elements')
              }

              yield {
                field: `${prefix}.payload[]`,
                index: obj.payload,
                value: reader.bytes()
              }

              obj.payload++

              break
            }
            case 5: {
              yield {
                field: `${prefix}.election`,
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

  export interface ProposalHeaderFieldEvent {
    field: '$.header'
    value: Uint8Array
  }

  export interface ProposalSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export interface ProposalCertificatesFieldEvent {
    field: '$.certificates'
    value: Uint8Array
  }

  export interface ProposalPayloadFieldEvent {
    field: '$.payload[]'
    index: number
    value: Uint8Array
  }

  export interface ProposalElectionFieldEvent {
    field: '$.election'
    value: Uint8Array
  }

  export function encode (obj: Partial<Proposal>): Uint8Array {
    return encodeMessage(obj, Proposal.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Proposal>): Proposal {
    return decodeMessage(buf, Proposal.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Proposal>): Generator<ProposalHeaderFieldEvent | ProposalSignatureFieldEvent | ProposalCertificatesFieldEvent | ProposalPayloadFieldEvent | ProposalElectionFieldEvent> {
    return streamMessage(buf, Proposal.codec(), opts)
  }
}

export interface Vote {
  sn?: Sn
  blockHash: Uint8Array
  voter: number
  signature: Uint8Array
}

export namespace Vote {
  let _codec: Codec<Vote>

  export const codec = (): Codec<Vote> => {
    if (_codec == null) {
      _codec = message<Vote>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.sn != null) {
          w.uint32(10)
          Sn.codec().encode(obj.sn, w)
        }

        if ((obj.blockHash != null && obj.blockHash.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.blockHash)
        }

        if ((obj.voter != null && obj.voter !== 0)) {
          w.uint32(24)
          w.uint32(obj.voter)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.signature)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          blockHash: NO_BYTES,
          voter: 0,
          signature: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.sn = Sn.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.sn
              })
              break
            }
            case 2: {
              obj.blockHash = reader.bytes()
              break
            }
            case 3: {
              obj.voter = reader.uint32()
              break
            }
            case 4: {
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
              yield * Sn.codec().stream(reader, reader.uint32(), `${prefix}.sn`, {
                limits: opts.limits?.sn
              })

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
                field: `${prefix}.voter`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
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

  export interface VoteSnSessionFieldEvent {
    field: '$.sn.session'
    value: number
  }

  export interface VoteSnEpochFieldEvent {
    field: '$.sn.epoch'
    value: number
  }

  export interface VoteSnSFieldEvent {
    field: '$.sn.s'
    value: number
  }

  export interface VoteBlockHashFieldEvent {
    field: '$.blockHash'
    value: Uint8Array
  }

  export interface VoteVoterFieldEvent {
    field: '$.voter'
    value: number
  }

  export interface VoteSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<Vote>): Uint8Array {
    return encodeMessage(obj, Vote.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Vote>): Vote {
    return decodeMessage(buf, Vote.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Vote>): Generator<VoteSnSessionFieldEvent | VoteSnEpochFieldEvent | VoteSnSFieldEvent | VoteBlockHashFieldEvent | VoteVoterFieldEvent | VoteSignatureFieldEvent> {
    return streamMessage(buf, Vote.codec(), opts)
  }
}

export interface Clock {
  target?: Epoch
  voter: number
  signature: Uint8Array
  since?: Sn
}

export namespace Clock {
  let _codec: Codec<Clock>

  export const codec = (): Codec<Clock> => {
    if (_codec == null) {
      _codec = message<Clock>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.target != null) {
          w.uint32(10)
          Epoch.codec().encode(obj.target, w)
        }

        if ((obj.voter != null && obj.voter !== 0)) {
          w.uint32(16)
          w.uint32(obj.voter)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.signature)
        }

        if (obj.since != null) {
          w.uint32(34)
          Sn.codec().encode(obj.since, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          voter: 0,
          signature: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.target = Epoch.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.target
              })
              break
            }
            case 2: {
              obj.voter = reader.uint32()
              break
            }
            case 3: {
              obj.signature = reader.bytes()
              break
            }
            case 4: {
              obj.since = Sn.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.since
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
              yield * Epoch.codec().stream(reader, reader.uint32(), `${prefix}.target`, {
                limits: opts.limits?.target
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.voter`,
                value: reader.uint32()
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
            case 4: {
              yield * Sn.codec().stream(reader, reader.uint32(), `${prefix}.since`, {
                limits: opts.limits?.since
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

  export interface ClockTargetSessionFieldEvent {
    field: '$.target.session'
    value: number
  }

  export interface ClockTargetEpochFieldEvent {
    field: '$.target.epoch'
    value: number
  }

  export interface ClockVoterFieldEvent {
    field: '$.voter'
    value: number
  }

  export interface ClockSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export interface ClockSinceSessionFieldEvent {
    field: '$.since.session'
    value: number
  }

  export interface ClockSinceEpochFieldEvent {
    field: '$.since.epoch'
    value: number
  }

  export interface ClockSinceSFieldEvent {
    field: '$.since.s'
    value: number
  }

  export function encode (obj: Partial<Clock>): Uint8Array {
    return encodeMessage(obj, Clock.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Clock>): Clock {
    return decodeMessage(buf, Clock.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Clock>): Generator<ClockTargetSessionFieldEvent | ClockTargetEpochFieldEvent | ClockVoterFieldEvent | ClockSignatureFieldEvent | ClockSinceSessionFieldEvent | ClockSinceEpochFieldEvent | ClockSinceSFieldEvent> {
    return streamMessage(buf, Clock.codec(), opts)
  }
}

export interface EpochProof {
  clocks?: ClockNotarization
  block?: Notarization
}

export namespace EpochProof {
  let _codec: Codec<EpochProof>

  export const codec = (): Codec<EpochProof> => {
    if (_codec == null) {
      _codec = message<EpochProof>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.clocks != null) {
          w.uint32(10)
          ClockNotarization.codec().encode(obj.clocks, w)
        }

        if (obj.block != null) {
          w.uint32(18)
          Notarization.codec().encode(obj.block, w)
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
              obj.clocks = ClockNotarization.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.clocks
              })
              break
            }
            case 2: {
              obj.block = Notarization.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.block
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
              yield * ClockNotarization.codec().stream(reader, reader.uint32(), `${prefix}.clocks`, {
                limits: opts.limits?.clocks
              })

              break
            }
            case 2: {
              yield * Notarization.codec().stream(reader, reader.uint32(), `${prefix}.block`, {
                limits: opts.limits?.block
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

  export interface EpochProofClocksSessionFieldEvent {
    field: '$.clocks.session'
    value: number
  }

  export interface EpochProofClocksEpochFieldEvent {
    field: '$.clocks.epoch'
    value: number
  }

  export interface EpochProofClocksSignersFieldEvent {
    field: '$.clocks.signers'
    value: Uint8Array
  }

  export interface EpochProofClocksSignaturesFieldEvent {
    field: '$.clocks.signatures[]'
    index: number
    value: Uint8Array
  }

  export interface EpochProofBlockSessionFieldEvent {
    field: '$.block.session'
    value: number
  }

  export interface EpochProofBlockEpochFieldEvent {
    field: '$.block.epoch'
    value: number
  }

  export interface EpochProofBlockSFieldEvent {
    field: '$.block.s'
    value: number
  }

  export interface EpochProofBlockBlockHashFieldEvent {
    field: '$.block.blockHash'
    value: Uint8Array
  }

  export interface EpochProofBlockSignersFieldEvent {
    field: '$.block.signers'
    value: Uint8Array
  }

  export interface EpochProofBlockSignaturesFieldEvent {
    field: '$.block.signatures[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<EpochProof>): Uint8Array {
    return encodeMessage(obj, EpochProof.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochProof>): EpochProof {
    return decodeMessage(buf, EpochProof.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochProof>): Generator<EpochProofClocksSessionFieldEvent | EpochProofClocksEpochFieldEvent | EpochProofClocksSignersFieldEvent | EpochProofClocksSignaturesFieldEvent | EpochProofBlockSessionFieldEvent | EpochProofBlockEpochFieldEvent | EpochProofBlockSFieldEvent | EpochProofBlockBlockHashFieldEvent | EpochProofBlockSignersFieldEvent | EpochProofBlockSignaturesFieldEvent> {
    return streamMessage(buf, EpochProof.codec(), opts)
  }
}

export interface Status {
  epoch?: Epoch
  fnc?: BlockRef
  finalized?: BlockRef
  fncAtEntry?: Sn
}

export namespace Status {
  let _codec: Codec<Status>

  export const codec = (): Codec<Status> => {
    if (_codec == null) {
      _codec = message<Status>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.epoch != null) {
          w.uint32(10)
          Epoch.codec().encode(obj.epoch, w)
        }

        if (obj.fnc != null) {
          w.uint32(18)
          BlockRef.codec().encode(obj.fnc, w)
        }

        if (obj.finalized != null) {
          w.uint32(26)
          BlockRef.codec().encode(obj.finalized, w)
        }

        if (obj.fncAtEntry != null) {
          w.uint32(34)
          Sn.codec().encode(obj.fncAtEntry, w)
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
              obj.epoch = Epoch.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 2: {
              obj.fnc = BlockRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.fnc
              })
              break
            }
            case 3: {
              obj.finalized = BlockRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.finalized
              })
              break
            }
            case 4: {
              obj.fncAtEntry = Sn.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.fncAtEntry
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
              yield * Epoch.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 2: {
              yield * BlockRef.codec().stream(reader, reader.uint32(), `${prefix}.fnc`, {
                limits: opts.limits?.fnc
              })

              break
            }
            case 3: {
              yield * BlockRef.codec().stream(reader, reader.uint32(), `${prefix}.finalized`, {
                limits: opts.limits?.finalized
              })

              break
            }
            case 4: {
              yield * Sn.codec().stream(reader, reader.uint32(), `${prefix}.fncAtEntry`, {
                limits: opts.limits?.fncAtEntry
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

  export interface StatusEpochSessionFieldEvent {
    field: '$.epoch.session'
    value: number
  }

  export interface StatusEpochEpochFieldEvent {
    field: '$.epoch.epoch'
    value: number
  }

  export interface StatusFncSnSessionFieldEvent {
    field: '$.fnc.sn.session'
    value: number
  }

  export interface StatusFncSnEpochFieldEvent {
    field: '$.fnc.sn.epoch'
    value: number
  }

  export interface StatusFncSnSFieldEvent {
    field: '$.fnc.sn.s'
    value: number
  }

  export interface StatusFncHashFieldEvent {
    field: '$.fnc.hash'
    value: Uint8Array
  }

  export interface StatusFncHeightFieldEvent {
    field: '$.fnc.height'
    value: number
  }

  export interface StatusFinalizedSnSessionFieldEvent {
    field: '$.finalized.sn.session'
    value: number
  }

  export interface StatusFinalizedSnEpochFieldEvent {
    field: '$.finalized.sn.epoch'
    value: number
  }

  export interface StatusFinalizedSnSFieldEvent {
    field: '$.finalized.sn.s'
    value: number
  }

  export interface StatusFinalizedHashFieldEvent {
    field: '$.finalized.hash'
    value: Uint8Array
  }

  export interface StatusFinalizedHeightFieldEvent {
    field: '$.finalized.height'
    value: number
  }

  export interface StatusFncAtEntrySessionFieldEvent {
    field: '$.fncAtEntry.session'
    value: number
  }

  export interface StatusFncAtEntryEpochFieldEvent {
    field: '$.fncAtEntry.epoch'
    value: number
  }

  export interface StatusFncAtEntrySFieldEvent {
    field: '$.fncAtEntry.s'
    value: number
  }

  export function encode (obj: Partial<Status>): Uint8Array {
    return encodeMessage(obj, Status.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Status>): Status {
    return decodeMessage(buf, Status.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Status>): Generator<StatusEpochSessionFieldEvent | StatusEpochEpochFieldEvent | StatusFncSnSessionFieldEvent | StatusFncSnEpochFieldEvent | StatusFncSnSFieldEvent | StatusFncHashFieldEvent | StatusFncHeightFieldEvent | StatusFinalizedSnSessionFieldEvent | StatusFinalizedSnEpochFieldEvent | StatusFinalizedSnSFieldEvent | StatusFinalizedHashFieldEvent | StatusFinalizedHeightFieldEvent | StatusFncAtEntrySessionFieldEvent | StatusFncAtEntryEpochFieldEvent | StatusFncAtEntrySFieldEvent> {
    return streamMessage(buf, Status.codec(), opts)
  }
}

export interface GetFresher {
  requestId: number
  locator: BlockRef[]
  wanted: Uint8Array
}

export namespace GetFresher {
  let _codec: Codec<GetFresher>

  export const codec = (): Codec<GetFresher> => {
    if (_codec == null) {
      _codec = message<GetFresher>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if (obj.locator != null && obj.locator.length > 0) {
          for (const value of obj.locator) {
            w.uint32(18)
            BlockRef.codec().encode(value, w)
          }
        }

        if ((obj.wanted != null && obj.wanted.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.wanted)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          locator: [],
          wanted: NO_BYTES
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
              if (opts.limits?.locator != null && obj.locator.length === opts.limits.locator) {
                throw new MaxLengthError('Decode error - repeated field "locator" had too many elements')
              }

              if (obj.locator.length === 32) {
                throw new MaxLengthError('Decode error - repeated field "locator" had too many elements')
              }

              obj.locator.push(BlockRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.locator$
              }))
              break
            }
            case 3: {
              obj.wanted = reader.bytes()
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
          locator: 32
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
              if (opts.limits?.locator != null && obj.locator === opts.limits.locator) {
                throw new MaxLengthError('Streaming decode error - repeated field "locator" had too many elements')
              }

              if (obj.locator === 32) {
                throw new MaxLengthError('Streaming decode error - repeated field "locator" had too many elements')
              }

              for (const evt of BlockRef.codec().stream(reader, reader.uint32(), `${prefix}.locator[]`, {
                limits: opts.limits?.locator$
              })) {
                yield {
                  ...evt,
                  index: obj.locator
                }
              }

              obj.locator++

              break
            }
            case 3: {
              yield {
                field: `${prefix}.wanted`,
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

  export interface GetFresherRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface GetFresherLocatorSnSessionFieldEvent {
    field: '$.locator[].sn.session'
    value: number
    index: number
  }

  export interface GetFresherLocatorSnEpochFieldEvent {
    field: '$.locator[].sn.epoch'
    value: number
    index: number
  }

  export interface GetFresherLocatorSnSFieldEvent {
    field: '$.locator[].sn.s'
    value: number
    index: number
  }

  export interface GetFresherLocatorHashFieldEvent {
    field: '$.locator[].hash'
    value: Uint8Array
    index: number
  }

  export interface GetFresherLocatorHeightFieldEvent {
    field: '$.locator[].height'
    value: number
    index: number
  }

  export interface GetFresherWantedFieldEvent {
    field: '$.wanted'
    value: Uint8Array
  }

  export function encode (obj: Partial<GetFresher>): Uint8Array {
    return encodeMessage(obj, GetFresher.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetFresher>): GetFresher {
    return decodeMessage(buf, GetFresher.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetFresher>): Generator<GetFresherRequestIdFieldEvent | GetFresherLocatorSnSessionFieldEvent | GetFresherLocatorSnEpochFieldEvent | GetFresherLocatorSnSFieldEvent | GetFresherLocatorHashFieldEvent | GetFresherLocatorHeightFieldEvent | GetFresherWantedFieldEvent> {
    return streamMessage(buf, GetFresher.codec(), opts)
  }
}

export interface GetRange {
  requestId: number
  fromHeight: number
  toHeight: number
}

export namespace GetRange {
  let _codec: Codec<GetRange>

  export const codec = (): Codec<GetRange> => {
    if (_codec == null) {
      _codec = message<GetRange>((obj, w, opts = {}) => {
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

  export interface GetRangeRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface GetRangeFromHeightFieldEvent {
    field: '$.fromHeight'
    value: number
  }

  export interface GetRangeToHeightFieldEvent {
    field: '$.toHeight'
    value: number
  }

  export function encode (obj: Partial<GetRange>): Uint8Array {
    return encodeMessage(obj, GetRange.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetRange>): GetRange {
    return decodeMessage(buf, GetRange.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetRange>): Generator<GetRangeRequestIdFieldEvent | GetRangeFromHeightFieldEvent | GetRangeToHeightFieldEvent> {
    return streamMessage(buf, GetRange.codec(), opts)
  }
}

export interface NotarizedBlock {
  proposal: Uint8Array
  notarization: Uint8Array
}

export namespace NotarizedBlock {
  let _codec: Codec<NotarizedBlock>

  export const codec = (): Codec<NotarizedBlock> => {
    if (_codec == null) {
      _codec = message<NotarizedBlock>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.proposal != null && obj.proposal.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.proposal)
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
          proposal: NO_BYTES,
          notarization: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.proposal = reader.bytes()
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
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.proposal`,
                value: reader.bytes()
              }
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

  export interface NotarizedBlockProposalFieldEvent {
    field: '$.proposal'
    value: Uint8Array
  }

  export interface NotarizedBlockNotarizationFieldEvent {
    field: '$.notarization'
    value: Uint8Array
  }

  export function encode (obj: Partial<NotarizedBlock>): Uint8Array {
    return encodeMessage(obj, NotarizedBlock.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NotarizedBlock>): NotarizedBlock {
    return decodeMessage(buf, NotarizedBlock.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NotarizedBlock>): Generator<NotarizedBlockProposalFieldEvent | NotarizedBlockNotarizationFieldEvent> {
    return streamMessage(buf, NotarizedBlock.codec(), opts)
  }
}

export interface Blocks {
  requestId: number
  blocks: NotarizedBlock[]
}

export namespace Blocks {
  let _codec: Codec<Blocks>

  export const codec = (): Codec<Blocks> => {
    if (_codec == null) {
      _codec = message<Blocks>((obj, w, opts = {}) => {
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
            NotarizedBlock.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          blocks: []
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

              if (obj.blocks.length === 256) {
                throw new MaxLengthError('Decode error - repeated field "blocks" had too many elements')
              }

              obj.blocks.push(NotarizedBlock.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blocks$
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
          blocks: 256
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

              if (obj.blocks === 256) {
                throw new MaxLengthError('Streaming decode error - repeated field "blocks" had too many elements')
              }

              for (const evt of NotarizedBlock.codec().stream(reader, reader.uint32(), `${prefix}.blocks[]`, {
                limits: opts.limits?.blocks$
              })) {
                yield {
                  ...evt,
                  index: obj.blocks
                }
              }

              obj.blocks++

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

  export interface BlocksRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface BlocksBlocksProposalFieldEvent {
    field: '$.blocks[].proposal'
    value: Uint8Array
    index: number
  }

  export interface BlocksBlocksNotarizationFieldEvent {
    field: '$.blocks[].notarization'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<Blocks>): Uint8Array {
    return encodeMessage(obj, Blocks.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Blocks>): Blocks {
    return decodeMessage(buf, Blocks.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Blocks>): Generator<BlocksRequestIdFieldEvent | BlocksBlocksProposalFieldEvent | BlocksBlocksNotarizationFieldEvent> {
    return streamMessage(buf, Blocks.codec(), opts)
  }
}

export interface Inconsistent {
  requestId: number
  finalized?: BlockRef
}

export namespace Inconsistent {
  let _codec: Codec<Inconsistent>

  export const codec = (): Codec<Inconsistent> => {
    if (_codec == null) {
      _codec = message<Inconsistent>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if (obj.finalized != null) {
          w.uint32(18)
          BlockRef.codec().encode(obj.finalized, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0
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
              obj.finalized = BlockRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.finalized
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
                field: `${prefix}.requestId`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield * BlockRef.codec().stream(reader, reader.uint32(), `${prefix}.finalized`, {
                limits: opts.limits?.finalized
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

  export interface InconsistentRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface InconsistentFinalizedSnSessionFieldEvent {
    field: '$.finalized.sn.session'
    value: number
  }

  export interface InconsistentFinalizedSnEpochFieldEvent {
    field: '$.finalized.sn.epoch'
    value: number
  }

  export interface InconsistentFinalizedSnSFieldEvent {
    field: '$.finalized.sn.s'
    value: number
  }

  export interface InconsistentFinalizedHashFieldEvent {
    field: '$.finalized.hash'
    value: Uint8Array
  }

  export interface InconsistentFinalizedHeightFieldEvent {
    field: '$.finalized.height'
    value: number
  }

  export function encode (obj: Partial<Inconsistent>): Uint8Array {
    return encodeMessage(obj, Inconsistent.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Inconsistent>): Inconsistent {
    return decodeMessage(buf, Inconsistent.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Inconsistent>): Generator<InconsistentRequestIdFieldEvent | InconsistentFinalizedSnSessionFieldEvent | InconsistentFinalizedSnEpochFieldEvent | InconsistentFinalizedSnSFieldEvent | InconsistentFinalizedHashFieldEvent | InconsistentFinalizedHeightFieldEvent> {
    return streamMessage(buf, Inconsistent.codec(), opts)
  }
}

export interface GetProposals {
  epoch?: Epoch
  fnc?: Sn
}

export namespace GetProposals {
  let _codec: Codec<GetProposals>

  export const codec = (): Codec<GetProposals> => {
    if (_codec == null) {
      _codec = message<GetProposals>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.epoch != null) {
          w.uint32(10)
          Epoch.codec().encode(obj.epoch, w)
        }

        if (obj.fnc != null) {
          w.uint32(18)
          Sn.codec().encode(obj.fnc, w)
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
              obj.epoch = Epoch.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 2: {
              obj.fnc = Sn.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.fnc
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
              yield * Epoch.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 2: {
              yield * Sn.codec().stream(reader, reader.uint32(), `${prefix}.fnc`, {
                limits: opts.limits?.fnc
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

  export interface GetProposalsEpochSessionFieldEvent {
    field: '$.epoch.session'
    value: number
  }

  export interface GetProposalsEpochEpochFieldEvent {
    field: '$.epoch.epoch'
    value: number
  }

  export interface GetProposalsFncSessionFieldEvent {
    field: '$.fnc.session'
    value: number
  }

  export interface GetProposalsFncEpochFieldEvent {
    field: '$.fnc.epoch'
    value: number
  }

  export interface GetProposalsFncSFieldEvent {
    field: '$.fnc.s'
    value: number
  }

  export function encode (obj: Partial<GetProposals>): Uint8Array {
    return encodeMessage(obj, GetProposals.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetProposals>): GetProposals {
    return decodeMessage(buf, GetProposals.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetProposals>): Generator<GetProposalsEpochSessionFieldEvent | GetProposalsEpochEpochFieldEvent | GetProposalsFncSessionFieldEvent | GetProposalsFncEpochFieldEvent | GetProposalsFncSFieldEvent> {
    return streamMessage(buf, GetProposals.codec(), opts)
  }
}

export interface GetStatus {}

export namespace GetStatus {
  let _codec: Codec<GetStatus>

  export const codec = (): Codec<GetStatus> => {
    if (_codec == null) {
      _codec = message<GetStatus>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
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

  export function encode (obj: Partial<GetStatus>): Uint8Array {
    return encodeMessage(obj, GetStatus.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetStatus>): GetStatus {
    return decodeMessage(buf, GetStatus.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GetStatus>): Generator<{}> {
    return streamMessage(buf, GetStatus.codec(), opts)
  }
}

export interface Presence {
  instance: Uint8Array
  echo: Uint8Array
}

export namespace Presence {
  let _codec: Codec<Presence>

  export const codec = (): Codec<Presence> => {
    if (_codec == null) {
      _codec = message<Presence>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.instance != null && obj.instance.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.instance)
        }

        if ((obj.echo != null && obj.echo.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.echo)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          instance: NO_BYTES,
          echo: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.instance = reader.bytes()
              break
            }
            case 2: {
              obj.echo = reader.bytes()
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
                field: `${prefix}.instance`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.echo`,
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

  export interface PresenceInstanceFieldEvent {
    field: '$.instance'
    value: Uint8Array
  }

  export interface PresenceEchoFieldEvent {
    field: '$.echo'
    value: Uint8Array
  }

  export function encode (obj: Partial<Presence>): Uint8Array {
    return encodeMessage(obj, Presence.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Presence>): Presence {
    return decodeMessage(buf, Presence.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Presence>): Generator<PresenceInstanceFieldEvent | PresenceEchoFieldEvent> {
    return streamMessage(buf, Presence.codec(), opts)
  }
}

export interface PalaMessage {
  proposal: Uint8Array
  vote?: Vote
  notarization?: Notarization
  clock?: Clock
  clockNotarization?: ClockNotarization
  status?: Status
  getStatus?: GetStatus
  getEpoch?: Epoch
  epochProof?: EpochProof
  getFresher?: GetFresher
  getRange?: GetRange
  blocks?: Blocks
  inconsistent?: Inconsistent
  getProposals?: GetProposals
  getClocks?: Epoch
  evidence: Uint8Array
  presence?: Presence
}

export namespace PalaMessage {
  let _codec: Codec<PalaMessage>

  export const codec = (): Codec<PalaMessage> => {
    if (_codec == null) {
      _codec = message<PalaMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.proposal != null && obj.proposal.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.proposal)
        }

        if (obj.vote != null) {
          w.uint32(18)
          Vote.codec().encode(obj.vote, w)
        }

        if (obj.notarization != null) {
          w.uint32(26)
          Notarization.codec().encode(obj.notarization, w)
        }

        if (obj.clock != null) {
          w.uint32(34)
          Clock.codec().encode(obj.clock, w)
        }

        if (obj.clockNotarization != null) {
          w.uint32(42)
          ClockNotarization.codec().encode(obj.clockNotarization, w)
        }

        if (obj.status != null) {
          w.uint32(50)
          Status.codec().encode(obj.status, w)
        }

        if (obj.getStatus != null) {
          w.uint32(58)
          GetStatus.codec().encode(obj.getStatus, w)
        }

        if (obj.getEpoch != null) {
          w.uint32(66)
          Epoch.codec().encode(obj.getEpoch, w)
        }

        if (obj.epochProof != null) {
          w.uint32(74)
          EpochProof.codec().encode(obj.epochProof, w)
        }

        if (obj.getFresher != null) {
          w.uint32(82)
          GetFresher.codec().encode(obj.getFresher, w)
        }

        if (obj.getRange != null) {
          w.uint32(90)
          GetRange.codec().encode(obj.getRange, w)
        }

        if (obj.blocks != null) {
          w.uint32(98)
          Blocks.codec().encode(obj.blocks, w)
        }

        if (obj.inconsistent != null) {
          w.uint32(106)
          Inconsistent.codec().encode(obj.inconsistent, w)
        }

        if (obj.getProposals != null) {
          w.uint32(114)
          GetProposals.codec().encode(obj.getProposals, w)
        }

        if (obj.getClocks != null) {
          w.uint32(122)
          Epoch.codec().encode(obj.getClocks, w)
        }

        if ((obj.evidence != null && obj.evidence.byteLength > 0)) {
          w.uint32(130)
          w.bytes(obj.evidence)
        }

        if (obj.presence != null) {
          w.uint32(138)
          Presence.codec().encode(obj.presence, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          proposal: NO_BYTES,
          evidence: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.proposal = reader.bytes()
              break
            }
            case 2: {
              obj.vote = Vote.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.vote
              })
              break
            }
            case 3: {
              obj.notarization = Notarization.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.notarization
              })
              break
            }
            case 4: {
              obj.clock = Clock.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.clock
              })
              break
            }
            case 5: {
              obj.clockNotarization = ClockNotarization.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.clockNotarization
              })
              break
            }
            case 6: {
              obj.status = Status.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.status
              })
              break
            }
            case 7: {
              obj.getStatus = GetStatus.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.getStatus
              })
              break
            }
            case 8: {
              obj.getEpoch = Epoch.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.getEpoch
              })
              break
            }
            case 9: {
              obj.epochProof = EpochProof.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epochProof
              })
              break
            }
            case 10: {
              obj.getFresher = GetFresher.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.getFresher
              })
              break
            }
            case 11: {
              obj.getRange = GetRange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.getRange
              })
              break
            }
            case 12: {
              obj.blocks = Blocks.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blocks
              })
              break
            }
            case 13: {
              obj.inconsistent = Inconsistent.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.inconsistent
              })
              break
            }
            case 14: {
              obj.getProposals = GetProposals.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.getProposals
              })
              break
            }
            case 15: {
              obj.getClocks = Epoch.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.getClocks
              })
              break
            }
            case 16: {
              obj.evidence = reader.bytes()
              break
            }
            case 17: {
              obj.presence = Presence.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.presence
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
                field: `${prefix}.proposal`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield * Vote.codec().stream(reader, reader.uint32(), `${prefix}.vote`, {
                limits: opts.limits?.vote
              })

              break
            }
            case 3: {
              yield * Notarization.codec().stream(reader, reader.uint32(), `${prefix}.notarization`, {
                limits: opts.limits?.notarization
              })

              break
            }
            case 4: {
              yield * Clock.codec().stream(reader, reader.uint32(), `${prefix}.clock`, {
                limits: opts.limits?.clock
              })

              break
            }
            case 5: {
              yield * ClockNotarization.codec().stream(reader, reader.uint32(), `${prefix}.clockNotarization`, {
                limits: opts.limits?.clockNotarization
              })

              break
            }
            case 6: {
              yield * Status.codec().stream(reader, reader.uint32(), `${prefix}.status`, {
                limits: opts.limits?.status
              })

              break
            }
            case 7: {
              yield * GetStatus.codec().stream(reader, reader.uint32(), `${prefix}.getStatus`, {
                limits: opts.limits?.getStatus
              })

              break
            }
            case 8: {
              yield * Epoch.codec().stream(reader, reader.uint32(), `${prefix}.getEpoch`, {
                limits: opts.limits?.getEpoch
              })

              break
            }
            case 9: {
              yield * EpochProof.codec().stream(reader, reader.uint32(), `${prefix}.epochProof`, {
                limits: opts.limits?.epochProof
              })

              break
            }
            case 10: {
              yield * GetFresher.codec().stream(reader, reader.uint32(), `${prefix}.getFresher`, {
                limits: opts.limits?.getFresher
              })

              break
            }
            case 11: {
              yield * GetRange.codec().stream(reader, reader.uint32(), `${prefix}.getRange`, {
                limits: opts.limits?.getRange
              })

              break
            }
            case 12: {
              yield * Blocks.codec().stream(reader, reader.uint32(), `${prefix}.blocks`, {
                limits: opts.limits?.blocks
              })

              break
            }
            case 13: {
              yield * Inconsistent.codec().stream(reader, reader.uint32(), `${prefix}.inconsistent`, {
                limits: opts.limits?.inconsistent
              })

              break
            }
            case 14: {
              yield * GetProposals.codec().stream(reader, reader.uint32(), `${prefix}.getProposals`, {
                limits: opts.limits?.getProposals
              })

              break
            }
            case 15: {
              yield * Epoch.codec().stream(reader, reader.uint32(), `${prefix}.getClocks`, {
                limits: opts.limits?.getClocks
              })

              break
            }
            case 16: {
              yield {
                field: `${prefix}.evidence`,
                value: reader.bytes()
              }
              break
            }
            case 17: {
              yield * Presence.codec().stream(reader, reader.uint32(), `${prefix}.presence`, {
                limits: opts.limits?.presence
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

  export interface PalaMessageProposalFieldEvent {
    field: '$.proposal'
    value: Uint8Array
  }

  export interface PalaMessageVoteSnSessionFieldEvent {
    field: '$.vote.sn.session'
    value: number
  }

  export interface PalaMessageVoteSnEpochFieldEvent {
    field: '$.vote.sn.epoch'
    value: number
  }

  export interface PalaMessageVoteSnSFieldEvent {
    field: '$.vote.sn.s'
    value: number
  }

  export interface PalaMessageVoteBlockHashFieldEvent {
    field: '$.vote.blockHash'
    value: Uint8Array
  }

  export interface PalaMessageVoteVoterFieldEvent {
    field: '$.vote.voter'
    value: number
  }

  export interface PalaMessageVoteSignatureFieldEvent {
    field: '$.vote.signature'
    value: Uint8Array
  }

  export interface PalaMessageNotarizationSessionFieldEvent {
    field: '$.notarization.session'
    value: number
  }

  export interface PalaMessageNotarizationEpochFieldEvent {
    field: '$.notarization.epoch'
    value: number
  }

  export interface PalaMessageNotarizationSFieldEvent {
    field: '$.notarization.s'
    value: number
  }

  export interface PalaMessageNotarizationBlockHashFieldEvent {
    field: '$.notarization.blockHash'
    value: Uint8Array
  }

  export interface PalaMessageNotarizationSignersFieldEvent {
    field: '$.notarization.signers'
    value: Uint8Array
  }

  export interface PalaMessageNotarizationSignaturesFieldEvent {
    field: '$.notarization.signatures[]'
    index: number
    value: Uint8Array
  }

  export interface PalaMessageClockTargetSessionFieldEvent {
    field: '$.clock.target.session'
    value: number
  }

  export interface PalaMessageClockTargetEpochFieldEvent {
    field: '$.clock.target.epoch'
    value: number
  }

  export interface PalaMessageClockVoterFieldEvent {
    field: '$.clock.voter'
    value: number
  }

  export interface PalaMessageClockSignatureFieldEvent {
    field: '$.clock.signature'
    value: Uint8Array
  }

  export interface PalaMessageClockSinceSessionFieldEvent {
    field: '$.clock.since.session'
    value: number
  }

  export interface PalaMessageClockSinceEpochFieldEvent {
    field: '$.clock.since.epoch'
    value: number
  }

  export interface PalaMessageClockSinceSFieldEvent {
    field: '$.clock.since.s'
    value: number
  }

  export interface PalaMessageClockNotarizationSessionFieldEvent {
    field: '$.clockNotarization.session'
    value: number
  }

  export interface PalaMessageClockNotarizationEpochFieldEvent {
    field: '$.clockNotarization.epoch'
    value: number
  }

  export interface PalaMessageClockNotarizationSignersFieldEvent {
    field: '$.clockNotarization.signers'
    value: Uint8Array
  }

  export interface PalaMessageClockNotarizationSignaturesFieldEvent {
    field: '$.clockNotarization.signatures[]'
    index: number
    value: Uint8Array
  }

  export interface PalaMessageStatusEpochSessionFieldEvent {
    field: '$.status.epoch.session'
    value: number
  }

  export interface PalaMessageStatusEpochEpochFieldEvent {
    field: '$.status.epoch.epoch'
    value: number
  }

  export interface PalaMessageStatusFncSnSessionFieldEvent {
    field: '$.status.fnc.sn.session'
    value: number
  }

  export interface PalaMessageStatusFncSnEpochFieldEvent {
    field: '$.status.fnc.sn.epoch'
    value: number
  }

  export interface PalaMessageStatusFncSnSFieldEvent {
    field: '$.status.fnc.sn.s'
    value: number
  }

  export interface PalaMessageStatusFncHashFieldEvent {
    field: '$.status.fnc.hash'
    value: Uint8Array
  }

  export interface PalaMessageStatusFncHeightFieldEvent {
    field: '$.status.fnc.height'
    value: number
  }

  export interface PalaMessageStatusFinalizedSnSessionFieldEvent {
    field: '$.status.finalized.sn.session'
    value: number
  }

  export interface PalaMessageStatusFinalizedSnEpochFieldEvent {
    field: '$.status.finalized.sn.epoch'
    value: number
  }

  export interface PalaMessageStatusFinalizedSnSFieldEvent {
    field: '$.status.finalized.sn.s'
    value: number
  }

  export interface PalaMessageStatusFinalizedHashFieldEvent {
    field: '$.status.finalized.hash'
    value: Uint8Array
  }

  export interface PalaMessageStatusFinalizedHeightFieldEvent {
    field: '$.status.finalized.height'
    value: number
  }

  export interface PalaMessageStatusFncAtEntrySessionFieldEvent {
    field: '$.status.fncAtEntry.session'
    value: number
  }

  export interface PalaMessageStatusFncAtEntryEpochFieldEvent {
    field: '$.status.fncAtEntry.epoch'
    value: number
  }

  export interface PalaMessageStatusFncAtEntrySFieldEvent {
    field: '$.status.fncAtEntry.s'
    value: number
  }

  export interface PalaMessageGetEpochSessionFieldEvent {
    field: '$.getEpoch.session'
    value: number
  }

  export interface PalaMessageGetEpochEpochFieldEvent {
    field: '$.getEpoch.epoch'
    value: number
  }

  export interface PalaMessageEpochProofClocksSessionFieldEvent {
    field: '$.epochProof.clocks.session'
    value: number
  }

  export interface PalaMessageEpochProofClocksEpochFieldEvent {
    field: '$.epochProof.clocks.epoch'
    value: number
  }

  export interface PalaMessageEpochProofClocksSignersFieldEvent {
    field: '$.epochProof.clocks.signers'
    value: Uint8Array
  }

  export interface PalaMessageEpochProofClocksSignaturesFieldEvent {
    field: '$.epochProof.clocks.signatures[]'
    index: number
    value: Uint8Array
  }

  export interface PalaMessageEpochProofBlockSessionFieldEvent {
    field: '$.epochProof.block.session'
    value: number
  }

  export interface PalaMessageEpochProofBlockEpochFieldEvent {
    field: '$.epochProof.block.epoch'
    value: number
  }

  export interface PalaMessageEpochProofBlockSFieldEvent {
    field: '$.epochProof.block.s'
    value: number
  }

  export interface PalaMessageEpochProofBlockBlockHashFieldEvent {
    field: '$.epochProof.block.blockHash'
    value: Uint8Array
  }

  export interface PalaMessageEpochProofBlockSignersFieldEvent {
    field: '$.epochProof.block.signers'
    value: Uint8Array
  }

  export interface PalaMessageEpochProofBlockSignaturesFieldEvent {
    field: '$.epochProof.block.signatures[]'
    index: number
    value: Uint8Array
  }

  export interface PalaMessageGetFresherRequestIdFieldEvent {
    field: '$.getFresher.requestId'
    value: number
  }

  export interface PalaMessageGetFresherLocatorSnSessionFieldEvent {
    field: '$.getFresher.locator[].sn.session'
    value: number
    index: number
  }

  export interface PalaMessageGetFresherLocatorSnEpochFieldEvent {
    field: '$.getFresher.locator[].sn.epoch'
    value: number
    index: number
  }

  export interface PalaMessageGetFresherLocatorSnSFieldEvent {
    field: '$.getFresher.locator[].sn.s'
    value: number
    index: number
  }

  export interface PalaMessageGetFresherLocatorHashFieldEvent {
    field: '$.getFresher.locator[].hash'
    value: Uint8Array
    index: number
  }

  export interface PalaMessageGetFresherLocatorHeightFieldEvent {
    field: '$.getFresher.locator[].height'
    value: number
    index: number
  }

  export interface PalaMessageGetFresherWantedFieldEvent {
    field: '$.getFresher.wanted'
    value: Uint8Array
  }

  export interface PalaMessageGetRangeRequestIdFieldEvent {
    field: '$.getRange.requestId'
    value: number
  }

  export interface PalaMessageGetRangeFromHeightFieldEvent {
    field: '$.getRange.fromHeight'
    value: number
  }

  export interface PalaMessageGetRangeToHeightFieldEvent {
    field: '$.getRange.toHeight'
    value: number
  }

  export interface PalaMessageBlocksRequestIdFieldEvent {
    field: '$.blocks.requestId'
    value: number
  }

  export interface PalaMessageBlocksBlocksProposalFieldEvent {
    field: '$.blocks.blocks[].proposal'
    value: Uint8Array
    index: number
  }

  export interface PalaMessageBlocksBlocksNotarizationFieldEvent {
    field: '$.blocks.blocks[].notarization'
    value: Uint8Array
    index: number
  }

  export interface PalaMessageInconsistentRequestIdFieldEvent {
    field: '$.inconsistent.requestId'
    value: number
  }

  export interface PalaMessageInconsistentFinalizedSnSessionFieldEvent {
    field: '$.inconsistent.finalized.sn.session'
    value: number
  }

  export interface PalaMessageInconsistentFinalizedSnEpochFieldEvent {
    field: '$.inconsistent.finalized.sn.epoch'
    value: number
  }

  export interface PalaMessageInconsistentFinalizedSnSFieldEvent {
    field: '$.inconsistent.finalized.sn.s'
    value: number
  }

  export interface PalaMessageInconsistentFinalizedHashFieldEvent {
    field: '$.inconsistent.finalized.hash'
    value: Uint8Array
  }

  export interface PalaMessageInconsistentFinalizedHeightFieldEvent {
    field: '$.inconsistent.finalized.height'
    value: number
  }

  export interface PalaMessageGetProposalsEpochSessionFieldEvent {
    field: '$.getProposals.epoch.session'
    value: number
  }

  export interface PalaMessageGetProposalsEpochEpochFieldEvent {
    field: '$.getProposals.epoch.epoch'
    value: number
  }

  export interface PalaMessageGetProposalsFncSessionFieldEvent {
    field: '$.getProposals.fnc.session'
    value: number
  }

  export interface PalaMessageGetProposalsFncEpochFieldEvent {
    field: '$.getProposals.fnc.epoch'
    value: number
  }

  export interface PalaMessageGetProposalsFncSFieldEvent {
    field: '$.getProposals.fnc.s'
    value: number
  }

  export interface PalaMessageGetClocksSessionFieldEvent {
    field: '$.getClocks.session'
    value: number
  }

  export interface PalaMessageGetClocksEpochFieldEvent {
    field: '$.getClocks.epoch'
    value: number
  }

  export interface PalaMessageEvidenceFieldEvent {
    field: '$.evidence'
    value: Uint8Array
  }

  export interface PalaMessagePresenceInstanceFieldEvent {
    field: '$.presence.instance'
    value: Uint8Array
  }

  export interface PalaMessagePresenceEchoFieldEvent {
    field: '$.presence.echo'
    value: Uint8Array
  }

  export function encode (obj: Partial<PalaMessage>): Uint8Array {
    return encodeMessage(obj, PalaMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PalaMessage>): PalaMessage {
    return decodeMessage(buf, PalaMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PalaMessage>): Generator<PalaMessageProposalFieldEvent | PalaMessageVoteSnSessionFieldEvent | PalaMessageVoteSnEpochFieldEvent | PalaMessageVoteSnSFieldEvent | PalaMessageVoteBlockHashFieldEvent | PalaMessageVoteVoterFieldEvent | PalaMessageVoteSignatureFieldEvent | PalaMessageNotarizationSessionFieldEvent | PalaMessageNotarizationEpochFieldEvent | PalaMessageNotarizationSFieldEvent | PalaMessageNotarizationBlockHashFieldEvent | PalaMessageNotarizationSignersFieldEvent | PalaMessageNotarizationSignaturesFieldEvent | PalaMessageClockTargetSessionFieldEvent | PalaMessageClockTargetEpochFieldEvent | PalaMessageClockVoterFieldEvent | PalaMessageClockSignatureFieldEvent | PalaMessageClockSinceSessionFieldEvent | PalaMessageClockSinceEpochFieldEvent | PalaMessageClockSinceSFieldEvent | PalaMessageClockNotarizationSessionFieldEvent | PalaMessageClockNotarizationEpochFieldEvent | PalaMessageClockNotarizationSignersFieldEvent | PalaMessageClockNotarizationSignaturesFieldEvent | PalaMessageStatusEpochSessionFieldEvent | PalaMessageStatusEpochEpochFieldEvent | PalaMessageStatusFncSnSessionFieldEvent | PalaMessageStatusFncSnEpochFieldEvent | PalaMessageStatusFncSnSFieldEvent | PalaMessageStatusFncHashFieldEvent | PalaMessageStatusFncHeightFieldEvent | PalaMessageStatusFinalizedSnSessionFieldEvent | PalaMessageStatusFinalizedSnEpochFieldEvent | PalaMessageStatusFinalizedSnSFieldEvent | PalaMessageStatusFinalizedHashFieldEvent | PalaMessageStatusFinalizedHeightFieldEvent | PalaMessageStatusFncAtEntrySessionFieldEvent | PalaMessageStatusFncAtEntryEpochFieldEvent | PalaMessageStatusFncAtEntrySFieldEvent | PalaMessageGetEpochSessionFieldEvent | PalaMessageGetEpochEpochFieldEvent | PalaMessageEpochProofClocksSessionFieldEvent | PalaMessageEpochProofClocksEpochFieldEvent | PalaMessageEpochProofClocksSignersFieldEvent | PalaMessageEpochProofClocksSignaturesFieldEvent | PalaMessageEpochProofBlockSessionFieldEvent | PalaMessageEpochProofBlockEpochFieldEvent | PalaMessageEpochProofBlockSFieldEvent | PalaMessageEpochProofBlockBlockHashFieldEvent | PalaMessageEpochProofBlockSignersFieldEvent | PalaMessageEpochProofBlockSignaturesFieldEvent | PalaMessageGetFresherRequestIdFieldEvent | PalaMessageGetFresherLocatorSnSessionFieldEvent | PalaMessageGetFresherLocatorSnEpochFieldEvent | PalaMessageGetFresherLocatorSnSFieldEvent | PalaMessageGetFresherLocatorHashFieldEvent | PalaMessageGetFresherLocatorHeightFieldEvent | PalaMessageGetFresherWantedFieldEvent | PalaMessageGetRangeRequestIdFieldEvent | PalaMessageGetRangeFromHeightFieldEvent | PalaMessageGetRangeToHeightFieldEvent | PalaMessageBlocksRequestIdFieldEvent | PalaMessageBlocksBlocksProposalFieldEvent | PalaMessageBlocksBlocksNotarizationFieldEvent | PalaMessageInconsistentRequestIdFieldEvent | PalaMessageInconsistentFinalizedSnSessionFieldEvent | PalaMessageInconsistentFinalizedSnEpochFieldEvent | PalaMessageInconsistentFinalizedSnSFieldEvent | PalaMessageInconsistentFinalizedHashFieldEvent | PalaMessageInconsistentFinalizedHeightFieldEvent | PalaMessageGetProposalsEpochSessionFieldEvent | PalaMessageGetProposalsEpochEpochFieldEvent | PalaMessageGetProposalsFncSessionFieldEvent | PalaMessageGetProposalsFncEpochFieldEvent | PalaMessageGetProposalsFncSFieldEvent | PalaMessageGetClocksSessionFieldEvent | PalaMessageGetClocksEpochFieldEvent | PalaMessageEvidenceFieldEvent | PalaMessagePresenceInstanceFieldEvent | PalaMessagePresenceEchoFieldEvent> {
    return streamMessage(buf, PalaMessage.codec(), opts)
  }
}

export interface SessionRecord {
  session: Uint8Array
  stop?: BlockRef
}

export namespace SessionRecord {
  let _codec: Codec<SessionRecord>

  export const codec = (): Codec<SessionRecord> => {
    if (_codec == null) {
      _codec = message<SessionRecord>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.session)
        }

        if (obj.stop != null) {
          w.uint32(18)
          BlockRef.codec().encode(obj.stop, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.bytes()
              break
            }
            case 2: {
              obj.stop = BlockRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.stop
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
                field: `${prefix}.session`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield * BlockRef.codec().stream(reader, reader.uint32(), `${prefix}.stop`, {
                limits: opts.limits?.stop
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

  export interface SessionRecordSessionFieldEvent {
    field: '$.session'
    value: Uint8Array
  }

  export interface SessionRecordStopSnSessionFieldEvent {
    field: '$.stop.sn.session'
    value: number
  }

  export interface SessionRecordStopSnEpochFieldEvent {
    field: '$.stop.sn.epoch'
    value: number
  }

  export interface SessionRecordStopSnSFieldEvent {
    field: '$.stop.sn.s'
    value: number
  }

  export interface SessionRecordStopHashFieldEvent {
    field: '$.stop.hash'
    value: Uint8Array
  }

  export interface SessionRecordStopHeightFieldEvent {
    field: '$.stop.height'
    value: number
  }

  export function encode (obj: Partial<SessionRecord>): Uint8Array {
    return encodeMessage(obj, SessionRecord.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionRecord>): SessionRecord {
    return decodeMessage(buf, SessionRecord.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionRecord>): Generator<SessionRecordSessionFieldEvent | SessionRecordStopSnSessionFieldEvent | SessionRecordStopSnEpochFieldEvent | SessionRecordStopSnSFieldEvent | SessionRecordStopHashFieldEvent | SessionRecordStopHeightFieldEvent> {
    return streamMessage(buf, SessionRecord.codec(), opts)
  }
}

export interface EpochRecord {
  epoch?: Epoch
  proof?: EpochProof
  fncAtEntry?: BlockRef
  bySession: boolean
}

export namespace EpochRecord {
  let _codec: Codec<EpochRecord>

  export const codec = (): Codec<EpochRecord> => {
    if (_codec == null) {
      _codec = message<EpochRecord>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.epoch != null) {
          w.uint32(10)
          Epoch.codec().encode(obj.epoch, w)
        }

        if (obj.proof != null) {
          w.uint32(18)
          EpochProof.codec().encode(obj.proof, w)
        }

        if (obj.fncAtEntry != null) {
          w.uint32(26)
          BlockRef.codec().encode(obj.fncAtEntry, w)
        }

        if ((obj.bySession != null && obj.bySession !== false)) {
          w.uint32(32)
          w.bool(obj.bySession)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          bySession: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.epoch = Epoch.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 2: {
              obj.proof = EpochProof.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.proof
              })
              break
            }
            case 3: {
              obj.fncAtEntry = BlockRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.fncAtEntry
              })
              break
            }
            case 4: {
              obj.bySession = reader.bool()
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
              yield * Epoch.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 2: {
              yield * EpochProof.codec().stream(reader, reader.uint32(), `${prefix}.proof`, {
                limits: opts.limits?.proof
              })

              break
            }
            case 3: {
              yield * BlockRef.codec().stream(reader, reader.uint32(), `${prefix}.fncAtEntry`, {
                limits: opts.limits?.fncAtEntry
              })

              break
            }
            case 4: {
              yield {
                field: `${prefix}.bySession`,
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

  export interface EpochRecordEpochSessionFieldEvent {
    field: '$.epoch.session'
    value: number
  }

  export interface EpochRecordEpochEpochFieldEvent {
    field: '$.epoch.epoch'
    value: number
  }

  export interface EpochRecordProofClocksSessionFieldEvent {
    field: '$.proof.clocks.session'
    value: number
  }

  export interface EpochRecordProofClocksEpochFieldEvent {
    field: '$.proof.clocks.epoch'
    value: number
  }

  export interface EpochRecordProofClocksSignersFieldEvent {
    field: '$.proof.clocks.signers'
    value: Uint8Array
  }

  export interface EpochRecordProofClocksSignaturesFieldEvent {
    field: '$.proof.clocks.signatures[]'
    index: number
    value: Uint8Array
  }

  export interface EpochRecordProofBlockSessionFieldEvent {
    field: '$.proof.block.session'
    value: number
  }

  export interface EpochRecordProofBlockEpochFieldEvent {
    field: '$.proof.block.epoch'
    value: number
  }

  export interface EpochRecordProofBlockSFieldEvent {
    field: '$.proof.block.s'
    value: number
  }

  export interface EpochRecordProofBlockBlockHashFieldEvent {
    field: '$.proof.block.blockHash'
    value: Uint8Array
  }

  export interface EpochRecordProofBlockSignersFieldEvent {
    field: '$.proof.block.signers'
    value: Uint8Array
  }

  export interface EpochRecordProofBlockSignaturesFieldEvent {
    field: '$.proof.block.signatures[]'
    index: number
    value: Uint8Array
  }

  export interface EpochRecordFncAtEntrySnSessionFieldEvent {
    field: '$.fncAtEntry.sn.session'
    value: number
  }

  export interface EpochRecordFncAtEntrySnEpochFieldEvent {
    field: '$.fncAtEntry.sn.epoch'
    value: number
  }

  export interface EpochRecordFncAtEntrySnSFieldEvent {
    field: '$.fncAtEntry.sn.s'
    value: number
  }

  export interface EpochRecordFncAtEntryHashFieldEvent {
    field: '$.fncAtEntry.hash'
    value: Uint8Array
  }

  export interface EpochRecordFncAtEntryHeightFieldEvent {
    field: '$.fncAtEntry.height'
    value: number
  }

  export interface EpochRecordBySessionFieldEvent {
    field: '$.bySession'
    value: boolean
  }

  export function encode (obj: Partial<EpochRecord>): Uint8Array {
    return encodeMessage(obj, EpochRecord.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochRecord>): EpochRecord {
    return decodeMessage(buf, EpochRecord.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochRecord>): Generator<EpochRecordEpochSessionFieldEvent | EpochRecordEpochEpochFieldEvent | EpochRecordProofClocksSessionFieldEvent | EpochRecordProofClocksEpochFieldEvent | EpochRecordProofClocksSignersFieldEvent | EpochRecordProofClocksSignaturesFieldEvent | EpochRecordProofBlockSessionFieldEvent | EpochRecordProofBlockEpochFieldEvent | EpochRecordProofBlockSFieldEvent | EpochRecordProofBlockBlockHashFieldEvent | EpochRecordProofBlockSignersFieldEvent | EpochRecordProofBlockSignaturesFieldEvent | EpochRecordFncAtEntrySnSessionFieldEvent | EpochRecordFncAtEntrySnEpochFieldEvent | EpochRecordFncAtEntrySnSFieldEvent | EpochRecordFncAtEntryHashFieldEvent | EpochRecordFncAtEntryHeightFieldEvent | EpochRecordBySessionFieldEvent> {
    return streamMessage(buf, EpochRecord.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

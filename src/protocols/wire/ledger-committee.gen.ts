// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface NewMember {
  key: Uint8Array
  org: string
  weight: number
  proposer: boolean
  voter: boolean
}

export namespace NewMember {
  let _codec: Codec<NewMember>

  export const codec = (): Codec<NewMember> => {
    if (_codec == null) {
      _codec = message<NewMember>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.key != null && obj.key.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.key)
        }

        if ((obj.org != null && obj.org !== '')) {
          w.uint32(18)
          w.string(obj.org)
        }

        if ((obj.weight != null && obj.weight !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.weight)
        }

        if ((obj.proposer != null && obj.proposer !== false)) {
          w.uint32(32)
          w.bool(obj.proposer)
        }

        if ((obj.voter != null && obj.voter !== false)) {
          w.uint32(40)
          w.bool(obj.voter)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          key: NO_BYTES,
          org: '',
          weight: 0,
          proposer: false,
          voter: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.key = reader.bytes()
              break
            }
            case 2: {
              obj.org = reader.string()
              break
            }
            case 3: {
              obj.weight = reader.uint64Number()
              break
            }
            case 4: {
              obj.proposer = reader.bool()
              break
            }
            case 5: {
              obj.voter = reader.bool()
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
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.org`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.weight`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.proposer`,
                value: reader.bool()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.voter`,
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

  export interface NewMemberKeyFieldEvent {
    field: '$.key'
    value: Uint8Array
  }

  export interface NewMemberOrgFieldEvent {
    field: '$.org'
    value: string
  }

  export interface NewMemberWeightFieldEvent {
    field: '$.weight'
    value: number
  }

  export interface NewMemberProposerFieldEvent {
    field: '$.proposer'
    value: boolean
  }

  export interface NewMemberVoterFieldEvent {
    field: '$.voter'
    value: boolean
  }

  export function encode (obj: Partial<NewMember>): Uint8Array {
    return encodeMessage(obj, NewMember.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NewMember>): NewMember {
    return decodeMessage(buf, NewMember.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NewMember>): Generator<NewMemberKeyFieldEvent | NewMemberOrgFieldEvent | NewMemberWeightFieldEvent | NewMemberProposerFieldEvent | NewMemberVoterFieldEvent> {
    return streamMessage(buf, NewMember.codec(), opts)
  }
}

export interface MemberReplacement {
  old: Uint8Array
  key: Uint8Array
  org: string
  weight: number
}

export namespace MemberReplacement {
  let _codec: Codec<MemberReplacement>

  export const codec = (): Codec<MemberReplacement> => {
    if (_codec == null) {
      _codec = message<MemberReplacement>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.old != null && obj.old.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.old)
        }

        if ((obj.key != null && obj.key.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.key)
        }

        if ((obj.org != null && obj.org !== '')) {
          w.uint32(26)
          w.string(obj.org)
        }

        if ((obj.weight != null && obj.weight !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.weight)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          old: NO_BYTES,
          key: NO_BYTES,
          org: '',
          weight: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.old = reader.bytes()
              break
            }
            case 2: {
              obj.key = reader.bytes()
              break
            }
            case 3: {
              obj.org = reader.string()
              break
            }
            case 4: {
              obj.weight = reader.uint64Number()
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
                field: `${prefix}.old`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.key`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.org`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.weight`,
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

  export interface MemberReplacementOldFieldEvent {
    field: '$.old'
    value: Uint8Array
  }

  export interface MemberReplacementKeyFieldEvent {
    field: '$.key'
    value: Uint8Array
  }

  export interface MemberReplacementOrgFieldEvent {
    field: '$.org'
    value: string
  }

  export interface MemberReplacementWeightFieldEvent {
    field: '$.weight'
    value: number
  }

  export function encode (obj: Partial<MemberReplacement>): Uint8Array {
    return encodeMessage(obj, MemberReplacement.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MemberReplacement>): MemberReplacement {
    return decodeMessage(buf, MemberReplacement.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MemberReplacement>): Generator<MemberReplacementOldFieldEvent | MemberReplacementKeyFieldEvent | MemberReplacementOrgFieldEvent | MemberReplacementWeightFieldEvent> {
    return streamMessage(buf, MemberReplacement.codec(), opts)
  }
}

export interface ParamsChange {
  k?: number
  stopOffset?: number
  blockIntervalMs?: number
  emptyBlockIntervalMs?: number
  firstProposalDelayMs?: number
  firstProposalLimitMs?: number
  voterTimeoutMs?: number
  maxVoterTimeoutMs?: number
  heartbeatMs?: number
  maxBlockBytes?: number
  maxClockDriftMs?: number
}

export namespace ParamsChange {
  let _codec: Codec<ParamsChange>

  export const codec = (): Codec<ParamsChange> => {
    if (_codec == null) {
      _codec = message<ParamsChange>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.k != null) {
          w.uint32(8)
          w.uint32(obj.k)
        }

        if (obj.stopOffset != null) {
          w.uint32(16)
          w.uint32(obj.stopOffset)
        }

        if (obj.blockIntervalMs != null) {
          w.uint32(24)
          w.uint32(obj.blockIntervalMs)
        }

        if (obj.emptyBlockIntervalMs != null) {
          w.uint32(32)
          w.uint32(obj.emptyBlockIntervalMs)
        }

        if (obj.firstProposalDelayMs != null) {
          w.uint32(40)
          w.uint32(obj.firstProposalDelayMs)
        }

        if (obj.firstProposalLimitMs != null) {
          w.uint32(48)
          w.uint32(obj.firstProposalLimitMs)
        }

        if (obj.voterTimeoutMs != null) {
          w.uint32(56)
          w.uint32(obj.voterTimeoutMs)
        }

        if (obj.maxVoterTimeoutMs != null) {
          w.uint32(64)
          w.uint32(obj.maxVoterTimeoutMs)
        }

        if (obj.heartbeatMs != null) {
          w.uint32(72)
          w.uint32(obj.heartbeatMs)
        }

        if (obj.maxBlockBytes != null) {
          w.uint32(80)
          w.uint32(obj.maxBlockBytes)
        }

        if (obj.maxClockDriftMs != null) {
          w.uint32(88)
          w.uint32(obj.maxClockDriftMs)
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
              obj.k = reader.uint32()
              break
            }
            case 2: {
              obj.stopOffset = reader.uint32()
              break
            }
            case 3: {
              obj.blockIntervalMs = reader.uint32()
              break
            }
            case 4: {
              obj.emptyBlockIntervalMs = reader.uint32()
              break
            }
            case 5: {
              obj.firstProposalDelayMs = reader.uint32()
              break
            }
            case 6: {
              obj.firstProposalLimitMs = reader.uint32()
              break
            }
            case 7: {
              obj.voterTimeoutMs = reader.uint32()
              break
            }
            case 8: {
              obj.maxVoterTimeoutMs = reader.uint32()
              break
            }
            case 9: {
              obj.heartbeatMs = reader.uint32()
              break
            }
            case 10: {
              obj.maxBlockBytes = reader.uint32()
              break
            }
            case 11: {
              obj.maxClockDriftMs = reader.uint32()
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
                field: `${prefix}.k`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.stopOffset`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.blockIntervalMs`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.emptyBlockIntervalMs`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.firstProposalDelayMs`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.firstProposalLimitMs`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.voterTimeoutMs`,
                value: reader.uint32()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.maxVoterTimeoutMs`,
                value: reader.uint32()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.heartbeatMs`,
                value: reader.uint32()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.maxBlockBytes`,
                value: reader.uint32()
              }
              break
            }
            case 11: {
              yield {
                field: `${prefix}.maxClockDriftMs`,
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

  export interface ParamsChangeKFieldEvent {
    field: '$.k'
    value: number
  }

  export interface ParamsChangeStopOffsetFieldEvent {
    field: '$.stopOffset'
    value: number
  }

  export interface ParamsChangeBlockIntervalMsFieldEvent {
    field: '$.blockIntervalMs'
    value: number
  }

  export interface ParamsChangeEmptyBlockIntervalMsFieldEvent {
    field: '$.emptyBlockIntervalMs'
    value: number
  }

  export interface ParamsChangeFirstProposalDelayMsFieldEvent {
    field: '$.firstProposalDelayMs'
    value: number
  }

  export interface ParamsChangeFirstProposalLimitMsFieldEvent {
    field: '$.firstProposalLimitMs'
    value: number
  }

  export interface ParamsChangeVoterTimeoutMsFieldEvent {
    field: '$.voterTimeoutMs'
    value: number
  }

  export interface ParamsChangeMaxVoterTimeoutMsFieldEvent {
    field: '$.maxVoterTimeoutMs'
    value: number
  }

  export interface ParamsChangeHeartbeatMsFieldEvent {
    field: '$.heartbeatMs'
    value: number
  }

  export interface ParamsChangeMaxBlockBytesFieldEvent {
    field: '$.maxBlockBytes'
    value: number
  }

  export interface ParamsChangeMaxClockDriftMsFieldEvent {
    field: '$.maxClockDriftMs'
    value: number
  }

  export function encode (obj: Partial<ParamsChange>): Uint8Array {
    return encodeMessage(obj, ParamsChange.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ParamsChange>): ParamsChange {
    return decodeMessage(buf, ParamsChange.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ParamsChange>): Generator<ParamsChangeKFieldEvent | ParamsChangeStopOffsetFieldEvent | ParamsChangeBlockIntervalMsFieldEvent | ParamsChangeEmptyBlockIntervalMsFieldEvent | ParamsChangeFirstProposalDelayMsFieldEvent | ParamsChangeFirstProposalLimitMsFieldEvent | ParamsChangeVoterTimeoutMsFieldEvent | ParamsChangeMaxVoterTimeoutMsFieldEvent | ParamsChangeHeartbeatMsFieldEvent | ParamsChangeMaxBlockBytesFieldEvent | ParamsChangeMaxClockDriftMsFieldEvent> {
    return streamMessage(buf, ParamsChange.codec(), opts)
  }
}

export interface CommitteeChange {
  add: NewMember[]
  remove: Uint8Array[]
  replace: MemberReplacement[]
  params?: ParamsChange
  allowFewer: boolean
}

export namespace CommitteeChange {
  let _codec: Codec<CommitteeChange>

  export const codec = (): Codec<CommitteeChange> => {
    if (_codec == null) {
      _codec = message<CommitteeChange>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.add != null && obj.add.length > 0) {
          for (const value of obj.add) {
            w.uint32(10)
            NewMember.codec().encode(value, w)
          }
        }

        if (obj.remove != null && obj.remove.length > 0) {
          for (const value of obj.remove) {
            w.uint32(18)
            w.bytes(value)
          }
        }

        if (obj.replace != null && obj.replace.length > 0) {
          for (const value of obj.replace) {
            w.uint32(26)
            MemberReplacement.codec().encode(value, w)
          }
        }

        if (obj.params != null) {
          w.uint32(34)
          ParamsChange.codec().encode(obj.params, w)
        }

        if ((obj.allowFewer != null && obj.allowFewer !== false)) {
          w.uint32(40)
          w.bool(obj.allowFewer)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          add: [],
          remove: [],
          replace: [],
          allowFewer: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.add != null && obj.add.length === opts.limits.add) {
                throw new MaxLengthError('Decode error - repeated field "add" had too many elements')
              }

              if (obj.add.length === 128) {
                throw new MaxLengthError('Decode error - repeated field "add" had too many elements')
              }

              obj.add.push(NewMember.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.add$
              }))
              break
            }
            case 2: {
              if (opts.limits?.remove != null && obj.remove.length === opts.limits.remove) {
                throw new MaxLengthError('Decode error - repeated field "remove" had too many elements')
              }

              if (obj.remove.length === 128) {
                throw new MaxLengthError('Decode error - repeated field "remove" had too many elements')
              }

              obj.remove.push(reader.bytes())
              break
            }
            case 3: {
              if (opts.limits?.replace != null && obj.replace.length === opts.limits.replace) {
                throw new MaxLengthError('Decode error - repeated field "replace" had too many elements')
              }

              if (obj.replace.length === 128) {
                throw new MaxLengthError('Decode error - repeated field "replace" had too many elements')
              }

              obj.replace.push(MemberReplacement.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.replace$
              }))
              break
            }
            case 4: {
              obj.params = ParamsChange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.params
              })
              break
            }
            case 5: {
              obj.allowFewer = reader.bool()
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
          add: 128,
          remove: 128,
          replace: 128
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.add != null && obj.add === opts.limits.add) {
                throw new MaxLengthError('Streaming decode error - repeated field "add" had too many elements')
              }

              if (obj.add === 128) {
                throw new MaxLengthError('Streaming decode error - repeated field "add" had too many elements')
              }

              for (const evt of NewMember.codec().stream(reader, reader.uint32(), `${prefix}.add[]`, {
                limits: opts.limits?.add$
              })) {
                yield {
                  ...evt,
                  index: obj.add
                }
              }

              obj.add++

              break
            }
            case 2: {
              if (opts.limits?.remove != null && obj.remove === opts.limits.remove) {
                throw new MaxLengthError('Streaming decode error - repeated field "remove" had too many elements')
              }

              if (obj.remove === 128) {
                throw new MaxLengthError('Streaming decode error - repeated field "remove" had too many elements')
              }

              yield {
                field: `${prefix}.remove[]`,
                index: obj.remove,
                value: reader.bytes()
              }

              obj.remove++

              break
            }
            case 3: {
              if (opts.limits?.replace != null && obj.replace === opts.limits.replace) {
                throw new MaxLengthError('Streaming decode error - repeated field "replace" had too many elements')
              }

              if (obj.replace === 128) {
                throw new MaxLengthError('Streaming decode error - repeated field "replace" had too many elements')
              }

              for (const evt of MemberReplacement.codec().stream(reader, reader.uint32(), `${prefix}.replace[]`, {
                limits: opts.limits?.replace$
              })) {
                yield {
                  ...evt,
                  index: obj.replace
                }
              }

              obj.replace++

              break
            }
            case 4: {
              yield * ParamsChange.codec().stream(reader, reader.uint32(), `${prefix}.params`, {
                limits: opts.limits?.params
              })

              break
            }
            case 5: {
              yield {
                field: `${prefix}.allowFewer`,
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

  export interface CommitteeChangeAddKeyFieldEvent {
    field: '$.add[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteeChangeAddOrgFieldEvent {
    field: '$.add[].org'
    value: string
    index: number
  }

  export interface CommitteeChangeAddWeightFieldEvent {
    field: '$.add[].weight'
    value: number
    index: number
  }

  export interface CommitteeChangeAddProposerFieldEvent {
    field: '$.add[].proposer'
    value: boolean
    index: number
  }

  export interface CommitteeChangeAddVoterFieldEvent {
    field: '$.add[].voter'
    value: boolean
    index: number
  }

  export interface CommitteeChangeRemoveFieldEvent {
    field: '$.remove[]'
    index: number
    value: Uint8Array
  }

  export interface CommitteeChangeReplaceOldFieldEvent {
    field: '$.replace[].old'
    value: Uint8Array
    index: number
  }

  export interface CommitteeChangeReplaceKeyFieldEvent {
    field: '$.replace[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteeChangeReplaceOrgFieldEvent {
    field: '$.replace[].org'
    value: string
    index: number
  }

  export interface CommitteeChangeReplaceWeightFieldEvent {
    field: '$.replace[].weight'
    value: number
    index: number
  }

  export interface CommitteeChangeParamsKFieldEvent {
    field: '$.params.k'
    value: number
  }

  export interface CommitteeChangeParamsStopOffsetFieldEvent {
    field: '$.params.stopOffset'
    value: number
  }

  export interface CommitteeChangeParamsBlockIntervalMsFieldEvent {
    field: '$.params.blockIntervalMs'
    value: number
  }

  export interface CommitteeChangeParamsEmptyBlockIntervalMsFieldEvent {
    field: '$.params.emptyBlockIntervalMs'
    value: number
  }

  export interface CommitteeChangeParamsFirstProposalDelayMsFieldEvent {
    field: '$.params.firstProposalDelayMs'
    value: number
  }

  export interface CommitteeChangeParamsFirstProposalLimitMsFieldEvent {
    field: '$.params.firstProposalLimitMs'
    value: number
  }

  export interface CommitteeChangeParamsVoterTimeoutMsFieldEvent {
    field: '$.params.voterTimeoutMs'
    value: number
  }

  export interface CommitteeChangeParamsMaxVoterTimeoutMsFieldEvent {
    field: '$.params.maxVoterTimeoutMs'
    value: number
  }

  export interface CommitteeChangeParamsHeartbeatMsFieldEvent {
    field: '$.params.heartbeatMs'
    value: number
  }

  export interface CommitteeChangeParamsMaxBlockBytesFieldEvent {
    field: '$.params.maxBlockBytes'
    value: number
  }

  export interface CommitteeChangeParamsMaxClockDriftMsFieldEvent {
    field: '$.params.maxClockDriftMs'
    value: number
  }

  export interface CommitteeChangeAllowFewerFieldEvent {
    field: '$.allowFewer'
    value: boolean
  }

  export function encode (obj: Partial<CommitteeChange>): Uint8Array {
    return encodeMessage(obj, CommitteeChange.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeChange>): CommitteeChange {
    return decodeMessage(buf, CommitteeChange.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeChange>): Generator<CommitteeChangeAddKeyFieldEvent | CommitteeChangeAddOrgFieldEvent | CommitteeChangeAddWeightFieldEvent | CommitteeChangeAddProposerFieldEvent | CommitteeChangeAddVoterFieldEvent | CommitteeChangeRemoveFieldEvent | CommitteeChangeReplaceOldFieldEvent | CommitteeChangeReplaceKeyFieldEvent | CommitteeChangeReplaceOrgFieldEvent | CommitteeChangeReplaceWeightFieldEvent | CommitteeChangeParamsKFieldEvent | CommitteeChangeParamsStopOffsetFieldEvent | CommitteeChangeParamsBlockIntervalMsFieldEvent | CommitteeChangeParamsEmptyBlockIntervalMsFieldEvent | CommitteeChangeParamsFirstProposalDelayMsFieldEvent | CommitteeChangeParamsFirstProposalLimitMsFieldEvent | CommitteeChangeParamsVoterTimeoutMsFieldEvent | CommitteeChangeParamsMaxVoterTimeoutMsFieldEvent | CommitteeChangeParamsHeartbeatMsFieldEvent | CommitteeChangeParamsMaxBlockBytesFieldEvent | CommitteeChangeParamsMaxClockDriftMsFieldEvent | CommitteeChangeAllowFewerFieldEvent> {
    return streamMessage(buf, CommitteeChange.codec(), opts)
  }
}

export interface CommitteeEntry {
  propose?: CommitteeChange
  approve: Uint8Array
  withdraw: Uint8Array
}

export namespace CommitteeEntry {
  let _codec: Codec<CommitteeEntry>

  export const codec = (): Codec<CommitteeEntry> => {
    if (_codec == null) {
      _codec = message<CommitteeEntry>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.propose != null) {
          w.uint32(10)
          CommitteeChange.codec().encode(obj.propose, w)
        }

        if ((obj.approve != null && obj.approve.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.approve)
        }

        if ((obj.withdraw != null && obj.withdraw.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.withdraw)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          approve: NO_BYTES,
          withdraw: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.propose = CommitteeChange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.propose
              })
              break
            }
            case 2: {
              obj.approve = reader.bytes()
              break
            }
            case 3: {
              obj.withdraw = reader.bytes()
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
              yield * CommitteeChange.codec().stream(reader, reader.uint32(), `${prefix}.propose`, {
                limits: opts.limits?.propose
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.approve`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.withdraw`,
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

  export interface CommitteeEntryProposeAddKeyFieldEvent {
    field: '$.propose.add[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteeEntryProposeAddOrgFieldEvent {
    field: '$.propose.add[].org'
    value: string
    index: number
  }

  export interface CommitteeEntryProposeAddWeightFieldEvent {
    field: '$.propose.add[].weight'
    value: number
    index: number
  }

  export interface CommitteeEntryProposeAddProposerFieldEvent {
    field: '$.propose.add[].proposer'
    value: boolean
    index: number
  }

  export interface CommitteeEntryProposeAddVoterFieldEvent {
    field: '$.propose.add[].voter'
    value: boolean
    index: number
  }

  export interface CommitteeEntryProposeRemoveFieldEvent {
    field: '$.propose.remove[]'
    index: number
    value: Uint8Array
  }

  export interface CommitteeEntryProposeReplaceOldFieldEvent {
    field: '$.propose.replace[].old'
    value: Uint8Array
    index: number
  }

  export interface CommitteeEntryProposeReplaceKeyFieldEvent {
    field: '$.propose.replace[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteeEntryProposeReplaceOrgFieldEvent {
    field: '$.propose.replace[].org'
    value: string
    index: number
  }

  export interface CommitteeEntryProposeReplaceWeightFieldEvent {
    field: '$.propose.replace[].weight'
    value: number
    index: number
  }

  export interface CommitteeEntryProposeParamsKFieldEvent {
    field: '$.propose.params.k'
    value: number
  }

  export interface CommitteeEntryProposeParamsStopOffsetFieldEvent {
    field: '$.propose.params.stopOffset'
    value: number
  }

  export interface CommitteeEntryProposeParamsBlockIntervalMsFieldEvent {
    field: '$.propose.params.blockIntervalMs'
    value: number
  }

  export interface CommitteeEntryProposeParamsEmptyBlockIntervalMsFieldEvent {
    field: '$.propose.params.emptyBlockIntervalMs'
    value: number
  }

  export interface CommitteeEntryProposeParamsFirstProposalDelayMsFieldEvent {
    field: '$.propose.params.firstProposalDelayMs'
    value: number
  }

  export interface CommitteeEntryProposeParamsFirstProposalLimitMsFieldEvent {
    field: '$.propose.params.firstProposalLimitMs'
    value: number
  }

  export interface CommitteeEntryProposeParamsVoterTimeoutMsFieldEvent {
    field: '$.propose.params.voterTimeoutMs'
    value: number
  }

  export interface CommitteeEntryProposeParamsMaxVoterTimeoutMsFieldEvent {
    field: '$.propose.params.maxVoterTimeoutMs'
    value: number
  }

  export interface CommitteeEntryProposeParamsHeartbeatMsFieldEvent {
    field: '$.propose.params.heartbeatMs'
    value: number
  }

  export interface CommitteeEntryProposeParamsMaxBlockBytesFieldEvent {
    field: '$.propose.params.maxBlockBytes'
    value: number
  }

  export interface CommitteeEntryProposeParamsMaxClockDriftMsFieldEvent {
    field: '$.propose.params.maxClockDriftMs'
    value: number
  }

  export interface CommitteeEntryProposeAllowFewerFieldEvent {
    field: '$.propose.allowFewer'
    value: boolean
  }

  export interface CommitteeEntryApproveFieldEvent {
    field: '$.approve'
    value: Uint8Array
  }

  export interface CommitteeEntryWithdrawFieldEvent {
    field: '$.withdraw'
    value: Uint8Array
  }

  export function encode (obj: Partial<CommitteeEntry>): Uint8Array {
    return encodeMessage(obj, CommitteeEntry.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeEntry>): CommitteeEntry {
    return decodeMessage(buf, CommitteeEntry.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeEntry>): Generator<CommitteeEntryProposeAddKeyFieldEvent | CommitteeEntryProposeAddOrgFieldEvent | CommitteeEntryProposeAddWeightFieldEvent | CommitteeEntryProposeAddProposerFieldEvent | CommitteeEntryProposeAddVoterFieldEvent | CommitteeEntryProposeRemoveFieldEvent | CommitteeEntryProposeReplaceOldFieldEvent | CommitteeEntryProposeReplaceKeyFieldEvent | CommitteeEntryProposeReplaceOrgFieldEvent | CommitteeEntryProposeReplaceWeightFieldEvent | CommitteeEntryProposeParamsKFieldEvent | CommitteeEntryProposeParamsStopOffsetFieldEvent | CommitteeEntryProposeParamsBlockIntervalMsFieldEvent | CommitteeEntryProposeParamsEmptyBlockIntervalMsFieldEvent | CommitteeEntryProposeParamsFirstProposalDelayMsFieldEvent | CommitteeEntryProposeParamsFirstProposalLimitMsFieldEvent | CommitteeEntryProposeParamsVoterTimeoutMsFieldEvent | CommitteeEntryProposeParamsMaxVoterTimeoutMsFieldEvent | CommitteeEntryProposeParamsHeartbeatMsFieldEvent | CommitteeEntryProposeParamsMaxBlockBytesFieldEvent | CommitteeEntryProposeParamsMaxClockDriftMsFieldEvent | CommitteeEntryProposeAllowFewerFieldEvent | CommitteeEntryApproveFieldEvent | CommitteeEntryWithdrawFieldEvent> {
    return streamMessage(buf, CommitteeEntry.codec(), opts)
  }
}

export interface CommitteeSession {
  session: number
  since: number
}

export namespace CommitteeSession {
  let _codec: Codec<CommitteeSession>

  export const codec = (): Codec<CommitteeSession> => {
    if (_codec == null) {
      _codec = message<CommitteeSession>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint32(obj.session)
        }

        if ((obj.since != null && obj.since !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.since)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          since: 0
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
              obj.since = reader.uint64Number()
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
                field: `${prefix}.since`,
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

  export interface CommitteeSessionSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface CommitteeSessionSinceFieldEvent {
    field: '$.since'
    value: number
  }

  export function encode (obj: Partial<CommitteeSession>): Uint8Array {
    return encodeMessage(obj, CommitteeSession.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeSession>): CommitteeSession {
    return decodeMessage(buf, CommitteeSession.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeSession>): Generator<CommitteeSessionSessionFieldEvent | CommitteeSessionSinceFieldEvent> {
    return streamMessage(buf, CommitteeSession.codec(), opts)
  }
}

export interface AcceptedChange {
  id: Uint8Array
  height: number
}

export namespace AcceptedChange {
  let _codec: Codec<AcceptedChange>

  export const codec = (): Codec<AcceptedChange> => {
    if (_codec == null) {
      _codec = message<AcceptedChange>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.height)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: NO_BYTES,
          height: 0
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
              yield {
                field: `${prefix}.id`,
                value: reader.bytes()
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

  export interface AcceptedChangeIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface AcceptedChangeHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export function encode (obj: Partial<AcceptedChange>): Uint8Array {
    return encodeMessage(obj, AcceptedChange.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AcceptedChange>): AcceptedChange {
    return decodeMessage(buf, AcceptedChange.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AcceptedChange>): Generator<AcceptedChangeIdFieldEvent | AcceptedChangeHeightFieldEvent> {
    return streamMessage(buf, AcceptedChange.codec(), opts)
  }
}

export interface AgendaItem {
  id: Uint8Array
  author: Uint8Array
}

export namespace AgendaItem {
  let _codec: Codec<AgendaItem>

  export const codec = (): Codec<AgendaItem> => {
    if (_codec == null) {
      _codec = message<AgendaItem>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.author != null && obj.author.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.author)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: NO_BYTES,
          author: NO_BYTES
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
              obj.author = reader.bytes()
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
                field: `${prefix}.author`,
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

  export interface AgendaItemIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface AgendaItemAuthorFieldEvent {
    field: '$.author'
    value: Uint8Array
  }

  export function encode (obj: Partial<AgendaItem>): Uint8Array {
    return encodeMessage(obj, AgendaItem.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AgendaItem>): AgendaItem {
    return decodeMessage(buf, AgendaItem.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AgendaItem>): Generator<AgendaItemIdFieldEvent | AgendaItemAuthorFieldEvent> {
    return streamMessage(buf, AgendaItem.codec(), opts)
  }
}

export interface CommitteeAgenda {
  proposals: AgendaItem[]
  accepted: AcceptedChange[]
}

export namespace CommitteeAgenda {
  let _codec: Codec<CommitteeAgenda>

  export const codec = (): Codec<CommitteeAgenda> => {
    if (_codec == null) {
      _codec = message<CommitteeAgenda>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.proposals != null && obj.proposals.length > 0) {
          for (const value of obj.proposals) {
            w.uint32(10)
            AgendaItem.codec().encode(value, w)
          }
        }

        if (obj.accepted != null && obj.accepted.length > 0) {
          for (const value of obj.accepted) {
            w.uint32(18)
            AcceptedChange.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          proposals: [],
          accepted: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.proposals != null && obj.proposals.length === opts.limits.proposals) {
                throw new MaxLengthError('Decode error - repeated field "proposals" had too many elements')
              }

              if (obj.proposals.length === 1024) {
                throw new MaxLengthError('Decode error - repeated field "proposals" had too many elements')
              }

              obj.proposals.push(AgendaItem.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.proposals$
              }))
              break
            }
            case 2: {
              if (opts.limits?.accepted != null && obj.accepted.length === opts.limits.accepted) {
                throw new MaxLengthError('Decode error - repeated field "accepted" had too many elements')
              }

              if (obj.accepted.length === 1024) {
                throw new MaxLengthError('Decode error - repeated field "accepted" had too many elements')
              }

              obj.accepted.push(AcceptedChange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.accepted$
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
          proposals: 1024,
          accepted: 1024
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.proposals != null && obj.proposals === opts.limits.proposals) {
                throw new MaxLengthError('Streaming decode error - repeated field "proposals" had too many elements')
              }

              if (obj.proposals === 1024) {
                throw new MaxLengthError('Streaming decode error - repeated field "proposals" had too many elements')
              }

              for (const evt of AgendaItem.codec().stream(reader, reader.uint32(), `${prefix}.proposals[]`, {
                limits: opts.limits?.proposals$
              })) {
                yield {
                  ...evt,
                  index: obj.proposals
                }
              }

              obj.proposals++

              break
            }
            case 2: {
              if (opts.limits?.accepted != null && obj.accepted === opts.limits.accepted) {
                throw new MaxLengthError('Streaming decode error - repeated field "accepted" had too many elements')
              }

              if (obj.accepted === 1024) {
                throw new MaxLengthError('Streaming decode error - repeated field "accepted" had too many elements')
              }

              for (const evt of AcceptedChange.codec().stream(reader, reader.uint32(), `${prefix}.accepted[]`, {
                limits: opts.limits?.accepted$
              })) {
                yield {
                  ...evt,
                  index: obj.accepted
                }
              }

              obj.accepted++

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

  export interface CommitteeAgendaProposalsIdFieldEvent {
    field: '$.proposals[].id'
    value: Uint8Array
    index: number
  }

  export interface CommitteeAgendaProposalsAuthorFieldEvent {
    field: '$.proposals[].author'
    value: Uint8Array
    index: number
  }

  export interface CommitteeAgendaAcceptedIdFieldEvent {
    field: '$.accepted[].id'
    value: Uint8Array
    index: number
  }

  export interface CommitteeAgendaAcceptedHeightFieldEvent {
    field: '$.accepted[].height'
    value: number
    index: number
  }

  export function encode (obj: Partial<CommitteeAgenda>): Uint8Array {
    return encodeMessage(obj, CommitteeAgenda.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeAgenda>): CommitteeAgenda {
    return decodeMessage(buf, CommitteeAgenda.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeAgenda>): Generator<CommitteeAgendaProposalsIdFieldEvent | CommitteeAgendaProposalsAuthorFieldEvent | CommitteeAgendaAcceptedIdFieldEvent | CommitteeAgendaAcceptedHeightFieldEvent> {
    return streamMessage(buf, CommitteeAgenda.codec(), opts)
  }
}

export interface CommitteeEnded {
  session?: CommitteeSession
  accepted: AcceptedChange[]
}

export namespace CommitteeEnded {
  let _codec: Codec<CommitteeEnded>

  export const codec = (): Codec<CommitteeEnded> => {
    if (_codec == null) {
      _codec = message<CommitteeEnded>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.session != null) {
          w.uint32(10)
          CommitteeSession.codec().encode(obj.session, w)
        }

        if (obj.accepted != null && obj.accepted.length > 0) {
          for (const value of obj.accepted) {
            w.uint32(18)
            AcceptedChange.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          accepted: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = CommitteeSession.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.session
              })
              break
            }
            case 2: {
              if (opts.limits?.accepted != null && obj.accepted.length === opts.limits.accepted) {
                throw new MaxLengthError('Decode error - repeated field "accepted" had too many elements')
              }

              if (obj.accepted.length === 1024) {
                throw new MaxLengthError('Decode error - repeated field "accepted" had too many elements')
              }

              obj.accepted.push(AcceptedChange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.accepted$
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
          accepted: 1024
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * CommitteeSession.codec().stream(reader, reader.uint32(), `${prefix}.session`, {
                limits: opts.limits?.session
              })

              break
            }
            case 2: {
              if (opts.limits?.accepted != null && obj.accepted === opts.limits.accepted) {
                throw new MaxLengthError('Streaming decode error - repeated field "accepted" had too many elements')
              }

              if (obj.accepted === 1024) {
                throw new MaxLengthError('Streaming decode error - repeated field "accepted" had too many elements')
              }

              for (const evt of AcceptedChange.codec().stream(reader, reader.uint32(), `${prefix}.accepted[]`, {
                limits: opts.limits?.accepted$
              })) {
                yield {
                  ...evt,
                  index: obj.accepted
                }
              }

              obj.accepted++

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

  export interface CommitteeEndedSessionSessionFieldEvent {
    field: '$.session.session'
    value: number
  }

  export interface CommitteeEndedSessionSinceFieldEvent {
    field: '$.session.since'
    value: number
  }

  export interface CommitteeEndedAcceptedIdFieldEvent {
    field: '$.accepted[].id'
    value: Uint8Array
    index: number
  }

  export interface CommitteeEndedAcceptedHeightFieldEvent {
    field: '$.accepted[].height'
    value: number
    index: number
  }

  export function encode (obj: Partial<CommitteeEnded>): Uint8Array {
    return encodeMessage(obj, CommitteeEnded.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeEnded>): CommitteeEnded {
    return decodeMessage(buf, CommitteeEnded.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeEnded>): Generator<CommitteeEndedSessionSessionFieldEvent | CommitteeEndedSessionSinceFieldEvent | CommitteeEndedAcceptedIdFieldEvent | CommitteeEndedAcceptedHeightFieldEvent> {
    return streamMessage(buf, CommitteeEnded.codec(), opts)
  }
}

export interface CommitteeProposal {
  author: Uint8Array
  session: number
  height: number
  change?: CommitteeChange
  approvals: Uint8Array[]
  status: string
  reason: string
}

export namespace CommitteeProposal {
  let _codec: Codec<CommitteeProposal>

  export const codec = (): Codec<CommitteeProposal> => {
    if (_codec == null) {
      _codec = message<CommitteeProposal>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.author != null && obj.author.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.author)
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(16)
          w.uint32(obj.session)
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.height)
        }

        if (obj.change != null) {
          w.uint32(34)
          CommitteeChange.codec().encode(obj.change, w)
        }

        if (obj.approvals != null && obj.approvals.length > 0) {
          for (const value of obj.approvals) {
            w.uint32(42)
            w.bytes(value)
          }
        }

        if ((obj.status != null && obj.status !== '')) {
          w.uint32(50)
          w.string(obj.status)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(58)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          author: NO_BYTES,
          session: 0,
          height: 0,
          approvals: [],
          status: '',
          reason: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.author = reader.bytes()
              break
            }
            case 2: {
              obj.session = reader.uint32()
              break
            }
            case 3: {
              obj.height = reader.uint64Number()
              break
            }
            case 4: {
              obj.change = CommitteeChange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.change
              })
              break
            }
            case 5: {
              if (opts.limits?.approvals != null && obj.approvals.length === opts.limits.approvals) {
                throw new MaxLengthError('Decode error - repeated field "approvals" had too many elements')
              }

              if (obj.approvals.length === 400) {
                throw new MaxLengthError('Decode error - repeated field "approvals" had too many elements')
              }

              obj.approvals.push(reader.bytes())
              break
            }
            case 6: {
              obj.status = reader.string()
              break
            }
            case 7: {
              obj.reason = reader.string()
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
          approvals: 400
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.author`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.session`,
                value: reader.uint32()
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
            case 4: {
              yield * CommitteeChange.codec().stream(reader, reader.uint32(), `${prefix}.change`, {
                limits: opts.limits?.change
              })

              break
            }
            case 5: {
              if (opts.limits?.approvals != null && obj.approvals === opts.limits.approvals) {
                throw new MaxLengthError('Streaming decode error - repeated field "approvals" had too many elements')
              }

              if (obj.approvals === 400) {
                throw new MaxLengthError('Streaming decode error - repeated field "approvals" had too many elements')
              }

              yield {
                field: `${prefix}.approvals[]`,
                index: obj.approvals,
                value: reader.bytes()
              }

              obj.approvals++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.status`,
                value: reader.string()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.reason`,
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

  export interface CommitteeProposalAuthorFieldEvent {
    field: '$.author'
    value: Uint8Array
  }

  export interface CommitteeProposalSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface CommitteeProposalHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export interface CommitteeProposalChangeAddKeyFieldEvent {
    field: '$.change.add[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteeProposalChangeAddOrgFieldEvent {
    field: '$.change.add[].org'
    value: string
    index: number
  }

  export interface CommitteeProposalChangeAddWeightFieldEvent {
    field: '$.change.add[].weight'
    value: number
    index: number
  }

  export interface CommitteeProposalChangeAddProposerFieldEvent {
    field: '$.change.add[].proposer'
    value: boolean
    index: number
  }

  export interface CommitteeProposalChangeAddVoterFieldEvent {
    field: '$.change.add[].voter'
    value: boolean
    index: number
  }

  export interface CommitteeProposalChangeRemoveFieldEvent {
    field: '$.change.remove[]'
    index: number
    value: Uint8Array
  }

  export interface CommitteeProposalChangeReplaceOldFieldEvent {
    field: '$.change.replace[].old'
    value: Uint8Array
    index: number
  }

  export interface CommitteeProposalChangeReplaceKeyFieldEvent {
    field: '$.change.replace[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteeProposalChangeReplaceOrgFieldEvent {
    field: '$.change.replace[].org'
    value: string
    index: number
  }

  export interface CommitteeProposalChangeReplaceWeightFieldEvent {
    field: '$.change.replace[].weight'
    value: number
    index: number
  }

  export interface CommitteeProposalChangeParamsKFieldEvent {
    field: '$.change.params.k'
    value: number
  }

  export interface CommitteeProposalChangeParamsStopOffsetFieldEvent {
    field: '$.change.params.stopOffset'
    value: number
  }

  export interface CommitteeProposalChangeParamsBlockIntervalMsFieldEvent {
    field: '$.change.params.blockIntervalMs'
    value: number
  }

  export interface CommitteeProposalChangeParamsEmptyBlockIntervalMsFieldEvent {
    field: '$.change.params.emptyBlockIntervalMs'
    value: number
  }

  export interface CommitteeProposalChangeParamsFirstProposalDelayMsFieldEvent {
    field: '$.change.params.firstProposalDelayMs'
    value: number
  }

  export interface CommitteeProposalChangeParamsFirstProposalLimitMsFieldEvent {
    field: '$.change.params.firstProposalLimitMs'
    value: number
  }

  export interface CommitteeProposalChangeParamsVoterTimeoutMsFieldEvent {
    field: '$.change.params.voterTimeoutMs'
    value: number
  }

  export interface CommitteeProposalChangeParamsMaxVoterTimeoutMsFieldEvent {
    field: '$.change.params.maxVoterTimeoutMs'
    value: number
  }

  export interface CommitteeProposalChangeParamsHeartbeatMsFieldEvent {
    field: '$.change.params.heartbeatMs'
    value: number
  }

  export interface CommitteeProposalChangeParamsMaxBlockBytesFieldEvent {
    field: '$.change.params.maxBlockBytes'
    value: number
  }

  export interface CommitteeProposalChangeParamsMaxClockDriftMsFieldEvent {
    field: '$.change.params.maxClockDriftMs'
    value: number
  }

  export interface CommitteeProposalChangeAllowFewerFieldEvent {
    field: '$.change.allowFewer'
    value: boolean
  }

  export interface CommitteeProposalApprovalsFieldEvent {
    field: '$.approvals[]'
    index: number
    value: Uint8Array
  }

  export interface CommitteeProposalStatusFieldEvent {
    field: '$.status'
    value: string
  }

  export interface CommitteeProposalReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<CommitteeProposal>): Uint8Array {
    return encodeMessage(obj, CommitteeProposal.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeProposal>): CommitteeProposal {
    return decodeMessage(buf, CommitteeProposal.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeProposal>): Generator<CommitteeProposalAuthorFieldEvent | CommitteeProposalSessionFieldEvent | CommitteeProposalHeightFieldEvent | CommitteeProposalChangeAddKeyFieldEvent | CommitteeProposalChangeAddOrgFieldEvent | CommitteeProposalChangeAddWeightFieldEvent | CommitteeProposalChangeAddProposerFieldEvent | CommitteeProposalChangeAddVoterFieldEvent | CommitteeProposalChangeRemoveFieldEvent | CommitteeProposalChangeReplaceOldFieldEvent | CommitteeProposalChangeReplaceKeyFieldEvent | CommitteeProposalChangeReplaceOrgFieldEvent | CommitteeProposalChangeReplaceWeightFieldEvent | CommitteeProposalChangeParamsKFieldEvent | CommitteeProposalChangeParamsStopOffsetFieldEvent | CommitteeProposalChangeParamsBlockIntervalMsFieldEvent | CommitteeProposalChangeParamsEmptyBlockIntervalMsFieldEvent | CommitteeProposalChangeParamsFirstProposalDelayMsFieldEvent | CommitteeProposalChangeParamsFirstProposalLimitMsFieldEvent | CommitteeProposalChangeParamsVoterTimeoutMsFieldEvent | CommitteeProposalChangeParamsMaxVoterTimeoutMsFieldEvent | CommitteeProposalChangeParamsHeartbeatMsFieldEvent | CommitteeProposalChangeParamsMaxBlockBytesFieldEvent | CommitteeProposalChangeParamsMaxClockDriftMsFieldEvent | CommitteeProposalChangeAllowFewerFieldEvent | CommitteeProposalApprovalsFieldEvent | CommitteeProposalStatusFieldEvent | CommitteeProposalReasonFieldEvent> {
    return streamMessage(buf, CommitteeProposal.codec(), opts)
  }
}

export interface ChangeOutcome {
  id: Uint8Array
  author: Uint8Array
  reason: string
}

export namespace ChangeOutcome {
  let _codec: Codec<ChangeOutcome>

  export const codec = (): Codec<ChangeOutcome> => {
    if (_codec == null) {
      _codec = message<ChangeOutcome>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.author != null && obj.author.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.author)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(26)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: NO_BYTES,
          author: NO_BYTES,
          reason: ''
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
              obj.author = reader.bytes()
              break
            }
            case 3: {
              obj.reason = reader.string()
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
                field: `${prefix}.author`,
                value: reader.bytes()
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

  export interface ChangeOutcomeIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface ChangeOutcomeAuthorFieldEvent {
    field: '$.author'
    value: Uint8Array
  }

  export interface ChangeOutcomeReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<ChangeOutcome>): Uint8Array {
    return encodeMessage(obj, ChangeOutcome.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChangeOutcome>): ChangeOutcome {
    return decodeMessage(buf, ChangeOutcome.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChangeOutcome>): Generator<ChangeOutcomeIdFieldEvent | ChangeOutcomeAuthorFieldEvent | ChangeOutcomeReasonFieldEvent> {
    return streamMessage(buf, ChangeOutcome.codec(), opts)
  }
}

export interface CommitteeRecord {
  since: number
  elected: boolean
  outcomes: ChangeOutcome[]
}

export namespace CommitteeRecord {
  let _codec: Codec<CommitteeRecord>

  export const codec = (): Codec<CommitteeRecord> => {
    if (_codec == null) {
      _codec = message<CommitteeRecord>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.since != null && obj.since !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.since)
        }

        if ((obj.elected != null && obj.elected !== false)) {
          w.uint32(16)
          w.bool(obj.elected)
        }

        if (obj.outcomes != null && obj.outcomes.length > 0) {
          for (const value of obj.outcomes) {
            w.uint32(26)
            ChangeOutcome.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          since: 0,
          elected: false,
          outcomes: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.since = reader.uint64Number()
              break
            }
            case 2: {
              obj.elected = reader.bool()
              break
            }
            case 3: {
              if (opts.limits?.outcomes != null && obj.outcomes.length === opts.limits.outcomes) {
                throw new MaxLengthError('Decode error - repeated field "outcomes" had too many elements')
              }

              if (obj.outcomes.length === 1024) {
                throw new MaxLengthError('Decode error - repeated field "outcomes" had too many elements')
              }

              obj.outcomes.push(ChangeOutcome.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.outcomes$
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
          outcomes: 1024
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.since`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.elected`,
                value: reader.bool()
              }
              break
            }
            case 3: {
              if (opts.limits?.outcomes != null && obj.outcomes === opts.limits.outcomes) {
                throw new MaxLengthError('Streaming decode error - repeated field "outcomes" had too many elements')
              }

              if (obj.outcomes === 1024) {
                throw new MaxLengthError('Streaming decode error - repeated field "outcomes" had too many elements')
              }

              for (const evt of ChangeOutcome.codec().stream(reader, reader.uint32(), `${prefix}.outcomes[]`, {
                limits: opts.limits?.outcomes$
              })) {
                yield {
                  ...evt,
                  index: obj.outcomes
                }
              }

              obj.outcomes++

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

  export interface CommitteeRecordSinceFieldEvent {
    field: '$.since'
    value: number
  }

  export interface CommitteeRecordElectedFieldEvent {
    field: '$.elected'
    value: boolean
  }

  export interface CommitteeRecordOutcomesIdFieldEvent {
    field: '$.outcomes[].id'
    value: Uint8Array
    index: number
  }

  export interface CommitteeRecordOutcomesAuthorFieldEvent {
    field: '$.outcomes[].author'
    value: Uint8Array
    index: number
  }

  export interface CommitteeRecordOutcomesReasonFieldEvent {
    field: '$.outcomes[].reason'
    value: string
    index: number
  }

  export function encode (obj: Partial<CommitteeRecord>): Uint8Array {
    return encodeMessage(obj, CommitteeRecord.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeRecord>): CommitteeRecord {
    return decodeMessage(buf, CommitteeRecord.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteeRecord>): Generator<CommitteeRecordSinceFieldEvent | CommitteeRecordElectedFieldEvent | CommitteeRecordOutcomesIdFieldEvent | CommitteeRecordOutcomesAuthorFieldEvent | CommitteeRecordOutcomesReasonFieldEvent> {
    return streamMessage(buf, CommitteeRecord.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface Member {
  key: Uint8Array
  org: string
  weight: number
}

export namespace Member {
  let _codec: Codec<Member>

  export const codec = (): Codec<Member> => {
    if (_codec == null) {
      _codec = message<Member>((obj, w, opts = {}) => {
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

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          key: NO_BYTES,
          org: '',
          weight: 0
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

  export interface MemberKeyFieldEvent {
    field: '$.key'
    value: Uint8Array
  }

  export interface MemberOrgFieldEvent {
    field: '$.org'
    value: string
  }

  export interface MemberWeightFieldEvent {
    field: '$.weight'
    value: number
  }

  export function encode (obj: Partial<Member>): Uint8Array {
    return encodeMessage(obj, Member.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Member>): Member {
    return decodeMessage(buf, Member.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Member>): Generator<MemberKeyFieldEvent | MemberOrgFieldEvent | MemberWeightFieldEvent> {
    return streamMessage(buf, Member.codec(), opts)
  }
}

export interface SessionParams {
  k: number
  stopOffset: number
  blockIntervalMs: number
  emptyBlockIntervalMs: number
  firstProposalDelayMs: number
  firstProposalLimitMs: number
  voterTimeoutMs: number
  maxVoterTimeoutMs: number
  heartbeatMs: number
  maxBlockBytes: number
  maxClockDriftMs: number
}

export namespace SessionParams {
  let _codec: Codec<SessionParams>

  export const codec = (): Codec<SessionParams> => {
    if (_codec == null) {
      _codec = message<SessionParams>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.k != null && obj.k !== 0)) {
          w.uint32(8)
          w.uint32(obj.k)
        }

        if ((obj.stopOffset != null && obj.stopOffset !== 0)) {
          w.uint32(16)
          w.uint32(obj.stopOffset)
        }

        if ((obj.blockIntervalMs != null && obj.blockIntervalMs !== 0)) {
          w.uint32(24)
          w.uint32(obj.blockIntervalMs)
        }

        if ((obj.emptyBlockIntervalMs != null && obj.emptyBlockIntervalMs !== 0)) {
          w.uint32(32)
          w.uint32(obj.emptyBlockIntervalMs)
        }

        if ((obj.firstProposalDelayMs != null && obj.firstProposalDelayMs !== 0)) {
          w.uint32(40)
          w.uint32(obj.firstProposalDelayMs)
        }

        if ((obj.firstProposalLimitMs != null && obj.firstProposalLimitMs !== 0)) {
          w.uint32(48)
          w.uint32(obj.firstProposalLimitMs)
        }

        if ((obj.voterTimeoutMs != null && obj.voterTimeoutMs !== 0)) {
          w.uint32(56)
          w.uint32(obj.voterTimeoutMs)
        }

        if ((obj.maxVoterTimeoutMs != null && obj.maxVoterTimeoutMs !== 0)) {
          w.uint32(64)
          w.uint32(obj.maxVoterTimeoutMs)
        }

        if ((obj.heartbeatMs != null && obj.heartbeatMs !== 0)) {
          w.uint32(72)
          w.uint32(obj.heartbeatMs)
        }

        if ((obj.maxBlockBytes != null && obj.maxBlockBytes !== 0)) {
          w.uint32(80)
          w.uint32(obj.maxBlockBytes)
        }

        if ((obj.maxClockDriftMs != null && obj.maxClockDriftMs !== 0)) {
          w.uint32(88)
          w.uint32(obj.maxClockDriftMs)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          k: 0,
          stopOffset: 0,
          blockIntervalMs: 0,
          emptyBlockIntervalMs: 0,
          firstProposalDelayMs: 0,
          firstProposalLimitMs: 0,
          voterTimeoutMs: 0,
          maxVoterTimeoutMs: 0,
          heartbeatMs: 0,
          maxBlockBytes: 0,
          maxClockDriftMs: 0
        }

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

  export interface SessionParamsKFieldEvent {
    field: '$.k'
    value: number
  }

  export interface SessionParamsStopOffsetFieldEvent {
    field: '$.stopOffset'
    value: number
  }

  export interface SessionParamsBlockIntervalMsFieldEvent {
    field: '$.blockIntervalMs'
    value: number
  }

  export interface SessionParamsEmptyBlockIntervalMsFieldEvent {
    field: '$.emptyBlockIntervalMs'
    value: number
  }

  export interface SessionParamsFirstProposalDelayMsFieldEvent {
    field: '$.firstProposalDelayMs'
    value: number
  }

  export interface SessionParamsFirstProposalLimitMsFieldEvent {
    field: '$.firstProposalLimitMs'
    value: number
  }

  export interface SessionParamsVoterTimeoutMsFieldEvent {
    field: '$.voterTimeoutMs'
    value: number
  }

  export interface SessionParamsMaxVoterTimeoutMsFieldEvent {
    field: '$.maxVoterTimeoutMs'
    value: number
  }

  export interface SessionParamsHeartbeatMsFieldEvent {
    field: '$.heartbeatMs'
    value: number
  }

  export interface SessionParamsMaxBlockBytesFieldEvent {
    field: '$.maxBlockBytes'
    value: number
  }

  export interface SessionParamsMaxClockDriftMsFieldEvent {
    field: '$.maxClockDriftMs'
    value: number
  }

  export function encode (obj: Partial<SessionParams>): Uint8Array {
    return encodeMessage(obj, SessionParams.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionParams>): SessionParams {
    return decodeMessage(buf, SessionParams.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionParams>): Generator<SessionParamsKFieldEvent | SessionParamsStopOffsetFieldEvent | SessionParamsBlockIntervalMsFieldEvent | SessionParamsEmptyBlockIntervalMsFieldEvent | SessionParamsFirstProposalDelayMsFieldEvent | SessionParamsFirstProposalLimitMsFieldEvent | SessionParamsVoterTimeoutMsFieldEvent | SessionParamsMaxVoterTimeoutMsFieldEvent | SessionParamsHeartbeatMsFieldEvent | SessionParamsMaxBlockBytesFieldEvent | SessionParamsMaxClockDriftMsFieldEvent> {
    return streamMessage(buf, SessionParams.codec(), opts)
  }
}

export interface CommitteePlan {
  proposers: Member[]
  voters: Member[]
  params?: SessionParams
}

export namespace CommitteePlan {
  let _codec: Codec<CommitteePlan>

  export const codec = (): Codec<CommitteePlan> => {
    if (_codec == null) {
      _codec = message<CommitteePlan>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.proposers != null && obj.proposers.length > 0) {
          for (const value of obj.proposers) {
            w.uint32(10)
            Member.codec().encode(value, w)
          }
        }

        if (obj.voters != null && obj.voters.length > 0) {
          for (const value of obj.voters) {
            w.uint32(18)
            Member.codec().encode(value, w)
          }
        }

        if (obj.params != null) {
          w.uint32(26)
          SessionParams.codec().encode(obj.params, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          proposers: [],
          voters: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.proposers != null && obj.proposers.length === opts.limits.proposers) {
                throw new MaxLengthError('Decode error - repeated field "proposers" had too many elements')
              }

              if (obj.proposers.length === 32) {
                throw new MaxLengthError('Decode error - repeated field "proposers" had too many elements')
              }

              obj.proposers.push(Member.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.proposers$
              }))
              break
            }
            case 2: {
              if (opts.limits?.voters != null && obj.voters.length === opts.limits.voters) {
                throw new MaxLengthError('Decode error - repeated field "voters" had too many elements')
              }

              if (obj.voters.length === 400) {
                throw new MaxLengthError('Decode error - repeated field "voters" had too many elements')
              }

              obj.voters.push(Member.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.voters$
              }))
              break
            }
            case 3: {
              obj.params = SessionParams.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.params
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
          proposers: 32,
          voters: 400
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.proposers != null && obj.proposers === opts.limits.proposers) {
                throw new MaxLengthError('Streaming decode error - repeated field "proposers" had too many elements')
              }

              if (obj.proposers === 32) {
                throw new MaxLengthError('Streaming decode error - repeated field "proposers" had too many elements')
              }

              for (const evt of Member.codec().stream(reader, reader.uint32(), `${prefix}.proposers[]`, {
                limits: opts.limits?.proposers$
              })) {
                yield {
                  ...evt,
                  index: obj.proposers
                }
              }

              obj.proposers++

              break
            }
            case 2: {
              if (opts.limits?.voters != null && obj.voters === opts.limits.voters) {
                throw new MaxLengthError('Streaming decode error - repeated field "voters" had too many elements')
              }

              if (obj.voters === 400) {
                throw new MaxLengthError('Streaming decode error - repeated field "voters" had too many elements')
              }

              for (const evt of Member.codec().stream(reader, reader.uint32(), `${prefix}.voters[]`, {
                limits: opts.limits?.voters$
              })) {
                yield {
                  ...evt,
                  index: obj.voters
                }
              }

              obj.voters++

              break
            }
            case 3: {
              yield * SessionParams.codec().stream(reader, reader.uint32(), `${prefix}.params`, {
                limits: opts.limits?.params
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

  export interface CommitteePlanProposersKeyFieldEvent {
    field: '$.proposers[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteePlanProposersOrgFieldEvent {
    field: '$.proposers[].org'
    value: string
    index: number
  }

  export interface CommitteePlanProposersWeightFieldEvent {
    field: '$.proposers[].weight'
    value: number
    index: number
  }

  export interface CommitteePlanVotersKeyFieldEvent {
    field: '$.voters[].key'
    value: Uint8Array
    index: number
  }

  export interface CommitteePlanVotersOrgFieldEvent {
    field: '$.voters[].org'
    value: string
    index: number
  }

  export interface CommitteePlanVotersWeightFieldEvent {
    field: '$.voters[].weight'
    value: number
    index: number
  }

  export interface CommitteePlanParamsKFieldEvent {
    field: '$.params.k'
    value: number
  }

  export interface CommitteePlanParamsStopOffsetFieldEvent {
    field: '$.params.stopOffset'
    value: number
  }

  export interface CommitteePlanParamsBlockIntervalMsFieldEvent {
    field: '$.params.blockIntervalMs'
    value: number
  }

  export interface CommitteePlanParamsEmptyBlockIntervalMsFieldEvent {
    field: '$.params.emptyBlockIntervalMs'
    value: number
  }

  export interface CommitteePlanParamsFirstProposalDelayMsFieldEvent {
    field: '$.params.firstProposalDelayMs'
    value: number
  }

  export interface CommitteePlanParamsFirstProposalLimitMsFieldEvent {
    field: '$.params.firstProposalLimitMs'
    value: number
  }

  export interface CommitteePlanParamsVoterTimeoutMsFieldEvent {
    field: '$.params.voterTimeoutMs'
    value: number
  }

  export interface CommitteePlanParamsMaxVoterTimeoutMsFieldEvent {
    field: '$.params.maxVoterTimeoutMs'
    value: number
  }

  export interface CommitteePlanParamsHeartbeatMsFieldEvent {
    field: '$.params.heartbeatMs'
    value: number
  }

  export interface CommitteePlanParamsMaxBlockBytesFieldEvent {
    field: '$.params.maxBlockBytes'
    value: number
  }

  export interface CommitteePlanParamsMaxClockDriftMsFieldEvent {
    field: '$.params.maxClockDriftMs'
    value: number
  }

  export function encode (obj: Partial<CommitteePlan>): Uint8Array {
    return encodeMessage(obj, CommitteePlan.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteePlan>): CommitteePlan {
    return decodeMessage(buf, CommitteePlan.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommitteePlan>): Generator<CommitteePlanProposersKeyFieldEvent | CommitteePlanProposersOrgFieldEvent | CommitteePlanProposersWeightFieldEvent | CommitteePlanVotersKeyFieldEvent | CommitteePlanVotersOrgFieldEvent | CommitteePlanVotersWeightFieldEvent | CommitteePlanParamsKFieldEvent | CommitteePlanParamsStopOffsetFieldEvent | CommitteePlanParamsBlockIntervalMsFieldEvent | CommitteePlanParamsEmptyBlockIntervalMsFieldEvent | CommitteePlanParamsFirstProposalDelayMsFieldEvent | CommitteePlanParamsFirstProposalLimitMsFieldEvent | CommitteePlanParamsVoterTimeoutMsFieldEvent | CommitteePlanParamsMaxVoterTimeoutMsFieldEvent | CommitteePlanParamsHeartbeatMsFieldEvent | CommitteePlanParamsMaxBlockBytesFieldEvent | CommitteePlanParamsMaxClockDriftMsFieldEvent> {
    return streamMessage(buf, CommitteePlan.codec(), opts)
  }
}

export interface Election {
  plan?: CommitteePlan
  kept: boolean
}

export namespace Election {
  let _codec: Codec<Election>

  export const codec = (): Codec<Election> => {
    if (_codec == null) {
      _codec = message<Election>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.plan != null) {
          w.uint32(10)
          CommitteePlan.codec().encode(obj.plan, w)
        }

        if ((obj.kept != null && obj.kept !== false)) {
          w.uint32(16)
          w.bool(obj.kept)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          kept: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.plan = CommitteePlan.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.plan
              })
              break
            }
            case 2: {
              obj.kept = reader.bool()
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
              yield * CommitteePlan.codec().stream(reader, reader.uint32(), `${prefix}.plan`, {
                limits: opts.limits?.plan
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.kept`,
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

  export interface ElectionPlanProposersKeyFieldEvent {
    field: '$.plan.proposers[].key'
    value: Uint8Array
    index: number
  }

  export interface ElectionPlanProposersOrgFieldEvent {
    field: '$.plan.proposers[].org'
    value: string
    index: number
  }

  export interface ElectionPlanProposersWeightFieldEvent {
    field: '$.plan.proposers[].weight'
    value: number
    index: number
  }

  export interface ElectionPlanVotersKeyFieldEvent {
    field: '$.plan.voters[].key'
    value: Uint8Array
    index: number
  }

  export interface ElectionPlanVotersOrgFieldEvent {
    field: '$.plan.voters[].org'
    value: string
    index: number
  }

  export interface ElectionPlanVotersWeightFieldEvent {
    field: '$.plan.voters[].weight'
    value: number
    index: number
  }

  export interface ElectionPlanParamsKFieldEvent {
    field: '$.plan.params.k'
    value: number
  }

  export interface ElectionPlanParamsStopOffsetFieldEvent {
    field: '$.plan.params.stopOffset'
    value: number
  }

  export interface ElectionPlanParamsBlockIntervalMsFieldEvent {
    field: '$.plan.params.blockIntervalMs'
    value: number
  }

  export interface ElectionPlanParamsEmptyBlockIntervalMsFieldEvent {
    field: '$.plan.params.emptyBlockIntervalMs'
    value: number
  }

  export interface ElectionPlanParamsFirstProposalDelayMsFieldEvent {
    field: '$.plan.params.firstProposalDelayMs'
    value: number
  }

  export interface ElectionPlanParamsFirstProposalLimitMsFieldEvent {
    field: '$.plan.params.firstProposalLimitMs'
    value: number
  }

  export interface ElectionPlanParamsVoterTimeoutMsFieldEvent {
    field: '$.plan.params.voterTimeoutMs'
    value: number
  }

  export interface ElectionPlanParamsMaxVoterTimeoutMsFieldEvent {
    field: '$.plan.params.maxVoterTimeoutMs'
    value: number
  }

  export interface ElectionPlanParamsHeartbeatMsFieldEvent {
    field: '$.plan.params.heartbeatMs'
    value: number
  }

  export interface ElectionPlanParamsMaxBlockBytesFieldEvent {
    field: '$.plan.params.maxBlockBytes'
    value: number
  }

  export interface ElectionPlanParamsMaxClockDriftMsFieldEvent {
    field: '$.plan.params.maxClockDriftMs'
    value: number
  }

  export interface ElectionKeptFieldEvent {
    field: '$.kept'
    value: boolean
  }

  export function encode (obj: Partial<Election>): Uint8Array {
    return encodeMessage(obj, Election.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Election>): Election {
    return decodeMessage(buf, Election.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Election>): Generator<ElectionPlanProposersKeyFieldEvent | ElectionPlanProposersOrgFieldEvent | ElectionPlanProposersWeightFieldEvent | ElectionPlanVotersKeyFieldEvent | ElectionPlanVotersOrgFieldEvent | ElectionPlanVotersWeightFieldEvent | ElectionPlanParamsKFieldEvent | ElectionPlanParamsStopOffsetFieldEvent | ElectionPlanParamsBlockIntervalMsFieldEvent | ElectionPlanParamsEmptyBlockIntervalMsFieldEvent | ElectionPlanParamsFirstProposalDelayMsFieldEvent | ElectionPlanParamsFirstProposalLimitMsFieldEvent | ElectionPlanParamsVoterTimeoutMsFieldEvent | ElectionPlanParamsMaxVoterTimeoutMsFieldEvent | ElectionPlanParamsHeartbeatMsFieldEvent | ElectionPlanParamsMaxBlockBytesFieldEvent | ElectionPlanParamsMaxClockDriftMsFieldEvent | ElectionKeptFieldEvent> {
    return streamMessage(buf, Election.codec(), opts)
  }
}

export interface Session {
  number: number
  plan?: CommitteePlan
}

export namespace Session {
  let _codec: Codec<Session>

  export const codec = (): Codec<Session> => {
    if (_codec == null) {
      _codec = message<Session>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(8)
          w.uint32(obj.number)
        }

        if (obj.plan != null) {
          w.uint32(18)
          CommitteePlan.codec().encode(obj.plan, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          number: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.number = reader.uint32()
              break
            }
            case 2: {
              obj.plan = CommitteePlan.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.plan
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
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield * CommitteePlan.codec().stream(reader, reader.uint32(), `${prefix}.plan`, {
                limits: opts.limits?.plan
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

  export interface SessionNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface SessionPlanProposersKeyFieldEvent {
    field: '$.plan.proposers[].key'
    value: Uint8Array
    index: number
  }

  export interface SessionPlanProposersOrgFieldEvent {
    field: '$.plan.proposers[].org'
    value: string
    index: number
  }

  export interface SessionPlanProposersWeightFieldEvent {
    field: '$.plan.proposers[].weight'
    value: number
    index: number
  }

  export interface SessionPlanVotersKeyFieldEvent {
    field: '$.plan.voters[].key'
    value: Uint8Array
    index: number
  }

  export interface SessionPlanVotersOrgFieldEvent {
    field: '$.plan.voters[].org'
    value: string
    index: number
  }

  export interface SessionPlanVotersWeightFieldEvent {
    field: '$.plan.voters[].weight'
    value: number
    index: number
  }

  export interface SessionPlanParamsKFieldEvent {
    field: '$.plan.params.k'
    value: number
  }

  export interface SessionPlanParamsStopOffsetFieldEvent {
    field: '$.plan.params.stopOffset'
    value: number
  }

  export interface SessionPlanParamsBlockIntervalMsFieldEvent {
    field: '$.plan.params.blockIntervalMs'
    value: number
  }

  export interface SessionPlanParamsEmptyBlockIntervalMsFieldEvent {
    field: '$.plan.params.emptyBlockIntervalMs'
    value: number
  }

  export interface SessionPlanParamsFirstProposalDelayMsFieldEvent {
    field: '$.plan.params.firstProposalDelayMs'
    value: number
  }

  export interface SessionPlanParamsFirstProposalLimitMsFieldEvent {
    field: '$.plan.params.firstProposalLimitMs'
    value: number
  }

  export interface SessionPlanParamsVoterTimeoutMsFieldEvent {
    field: '$.plan.params.voterTimeoutMs'
    value: number
  }

  export interface SessionPlanParamsMaxVoterTimeoutMsFieldEvent {
    field: '$.plan.params.maxVoterTimeoutMs'
    value: number
  }

  export interface SessionPlanParamsHeartbeatMsFieldEvent {
    field: '$.plan.params.heartbeatMs'
    value: number
  }

  export interface SessionPlanParamsMaxBlockBytesFieldEvent {
    field: '$.plan.params.maxBlockBytes'
    value: number
  }

  export interface SessionPlanParamsMaxClockDriftMsFieldEvent {
    field: '$.plan.params.maxClockDriftMs'
    value: number
  }

  export function encode (obj: Partial<Session>): Uint8Array {
    return encodeMessage(obj, Session.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Session>): Session {
    return decodeMessage(buf, Session.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Session>): Generator<SessionNumberFieldEvent | SessionPlanProposersKeyFieldEvent | SessionPlanProposersOrgFieldEvent | SessionPlanProposersWeightFieldEvent | SessionPlanVotersKeyFieldEvent | SessionPlanVotersOrgFieldEvent | SessionPlanVotersWeightFieldEvent | SessionPlanParamsKFieldEvent | SessionPlanParamsStopOffsetFieldEvent | SessionPlanParamsBlockIntervalMsFieldEvent | SessionPlanParamsEmptyBlockIntervalMsFieldEvent | SessionPlanParamsFirstProposalDelayMsFieldEvent | SessionPlanParamsFirstProposalLimitMsFieldEvent | SessionPlanParamsVoterTimeoutMsFieldEvent | SessionPlanParamsMaxVoterTimeoutMsFieldEvent | SessionPlanParamsHeartbeatMsFieldEvent | SessionPlanParamsMaxBlockBytesFieldEvent | SessionPlanParamsMaxClockDriftMsFieldEvent> {
    return streamMessage(buf, Session.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

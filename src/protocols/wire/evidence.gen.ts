// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface LeaderHeader {
  header: Uint8Array
  signature: Uint8Array
}

export namespace LeaderHeader {
  let _codec: Codec<LeaderHeader>

  export const codec = (): Codec<LeaderHeader> => {
    if (_codec == null) {
      _codec = message<LeaderHeader>((obj, w, opts = {}) => {
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

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          header: NO_BYTES,
          signature: NO_BYTES
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

  export interface LeaderHeaderHeaderFieldEvent {
    field: '$.header'
    value: Uint8Array
  }

  export interface LeaderHeaderSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<LeaderHeader>): Uint8Array {
    return encodeMessage(obj, LeaderHeader.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LeaderHeader>): LeaderHeader {
    return decodeMessage(buf, LeaderHeader.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LeaderHeader>): Generator<LeaderHeaderHeaderFieldEvent | LeaderHeaderSignatureFieldEvent> {
    return streamMessage(buf, LeaderHeader.codec(), opts)
  }
}

export interface DoubleVote {
  first: Uint8Array
  second: Uint8Array
}

export namespace DoubleVote {
  let _codec: Codec<DoubleVote>

  export const codec = (): Codec<DoubleVote> => {
    if (_codec == null) {
      _codec = message<DoubleVote>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.first != null && obj.first.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.first)
        }

        if ((obj.second != null && obj.second.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.second)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          first: NO_BYTES,
          second: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.first = reader.bytes()
              break
            }
            case 2: {
              obj.second = reader.bytes()
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
                field: `${prefix}.first`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.second`,
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

  export interface DoubleVoteFirstFieldEvent {
    field: '$.first'
    value: Uint8Array
  }

  export interface DoubleVoteSecondFieldEvent {
    field: '$.second'
    value: Uint8Array
  }

  export function encode (obj: Partial<DoubleVote>): Uint8Array {
    return encodeMessage(obj, DoubleVote.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DoubleVote>): DoubleVote {
    return decodeMessage(buf, DoubleVote.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DoubleVote>): Generator<DoubleVoteFirstFieldEvent | DoubleVoteSecondFieldEvent> {
    return streamMessage(buf, DoubleVote.codec(), opts)
  }
}

export interface DoubleProposal {
  first?: LeaderHeader
  second?: LeaderHeader
}

export namespace DoubleProposal {
  let _codec: Codec<DoubleProposal>

  export const codec = (): Codec<DoubleProposal> => {
    if (_codec == null) {
      _codec = message<DoubleProposal>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.first != null) {
          w.uint32(10)
          LeaderHeader.codec().encode(obj.first, w)
        }

        if (obj.second != null) {
          w.uint32(18)
          LeaderHeader.codec().encode(obj.second, w)
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
              obj.first = LeaderHeader.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.first
              })
              break
            }
            case 2: {
              obj.second = LeaderHeader.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.second
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
              yield * LeaderHeader.codec().stream(reader, reader.uint32(), `${prefix}.first`, {
                limits: opts.limits?.first
              })

              break
            }
            case 2: {
              yield * LeaderHeader.codec().stream(reader, reader.uint32(), `${prefix}.second`, {
                limits: opts.limits?.second
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

  export interface DoubleProposalFirstHeaderFieldEvent {
    field: '$.first.header'
    value: Uint8Array
  }

  export interface DoubleProposalFirstSignatureFieldEvent {
    field: '$.first.signature'
    value: Uint8Array
  }

  export interface DoubleProposalSecondHeaderFieldEvent {
    field: '$.second.header'
    value: Uint8Array
  }

  export interface DoubleProposalSecondSignatureFieldEvent {
    field: '$.second.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<DoubleProposal>): Uint8Array {
    return encodeMessage(obj, DoubleProposal.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DoubleProposal>): DoubleProposal {
    return decodeMessage(buf, DoubleProposal.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DoubleProposal>): Generator<DoubleProposalFirstHeaderFieldEvent | DoubleProposalFirstSignatureFieldEvent | DoubleProposalSecondHeaderFieldEvent | DoubleProposalSecondSignatureFieldEvent> {
    return streamMessage(buf, DoubleProposal.codec(), opts)
  }
}

export interface Amnesia {
  earlier: Uint8Array
  later: Uint8Array
  header: Uint8Array
}

export namespace Amnesia {
  let _codec: Codec<Amnesia>

  export const codec = (): Codec<Amnesia> => {
    if (_codec == null) {
      _codec = message<Amnesia>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.earlier != null && obj.earlier.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.earlier)
        }

        if ((obj.later != null && obj.later.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.later)
        }

        if ((obj.header != null && obj.header.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.header)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          earlier: NO_BYTES,
          later: NO_BYTES,
          header: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.earlier = reader.bytes()
              break
            }
            case 2: {
              obj.later = reader.bytes()
              break
            }
            case 3: {
              obj.header = reader.bytes()
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
                field: `${prefix}.earlier`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.later`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.header`,
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

  export interface AmnesiaEarlierFieldEvent {
    field: '$.earlier'
    value: Uint8Array
  }

  export interface AmnesiaLaterFieldEvent {
    field: '$.later'
    value: Uint8Array
  }

  export interface AmnesiaHeaderFieldEvent {
    field: '$.header'
    value: Uint8Array
  }

  export function encode (obj: Partial<Amnesia>): Uint8Array {
    return encodeMessage(obj, Amnesia.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Amnesia>): Amnesia {
    return decodeMessage(buf, Amnesia.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Amnesia>): Generator<AmnesiaEarlierFieldEvent | AmnesiaLaterFieldEvent | AmnesiaHeaderFieldEvent> {
    return streamMessage(buf, Amnesia.codec(), opts)
  }
}

export interface BadCertificate {
  proposal?: LeaderHeader
  certificates: Uint8Array
  certificate: number
  signature: number
}

export namespace BadCertificate {
  let _codec: Codec<BadCertificate>

  export const codec = (): Codec<BadCertificate> => {
    if (_codec == null) {
      _codec = message<BadCertificate>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.proposal != null) {
          w.uint32(10)
          LeaderHeader.codec().encode(obj.proposal, w)
        }

        if ((obj.certificates != null && obj.certificates.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.certificates)
        }

        if ((obj.certificate != null && obj.certificate !== 0)) {
          w.uint32(24)
          w.uint32(obj.certificate)
        }

        if ((obj.signature != null && obj.signature !== 0)) {
          w.uint32(32)
          w.uint32(obj.signature)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          certificates: NO_BYTES,
          certificate: 0,
          signature: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.proposal = LeaderHeader.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.proposal
              })
              break
            }
            case 2: {
              obj.certificates = reader.bytes()
              break
            }
            case 3: {
              obj.certificate = reader.uint32()
              break
            }
            case 4: {
              obj.signature = reader.uint32()
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
              yield * LeaderHeader.codec().stream(reader, reader.uint32(), `${prefix}.proposal`, {
                limits: opts.limits?.proposal
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.certificates`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.certificate`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.signature`,
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

  export interface BadCertificateProposalHeaderFieldEvent {
    field: '$.proposal.header'
    value: Uint8Array
  }

  export interface BadCertificateProposalSignatureFieldEvent {
    field: '$.proposal.signature'
    value: Uint8Array
  }

  export interface BadCertificateCertificatesFieldEvent {
    field: '$.certificates'
    value: Uint8Array
  }

  export interface BadCertificateCertificateFieldEvent {
    field: '$.certificate'
    value: number
  }

  export interface BadCertificateSignatureFieldEvent {
    field: '$.signature'
    value: number
  }

  export function encode (obj: Partial<BadCertificate>): Uint8Array {
    return encodeMessage(obj, BadCertificate.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BadCertificate>): BadCertificate {
    return decodeMessage(buf, BadCertificate.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BadCertificate>): Generator<BadCertificateProposalHeaderFieldEvent | BadCertificateProposalSignatureFieldEvent | BadCertificateCertificatesFieldEvent | BadCertificateCertificateFieldEvent | BadCertificateSignatureFieldEvent> {
    return streamMessage(buf, BadCertificate.codec(), opts)
  }
}

export interface Evidence {
  doubleVote?: DoubleVote
  doubleProposal?: DoubleProposal
  amnesia?: Amnesia
  badCertificate?: BadCertificate
}

export namespace Evidence {
  let _codec: Codec<Evidence>

  export const codec = (): Codec<Evidence> => {
    if (_codec == null) {
      _codec = message<Evidence>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.doubleVote != null) {
          w.uint32(10)
          DoubleVote.codec().encode(obj.doubleVote, w)
        }

        if (obj.doubleProposal != null) {
          w.uint32(18)
          DoubleProposal.codec().encode(obj.doubleProposal, w)
        }

        if (obj.amnesia != null) {
          w.uint32(26)
          Amnesia.codec().encode(obj.amnesia, w)
        }

        if (obj.badCertificate != null) {
          w.uint32(34)
          BadCertificate.codec().encode(obj.badCertificate, w)
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
              obj.doubleVote = DoubleVote.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.doubleVote
              })
              break
            }
            case 2: {
              obj.doubleProposal = DoubleProposal.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.doubleProposal
              })
              break
            }
            case 3: {
              obj.amnesia = Amnesia.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.amnesia
              })
              break
            }
            case 4: {
              obj.badCertificate = BadCertificate.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.badCertificate
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
              yield * DoubleVote.codec().stream(reader, reader.uint32(), `${prefix}.doubleVote`, {
                limits: opts.limits?.doubleVote
              })

              break
            }
            case 2: {
              yield * DoubleProposal.codec().stream(reader, reader.uint32(), `${prefix}.doubleProposal`, {
                limits: opts.limits?.doubleProposal
              })

              break
            }
            case 3: {
              yield * Amnesia.codec().stream(reader, reader.uint32(), `${prefix}.amnesia`, {
                limits: opts.limits?.amnesia
              })

              break
            }
            case 4: {
              yield * BadCertificate.codec().stream(reader, reader.uint32(), `${prefix}.badCertificate`, {
                limits: opts.limits?.badCertificate
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

  export interface EvidenceDoubleVoteFirstFieldEvent {
    field: '$.doubleVote.first'
    value: Uint8Array
  }

  export interface EvidenceDoubleVoteSecondFieldEvent {
    field: '$.doubleVote.second'
    value: Uint8Array
  }

  export interface EvidenceDoubleProposalFirstHeaderFieldEvent {
    field: '$.doubleProposal.first.header'
    value: Uint8Array
  }

  export interface EvidenceDoubleProposalFirstSignatureFieldEvent {
    field: '$.doubleProposal.first.signature'
    value: Uint8Array
  }

  export interface EvidenceDoubleProposalSecondHeaderFieldEvent {
    field: '$.doubleProposal.second.header'
    value: Uint8Array
  }

  export interface EvidenceDoubleProposalSecondSignatureFieldEvent {
    field: '$.doubleProposal.second.signature'
    value: Uint8Array
  }

  export interface EvidenceAmnesiaEarlierFieldEvent {
    field: '$.amnesia.earlier'
    value: Uint8Array
  }

  export interface EvidenceAmnesiaLaterFieldEvent {
    field: '$.amnesia.later'
    value: Uint8Array
  }

  export interface EvidenceAmnesiaHeaderFieldEvent {
    field: '$.amnesia.header'
    value: Uint8Array
  }

  export interface EvidenceBadCertificateProposalHeaderFieldEvent {
    field: '$.badCertificate.proposal.header'
    value: Uint8Array
  }

  export interface EvidenceBadCertificateProposalSignatureFieldEvent {
    field: '$.badCertificate.proposal.signature'
    value: Uint8Array
  }

  export interface EvidenceBadCertificateCertificatesFieldEvent {
    field: '$.badCertificate.certificates'
    value: Uint8Array
  }

  export interface EvidenceBadCertificateCertificateFieldEvent {
    field: '$.badCertificate.certificate'
    value: number
  }

  export interface EvidenceBadCertificateSignatureFieldEvent {
    field: '$.badCertificate.signature'
    value: number
  }

  export function encode (obj: Partial<Evidence>): Uint8Array {
    return encodeMessage(obj, Evidence.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Evidence>): Evidence {
    return decodeMessage(buf, Evidence.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Evidence>): Generator<EvidenceDoubleVoteFirstFieldEvent | EvidenceDoubleVoteSecondFieldEvent | EvidenceDoubleProposalFirstHeaderFieldEvent | EvidenceDoubleProposalFirstSignatureFieldEvent | EvidenceDoubleProposalSecondHeaderFieldEvent | EvidenceDoubleProposalSecondSignatureFieldEvent | EvidenceAmnesiaEarlierFieldEvent | EvidenceAmnesiaLaterFieldEvent | EvidenceAmnesiaHeaderFieldEvent | EvidenceBadCertificateProposalHeaderFieldEvent | EvidenceBadCertificateProposalSignatureFieldEvent | EvidenceBadCertificateCertificatesFieldEvent | EvidenceBadCertificateCertificateFieldEvent | EvidenceBadCertificateSignatureFieldEvent> {
    return streamMessage(buf, Evidence.codec(), opts)
  }
}

export interface EvidenceEntry {
  evidence: Uint8Array
}

export namespace EvidenceEntry {
  let _codec: Codec<EvidenceEntry>

  export const codec = (): Codec<EvidenceEntry> => {
    if (_codec == null) {
      _codec = message<EvidenceEntry>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.evidence != null && obj.evidence.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.evidence)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          evidence: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.evidence = reader.bytes()
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
                field: `${prefix}.evidence`,
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

  export interface EvidenceEntryEvidenceFieldEvent {
    field: '$.evidence'
    value: Uint8Array
  }

  export function encode (obj: Partial<EvidenceEntry>): Uint8Array {
    return encodeMessage(obj, EvidenceEntry.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EvidenceEntry>): EvidenceEntry {
    return decodeMessage(buf, EvidenceEntry.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EvidenceEntry>): Generator<EvidenceEntryEvidenceFieldEvent> {
    return streamMessage(buf, EvidenceEntry.codec(), opts)
  }
}

export interface EvidenceMark {
  id: Uint8Array
  kind: string
  key: Uint8Array
  org: string
  session: number
  epoch: number
  s: number
  height: number
}

export namespace EvidenceMark {
  let _codec: Codec<EvidenceMark>

  export const codec = (): Codec<EvidenceMark> => {
    if (_codec == null) {
      _codec = message<EvidenceMark>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.kind != null && obj.kind !== '')) {
          w.uint32(18)
          w.string(obj.kind)
        }

        if ((obj.key != null && obj.key.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.key)
        }

        if ((obj.org != null && obj.org !== '')) {
          w.uint32(34)
          w.string(obj.org)
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(40)
          w.uint32(obj.session)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(48)
          w.uint32(obj.epoch)
        }

        if ((obj.s != null && obj.s !== 0)) {
          w.uint32(56)
          w.uint32(obj.s)
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(64)
          w.uint64Number(obj.height)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: NO_BYTES,
          kind: '',
          key: NO_BYTES,
          org: '',
          session: 0,
          epoch: 0,
          s: 0,
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
              obj.kind = reader.string()
              break
            }
            case 3: {
              obj.key = reader.bytes()
              break
            }
            case 4: {
              obj.org = reader.string()
              break
            }
            case 5: {
              obj.session = reader.uint32()
              break
            }
            case 6: {
              obj.epoch = reader.uint32()
              break
            }
            case 7: {
              obj.s = reader.uint32()
              break
            }
            case 8: {
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
                field: `${prefix}.kind`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.key`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.org`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.session`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.s`,
                value: reader.uint32()
              }
              break
            }
            case 8: {
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

  export interface EvidenceMarkIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface EvidenceMarkKindFieldEvent {
    field: '$.kind'
    value: string
  }

  export interface EvidenceMarkKeyFieldEvent {
    field: '$.key'
    value: Uint8Array
  }

  export interface EvidenceMarkOrgFieldEvent {
    field: '$.org'
    value: string
  }

  export interface EvidenceMarkSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface EvidenceMarkEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface EvidenceMarkSFieldEvent {
    field: '$.s'
    value: number
  }

  export interface EvidenceMarkHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export function encode (obj: Partial<EvidenceMark>): Uint8Array {
    return encodeMessage(obj, EvidenceMark.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EvidenceMark>): EvidenceMark {
    return decodeMessage(buf, EvidenceMark.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EvidenceMark>): Generator<EvidenceMarkIdFieldEvent | EvidenceMarkKindFieldEvent | EvidenceMarkKeyFieldEvent | EvidenceMarkOrgFieldEvent | EvidenceMarkSessionFieldEvent | EvidenceMarkEpochFieldEvent | EvidenceMarkSFieldEvent | EvidenceMarkHeightFieldEvent> {
    return streamMessage(buf, EvidenceMark.codec(), opts)
  }
}

export interface CertificateConflict {
  first: Uint8Array
  second: Uint8Array
}

export namespace CertificateConflict {
  let _codec: Codec<CertificateConflict>

  export const codec = (): Codec<CertificateConflict> => {
    if (_codec == null) {
      _codec = message<CertificateConflict>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.first != null && obj.first.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.first)
        }

        if ((obj.second != null && obj.second.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.second)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          first: NO_BYTES,
          second: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.first = reader.bytes()
              break
            }
            case 2: {
              obj.second = reader.bytes()
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
                field: `${prefix}.first`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.second`,
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

  export interface CertificateConflictFirstFieldEvent {
    field: '$.first'
    value: Uint8Array
  }

  export interface CertificateConflictSecondFieldEvent {
    field: '$.second'
    value: Uint8Array
  }

  export function encode (obj: Partial<CertificateConflict>): Uint8Array {
    return encodeMessage(obj, CertificateConflict.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CertificateConflict>): CertificateConflict {
    return decodeMessage(buf, CertificateConflict.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CertificateConflict>): Generator<CertificateConflictFirstFieldEvent | CertificateConflictSecondFieldEvent> {
    return streamMessage(buf, CertificateConflict.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

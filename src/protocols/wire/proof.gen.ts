// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface HeaderChain {
  headers: Uint8Array[]
  notarization: Uint8Array
}

export namespace HeaderChain {
  let _codec: Codec<HeaderChain>

  export const codec = (): Codec<HeaderChain> => {
    if (_codec == null) {
      _codec = message<HeaderChain>((obj, w, opts = {}) => {
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

  export interface HeaderChainHeadersFieldEvent {
    field: '$.headers[]'
    index: number
    value: Uint8Array
  }

  export interface HeaderChainNotarizationFieldEvent {
    field: '$.notarization'
    value: Uint8Array
  }

  export function encode (obj: Partial<HeaderChain>): Uint8Array {
    return encodeMessage(obj, HeaderChain.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeaderChain>): HeaderChain {
    return decodeMessage(buf, HeaderChain.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeaderChain>): Generator<HeaderChainHeadersFieldEvent | HeaderChainNotarizationFieldEvent> {
    return streamMessage(buf, HeaderChain.codec(), opts)
  }
}

export interface SessionLink {
  stop?: HeaderChain
  election: Uint8Array
}

export namespace SessionLink {
  let _codec: Codec<SessionLink>

  export const codec = (): Codec<SessionLink> => {
    if (_codec == null) {
      _codec = message<SessionLink>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.stop != null) {
          w.uint32(10)
          HeaderChain.codec().encode(obj.stop, w)
        }

        if ((obj.election != null && obj.election.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.election)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          election: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.stop = HeaderChain.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.stop
              })
              break
            }
            case 2: {
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
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * HeaderChain.codec().stream(reader, reader.uint32(), `${prefix}.stop`, {
                limits: opts.limits?.stop
              })

              break
            }
            case 2: {
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

  export interface SessionLinkStopHeadersFieldEvent {
    field: '$.stop.headers[]'
    index: number
    value: Uint8Array
  }

  export interface SessionLinkStopNotarizationFieldEvent {
    field: '$.stop.notarization'
    value: Uint8Array
  }

  export interface SessionLinkElectionFieldEvent {
    field: '$.election'
    value: Uint8Array
  }

  export function encode (obj: Partial<SessionLink>): Uint8Array {
    return encodeMessage(obj, SessionLink.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionLink>): SessionLink {
    return decodeMessage(buf, SessionLink.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionLink>): Generator<SessionLinkStopHeadersFieldEvent | SessionLinkStopNotarizationFieldEvent | SessionLinkElectionFieldEvent> {
    return streamMessage(buf, SessionLink.codec(), opts)
  }
}

export interface FinalityProof {
  links: SessionLink[]
  block?: HeaderChain
}

export namespace FinalityProof {
  let _codec: Codec<FinalityProof>

  export const codec = (): Codec<FinalityProof> => {
    if (_codec == null) {
      _codec = message<FinalityProof>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.links != null && obj.links.length > 0) {
          for (const value of obj.links) {
            w.uint32(10)
            SessionLink.codec().encode(value, w)
          }
        }

        if (obj.block != null) {
          w.uint32(18)
          HeaderChain.codec().encode(obj.block, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          links: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.links != null && obj.links.length === opts.limits.links) {
                throw new MaxLengthError('Decode error - repeated field "links" had too many elements')
              }

              if (obj.links.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "links" had too many elements')
              }

              obj.links.push(SessionLink.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.links$
              }))
              break
            }
            case 2: {
              obj.block = HeaderChain.codec().decode(reader, reader.uint32(), {
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
        const obj = {
          links: 65536
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.links != null && obj.links === opts.limits.links) {
                throw new MaxLengthError('Streaming decode error - repeated field "links" had too many elements')
              }

              if (obj.links === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "links" had too many elements')
              }

              for (const evt of SessionLink.codec().stream(reader, reader.uint32(), `${prefix}.links[]`, {
                limits: opts.limits?.links$
              })) {
                yield {
                  ...evt,
                  index: obj.links
                }
              }

              obj.links++

              break
            }
            case 2: {
              yield * HeaderChain.codec().stream(reader, reader.uint32(), `${prefix}.block`, {
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

  export interface FinalityProofLinksStopHeadersFieldEvent {
    field: '$.links[].stop.headers[]'
    index: number
    value: Uint8Array
  }

  export interface FinalityProofLinksStopNotarizationFieldEvent {
    field: '$.links[].stop.notarization'
    value: Uint8Array
    index: number
  }

  export interface FinalityProofLinksElectionFieldEvent {
    field: '$.links[].election'
    value: Uint8Array
    index: number
  }

  export interface FinalityProofBlockHeadersFieldEvent {
    field: '$.block.headers[]'
    index: number
    value: Uint8Array
  }

  export interface FinalityProofBlockNotarizationFieldEvent {
    field: '$.block.notarization'
    value: Uint8Array
  }

  export function encode (obj: Partial<FinalityProof>): Uint8Array {
    return encodeMessage(obj, FinalityProof.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<FinalityProof>): FinalityProof {
    return decodeMessage(buf, FinalityProof.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<FinalityProof>): Generator<FinalityProofLinksStopHeadersFieldEvent | FinalityProofLinksStopNotarizationFieldEvent | FinalityProofLinksElectionFieldEvent | FinalityProofBlockHeadersFieldEvent | FinalityProofBlockNotarizationFieldEvent> {
    return streamMessage(buf, FinalityProof.codec(), opts)
  }
}

export interface MerkleAnchor {
  entry: Uint8Array
  path: Uint8Array[]
}

export namespace MerkleAnchor {
  let _codec: Codec<MerkleAnchor>

  export const codec = (): Codec<MerkleAnchor> => {
    if (_codec == null) {
      _codec = message<MerkleAnchor>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.entry != null && obj.entry.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.entry)
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(18)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          entry: NO_BYTES,
          path: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.entry = reader.bytes()
              break
            }
            case 2: {
              if (opts.limits?.path != null && obj.path.length === opts.limits.path) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              if (obj.path.length === 16) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              obj.path.push(reader.bytes())
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
          path: 16
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.entry`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              if (opts.limits?.path != null && obj.path === opts.limits.path) {
                throw new MaxLengthError('Streaming decode error - repeated field "path" had too many elements')
              }

              if (obj.path === 16) {
                throw new MaxLengthError('Streaming decode error - repeated field "path" had too many elements')
              }

              yield {
                field: `${prefix}.path[]`,
                index: obj.path,
                value: reader.bytes()
              }

              obj.path++

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

  export interface MerkleAnchorEntryFieldEvent {
    field: '$.entry'
    value: Uint8Array
  }

  export interface MerkleAnchorPathFieldEvent {
    field: '$.path[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<MerkleAnchor>): Uint8Array {
    return encodeMessage(obj, MerkleAnchor.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MerkleAnchor>): MerkleAnchor {
    return decodeMessage(buf, MerkleAnchor.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MerkleAnchor>): Generator<MerkleAnchorEntryFieldEvent | MerkleAnchorPathFieldEvent> {
    return streamMessage(buf, MerkleAnchor.codec(), opts)
  }
}

export interface TxProof {
  finality: Uint8Array
  transaction: Uint8Array
  index: number
  path: Uint8Array[]
  anchors: MerkleAnchor[]
}

export namespace TxProof {
  let _codec: Codec<TxProof>

  export const codec = (): Codec<TxProof> => {
    if (_codec == null) {
      _codec = message<TxProof>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.finality != null && obj.finality.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.finality)
        }

        if ((obj.transaction != null && obj.transaction.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.transaction)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(24)
          w.uint32(obj.index)
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(34)
            w.bytes(value)
          }
        }

        if (obj.anchors != null && obj.anchors.length > 0) {
          for (const value of obj.anchors) {
            w.uint32(42)
            MerkleAnchor.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          finality: NO_BYTES,
          transaction: NO_BYTES,
          index: 0,
          path: [],
          anchors: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.finality = reader.bytes()
              break
            }
            case 2: {
              obj.transaction = reader.bytes()
              break
            }
            case 3: {
              obj.index = reader.uint32()
              break
            }
            case 4: {
              if (opts.limits?.path != null && obj.path.length === opts.limits.path) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              if (obj.path.length === 16) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              obj.path.push(reader.bytes())
              break
            }
            case 5: {
              if (opts.limits?.anchors != null && obj.anchors.length === opts.limits.anchors) {
                throw new MaxLengthError('Decode error - repeated field "anchors" had too many elements')
              }

              if (obj.anchors.length === 16) {
                throw new MaxLengthError('Decode error - repeated field "anchors" had too many elements')
              }

              obj.anchors.push(MerkleAnchor.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.anchors$
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
          path: 16,
          anchors: 16
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.finality`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.transaction`,
                value: reader.bytes()
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
            case 4: {
              if (opts.limits?.path != null && obj.path === opts.limits.path) {
                throw new MaxLengthError('Streaming decode error - repeated field "path" had too many elements')
              }

              if (obj.path === 16) {
                throw new MaxLengthError('Streaming decode error - repeated field "path" had too many elements')
              }

              yield {
                field: `${prefix}.path[]`,
                index: obj.path,
                value: reader.bytes()
              }

              obj.path++

              break
            }
            case 5: {
              if (opts.limits?.anchors != null && obj.anchors === opts.limits.anchors) {
                throw new MaxLengthError('Streaming decode error - repeated field "anchors" had too many elements')
              }

              if (obj.anchors === 16) {
                throw new MaxLengthError('Streaming decode error - repeated field "anchors" had too many elements')
              }

              for (const evt of MerkleAnchor.codec().stream(reader, reader.uint32(), `${prefix}.anchors[]`, {
                limits: opts.limits?.anchors$
              })) {
                yield {
                  ...evt,
                  index: obj.anchors
                }
              }

              obj.anchors++

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

  export interface TxProofFinalityFieldEvent {
    field: '$.finality'
    value: Uint8Array
  }

  export interface TxProofTransactionFieldEvent {
    field: '$.transaction'
    value: Uint8Array
  }

  export interface TxProofIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface TxProofPathFieldEvent {
    field: '$.path[]'
    index: number
    value: Uint8Array
  }

  export interface TxProofAnchorsEntryFieldEvent {
    field: '$.anchors[].entry'
    value: Uint8Array
    index: number
  }

  export interface TxProofAnchorsPathFieldEvent {
    field: '$.anchors[].path[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<TxProof>): Uint8Array {
    return encodeMessage(obj, TxProof.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxProof>): TxProof {
    return decodeMessage(buf, TxProof.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxProof>): Generator<TxProofFinalityFieldEvent | TxProofTransactionFieldEvent | TxProofIndexFieldEvent | TxProofPathFieldEvent | TxProofAnchorsEntryFieldEvent | TxProofAnchorsPathFieldEvent> {
    return streamMessage(buf, TxProof.codec(), opts)
  }
}

export interface ProofRequest {
  requestId: number
  fromSession: number
  height: number
  hash: Uint8Array
  key: string
}

export namespace ProofRequest {
  let _codec: Codec<ProofRequest>

  export const codec = (): Codec<ProofRequest> => {
    if (_codec == null) {
      _codec = message<ProofRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if ((obj.fromSession != null && obj.fromSession !== 0)) {
          w.uint32(16)
          w.uint32(obj.fromSession)
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.height)
        }

        if ((obj.hash != null && obj.hash.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.hash)
        }

        if ((obj.key != null && obj.key !== '')) {
          w.uint32(42)
          w.string(obj.key)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          fromSession: 0,
          height: 0,
          hash: NO_BYTES,
          key: ''
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
              obj.fromSession = reader.uint32()
              break
            }
            case 3: {
              obj.height = reader.uint64Number()
              break
            }
            case 4: {
              obj.hash = reader.bytes()
              break
            }
            case 5: {
              obj.key = reader.string()
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
                field: `${prefix}.fromSession`,
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
              yield {
                field: `${prefix}.hash`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.key`,
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

  export interface ProofRequestRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface ProofRequestFromSessionFieldEvent {
    field: '$.fromSession'
    value: number
  }

  export interface ProofRequestHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export interface ProofRequestHashFieldEvent {
    field: '$.hash'
    value: Uint8Array
  }

  export interface ProofRequestKeyFieldEvent {
    field: '$.key'
    value: string
  }

  export function encode (obj: Partial<ProofRequest>): Uint8Array {
    return encodeMessage(obj, ProofRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProofRequest>): ProofRequest {
    return decodeMessage(buf, ProofRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProofRequest>): Generator<ProofRequestRequestIdFieldEvent | ProofRequestFromSessionFieldEvent | ProofRequestHeightFieldEvent | ProofRequestHashFieldEvent | ProofRequestKeyFieldEvent> {
    return streamMessage(buf, ProofRequest.codec(), opts)
  }
}

export interface ProofAnswer {
  requestId: number
  proof: Uint8Array
  more: boolean
  problem: string
}

export namespace ProofAnswer {
  let _codec: Codec<ProofAnswer>

  export const codec = (): Codec<ProofAnswer> => {
    if (_codec == null) {
      _codec = message<ProofAnswer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.requestId != null && obj.requestId !== 0)) {
          w.uint32(8)
          w.uint32(obj.requestId)
        }

        if ((obj.proof != null && obj.proof.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.proof)
        }

        if ((obj.more != null && obj.more !== false)) {
          w.uint32(24)
          w.bool(obj.more)
        }

        if ((obj.problem != null && obj.problem !== '')) {
          w.uint32(34)
          w.string(obj.problem)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          requestId: 0,
          proof: NO_BYTES,
          more: false,
          problem: ''
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
              obj.proof = reader.bytes()
              break
            }
            case 3: {
              obj.more = reader.bool()
              break
            }
            case 4: {
              obj.problem = reader.string()
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
                field: `${prefix}.proof`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.more`,
                value: reader.bool()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.problem`,
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

  export interface ProofAnswerRequestIdFieldEvent {
    field: '$.requestId'
    value: number
  }

  export interface ProofAnswerProofFieldEvent {
    field: '$.proof'
    value: Uint8Array
  }

  export interface ProofAnswerMoreFieldEvent {
    field: '$.more'
    value: boolean
  }

  export interface ProofAnswerProblemFieldEvent {
    field: '$.problem'
    value: string
  }

  export function encode (obj: Partial<ProofAnswer>): Uint8Array {
    return encodeMessage(obj, ProofAnswer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProofAnswer>): ProofAnswer {
    return decodeMessage(buf, ProofAnswer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProofAnswer>): Generator<ProofAnswerRequestIdFieldEvent | ProofAnswerProofFieldEvent | ProofAnswerMoreFieldEvent | ProofAnswerProblemFieldEvent> {
    return streamMessage(buf, ProofAnswer.codec(), opts)
  }
}

export interface ProofMessage {
  request?: ProofRequest
  answer?: ProofAnswer
}

export namespace ProofMessage {
  let _codec: Codec<ProofMessage>

  export const codec = (): Codec<ProofMessage> => {
    if (_codec == null) {
      _codec = message<ProofMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.request != null) {
          w.uint32(10)
          ProofRequest.codec().encode(obj.request, w)
        }

        if (obj.answer != null) {
          w.uint32(18)
          ProofAnswer.codec().encode(obj.answer, w)
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
              obj.request = ProofRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.request
              })
              break
            }
            case 2: {
              obj.answer = ProofAnswer.codec().decode(reader, reader.uint32(), {
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
              yield * ProofRequest.codec().stream(reader, reader.uint32(), `${prefix}.request`, {
                limits: opts.limits?.request
              })

              break
            }
            case 2: {
              yield * ProofAnswer.codec().stream(reader, reader.uint32(), `${prefix}.answer`, {
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

  export interface ProofMessageRequestRequestIdFieldEvent {
    field: '$.request.requestId'
    value: number
  }

  export interface ProofMessageRequestFromSessionFieldEvent {
    field: '$.request.fromSession'
    value: number
  }

  export interface ProofMessageRequestHeightFieldEvent {
    field: '$.request.height'
    value: number
  }

  export interface ProofMessageRequestHashFieldEvent {
    field: '$.request.hash'
    value: Uint8Array
  }

  export interface ProofMessageRequestKeyFieldEvent {
    field: '$.request.key'
    value: string
  }

  export interface ProofMessageAnswerRequestIdFieldEvent {
    field: '$.answer.requestId'
    value: number
  }

  export interface ProofMessageAnswerProofFieldEvent {
    field: '$.answer.proof'
    value: Uint8Array
  }

  export interface ProofMessageAnswerMoreFieldEvent {
    field: '$.answer.more'
    value: boolean
  }

  export interface ProofMessageAnswerProblemFieldEvent {
    field: '$.answer.problem'
    value: string
  }

  export function encode (obj: Partial<ProofMessage>): Uint8Array {
    return encodeMessage(obj, ProofMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProofMessage>): ProofMessage {
    return decodeMessage(buf, ProofMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProofMessage>): Generator<ProofMessageRequestRequestIdFieldEvent | ProofMessageRequestFromSessionFieldEvent | ProofMessageRequestHeightFieldEvent | ProofMessageRequestHashFieldEvent | ProofMessageRequestKeyFieldEvent | ProofMessageAnswerRequestIdFieldEvent | ProofMessageAnswerProofFieldEvent | ProofMessageAnswerMoreFieldEvent | ProofMessageAnswerProblemFieldEvent> {
    return streamMessage(buf, ProofMessage.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

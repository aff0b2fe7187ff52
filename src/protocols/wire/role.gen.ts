// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface Hello {
  version: number
  chainId: Uint8Array
  nonce: Uint8Array
}

export namespace Hello {
  let _codec: Codec<Hello>

  export const codec = (): Codec<Hello> => {
    if (_codec == null) {
      _codec = message<Hello>((obj, w, opts = {}) => {
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

        if ((obj.nonce != null && obj.nonce.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.nonce)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: 0,
          chainId: NO_BYTES,
          nonce: NO_BYTES
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
              obj.nonce = reader.bytes()
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
                field: `${prefix}.nonce`,
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

  export interface HelloVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export interface HelloChainIdFieldEvent {
    field: '$.chainId'
    value: Uint8Array
  }

  export interface HelloNonceFieldEvent {
    field: '$.nonce'
    value: Uint8Array
  }

  export function encode (obj: Partial<Hello>): Uint8Array {
    return encodeMessage(obj, Hello.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Hello {
    return decodeMessage(buf, Hello.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Generator<HelloVersionFieldEvent | HelloChainIdFieldEvent | HelloNonceFieldEvent> {
    return streamMessage(buf, Hello.codec(), opts)
  }
}

export interface RoleClaim {
  role: string
  session: number
  index: number
  direction: string
  peerSelf: string
  peerRemote: string
  nonceSelf: Uint8Array
  nonceRemote: Uint8Array
}

export namespace RoleClaim {
  let _codec: Codec<RoleClaim>

  export const codec = (): Codec<RoleClaim> => {
    if (_codec == null) {
      _codec = message<RoleClaim>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.role != null && obj.role !== '')) {
          w.uint32(10)
          w.string(obj.role)
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(16)
          w.uint32(obj.session)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(24)
          w.uint32(obj.index)
        }

        if ((obj.direction != null && obj.direction !== '')) {
          w.uint32(34)
          w.string(obj.direction)
        }

        if ((obj.peerSelf != null && obj.peerSelf !== '')) {
          w.uint32(42)
          w.string(obj.peerSelf)
        }

        if ((obj.peerRemote != null && obj.peerRemote !== '')) {
          w.uint32(50)
          w.string(obj.peerRemote)
        }

        if ((obj.nonceSelf != null && obj.nonceSelf.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.nonceSelf)
        }

        if ((obj.nonceRemote != null && obj.nonceRemote.byteLength > 0)) {
          w.uint32(66)
          w.bytes(obj.nonceRemote)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          role: '',
          session: 0,
          index: 0,
          direction: '',
          peerSelf: '',
          peerRemote: '',
          nonceSelf: NO_BYTES,
          nonceRemote: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.role = reader.string()
              break
            }
            case 2: {
              obj.session = reader.uint32()
              break
            }
            case 3: {
              obj.index = reader.uint32()
              break
            }
            case 4: {
              obj.direction = reader.string()
              break
            }
            case 5: {
              obj.peerSelf = reader.string()
              break
            }
            case 6: {
              obj.peerRemote = reader.string()
              break
            }
            case 7: {
              obj.nonceSelf = reader.bytes()
              break
            }
            case 8: {
              obj.nonceRemote = reader.bytes()
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
                field: `${prefix}.role`,
                value: reader.string()
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
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.direction`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.peerSelf`,
                value: reader.string()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.peerRemote`,
                value: reader.string()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.nonceSelf`,
                value: reader.bytes()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.nonceRemote`,
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

  export interface RoleClaimRoleFieldEvent {
    field: '$.role'
    value: string
  }

  export interface RoleClaimSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface RoleClaimIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface RoleClaimDirectionFieldEvent {
    field: '$.direction'
    value: string
  }

  export interface RoleClaimPeerSelfFieldEvent {
    field: '$.peerSelf'
    value: string
  }

  export interface RoleClaimPeerRemoteFieldEvent {
    field: '$.peerRemote'
    value: string
  }

  export interface RoleClaimNonceSelfFieldEvent {
    field: '$.nonceSelf'
    value: Uint8Array
  }

  export interface RoleClaimNonceRemoteFieldEvent {
    field: '$.nonceRemote'
    value: Uint8Array
  }

  export function encode (obj: Partial<RoleClaim>): Uint8Array {
    return encodeMessage(obj, RoleClaim.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RoleClaim>): RoleClaim {
    return decodeMessage(buf, RoleClaim.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RoleClaim>): Generator<RoleClaimRoleFieldEvent | RoleClaimSessionFieldEvent | RoleClaimIndexFieldEvent | RoleClaimDirectionFieldEvent | RoleClaimPeerSelfFieldEvent | RoleClaimPeerRemoteFieldEvent | RoleClaimNonceSelfFieldEvent | RoleClaimNonceRemoteFieldEvent> {
    return streamMessage(buf, RoleClaim.codec(), opts)
  }
}

export interface SignedClaim {
  payload: Uint8Array
  signer: Uint8Array
  signature: Uint8Array
}

export namespace SignedClaim {
  let _codec: Codec<SignedClaim>

  export const codec = (): Codec<SignedClaim> => {
    if (_codec == null) {
      _codec = message<SignedClaim>((obj, w, opts = {}) => {
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

  export interface SignedClaimPayloadFieldEvent {
    field: '$.payload'
    value: Uint8Array
  }

  export interface SignedClaimSignerFieldEvent {
    field: '$.signer'
    value: Uint8Array
  }

  export interface SignedClaimSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<SignedClaim>): Uint8Array {
    return encodeMessage(obj, SignedClaim.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedClaim>): SignedClaim {
    return decodeMessage(buf, SignedClaim.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedClaim>): Generator<SignedClaimPayloadFieldEvent | SignedClaimSignerFieldEvent | SignedClaimSignatureFieldEvent> {
    return streamMessage(buf, SignedClaim.codec(), opts)
  }
}

export interface Proof {
  claims: SignedClaim[]
  version: number
}

export namespace Proof {
  let _codec: Codec<Proof>

  export const codec = (): Codec<Proof> => {
    if (_codec == null) {
      _codec = message<Proof>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.claims != null && obj.claims.length > 0) {
          for (const value of obj.claims) {
            w.uint32(10)
            SignedClaim.codec().encode(value, w)
          }
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(16)
          w.uint32(obj.version)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          claims: [],
          version: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.claims != null && obj.claims.length === opts.limits.claims) {
                throw new MaxLengthError('Decode error - repeated field "claims" had too many elements')
              }

              if (obj.claims.length === 8) {
                throw new MaxLengthError('Decode error - repeated field "claims" had too many elements')
              }

              obj.claims.push(SignedClaim.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.claims$
              }))
              break
            }
            case 2: {
              obj.version = reader.uint32()
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
          claims: 8
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.claims != null && obj.claims === opts.limits.claims) {
                throw new MaxLengthError('Streaming decode error - repeated field "claims" had too many elements')
              }

              if (obj.claims === 8) {
                throw new MaxLengthError('Streaming decode error - repeated field "claims" had too many elements')
              }

              for (const evt of SignedClaim.codec().stream(reader, reader.uint32(), `${prefix}.claims[]`, {
                limits: opts.limits?.claims$
              })) {
                yield {
                  ...evt,
                  index: obj.claims
                }
              }

              obj.claims++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.version`,
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

  export interface ProofClaimsPayloadFieldEvent {
    field: '$.claims[].payload'
    value: Uint8Array
    index: number
  }

  export interface ProofClaimsSignerFieldEvent {
    field: '$.claims[].signer'
    value: Uint8Array
    index: number
  }

  export interface ProofClaimsSignatureFieldEvent {
    field: '$.claims[].signature'
    value: Uint8Array
    index: number
  }

  export interface ProofVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export function encode (obj: Partial<Proof>): Uint8Array {
    return encodeMessage(obj, Proof.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Proof>): Proof {
    return decodeMessage(buf, Proof.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Proof>): Generator<ProofClaimsPayloadFieldEvent | ProofClaimsSignerFieldEvent | ProofClaimsSignatureFieldEvent | ProofVersionFieldEvent> {
    return streamMessage(buf, Proof.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

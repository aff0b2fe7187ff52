// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface AtxWantClaim {
  peer: string
  frame?: number
}

export namespace AtxWantClaim {
  let _codec: Codec<AtxWantClaim>

  export const codec = (): Codec<AtxWantClaim> => {
    if (_codec == null) {
      _codec = message<AtxWantClaim>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if (obj.frame != null) {
          w.uint32(16)
          w.uint32(obj.frame)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peer = reader.string()
              break
            }
            case 2: {
              obj.frame = reader.uint32()
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
                field: `${prefix}.peer`,
                value: reader.string()
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

  export interface AtxWantClaimPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface AtxWantClaimFrameFieldEvent {
    field: '$.frame'
    value: number
  }

  export function encode (obj: Partial<AtxWantClaim>): Uint8Array {
    return encodeMessage(obj, AtxWantClaim.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxWantClaim>): AtxWantClaim {
    return decodeMessage(buf, AtxWantClaim.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxWantClaim>): Generator<AtxWantClaimPeerFieldEvent | AtxWantClaimFrameFieldEvent> {
    return streamMessage(buf, AtxWantClaim.codec(), opts)
  }
}

export interface AtxWantRow {
  tries: number
  claims: AtxWantClaim[]
}

export namespace AtxWantRow {
  let _codec: Codec<AtxWantRow>

  export const codec = (): Codec<AtxWantRow> => {
    if (_codec == null) {
      _codec = message<AtxWantRow>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.tries != null && obj.tries !== 0)) {
          w.uint32(8)
          w.uint32(obj.tries)
        }

        if (obj.claims != null && obj.claims.length > 0) {
          for (const value of obj.claims) {
            w.uint32(18)
            AtxWantClaim.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          tries: 0,
          claims: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.tries = reader.uint32()
              break
            }
            case 2: {
              if (opts.limits?.claims != null && obj.claims.length === opts.limits.claims) {
                throw new MaxLengthError('Decode error - repeated field "claims" had too many elements')
              }

              if (obj.claims.length === 8) {
                throw new MaxLengthError('Decode error - repeated field "claims" had too many elements')
              }

              obj.claims.push(AtxWantClaim.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.claims$
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
          claims: 8
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.tries`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              if (opts.limits?.claims != null && obj.claims === opts.limits.claims) {
                throw new MaxLengthError('Streaming decode error - repeated field "claims" had too many elements')
              }

              if (obj.claims === 8) {
                throw new MaxLengthError('Streaming decode error - repeated field "claims" had too many elements')
              }

              for (const evt of AtxWantClaim.codec().stream(reader, reader.uint32(), `${prefix}.claims[]`, {
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

  export interface AtxWantRowTriesFieldEvent {
    field: '$.tries'
    value: number
  }

  export interface AtxWantRowClaimsPeerFieldEvent {
    field: '$.claims[].peer'
    value: string
    index: number
  }

  export interface AtxWantRowClaimsFrameFieldEvent {
    field: '$.claims[].frame'
    value: number
    index: number
  }

  export function encode (obj: Partial<AtxWantRow>): Uint8Array {
    return encodeMessage(obj, AtxWantRow.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxWantRow>): AtxWantRow {
    return decodeMessage(buf, AtxWantRow.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AtxWantRow>): Generator<AtxWantRowTriesFieldEvent | AtxWantRowClaimsPeerFieldEvent | AtxWantRowClaimsFrameFieldEvent> {
    return streamMessage(buf, AtxWantRow.codec(), opts)
  }
}

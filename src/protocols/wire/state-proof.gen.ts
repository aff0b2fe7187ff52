// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface StateProof {
  siblings: Uint8Array[]
  otherPath: Uint8Array
  otherValueHash: Uint8Array
}

export namespace StateProof {
  let _codec: Codec<StateProof>

  export const codec = (): Codec<StateProof> => {
    if (_codec == null) {
      _codec = message<StateProof>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.siblings != null && obj.siblings.length > 0) {
          for (const value of obj.siblings) {
            w.uint32(10)
            w.bytes(value)
          }
        }

        if ((obj.otherPath != null && obj.otherPath.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.otherPath)
        }

        if ((obj.otherValueHash != null && obj.otherValueHash.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.otherValueHash)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          siblings: [],
          otherPath: NO_BYTES,
          otherValueHash: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.siblings != null && obj.siblings.length === opts.limits.siblings) {
                throw new MaxLengthError('Decode error - repeated field "siblings" had too many elements')
              }

              if (obj.siblings.length === 256) {
                throw new MaxLengthError('Decode error - repeated field "siblings" had too many elements')
              }

              obj.siblings.push(reader.bytes())
              break
            }
            case 2: {
              obj.otherPath = reader.bytes()
              break
            }
            case 3: {
              obj.otherValueHash = reader.bytes()
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
          siblings: 256
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.siblings != null && obj.siblings === opts.limits.siblings) {
                throw new MaxLengthError('Streaming decode error - repeated field "siblings" had too many elements')
              }

              if (obj.siblings === 256) {
                throw new MaxLengthError('Streaming decode error - repeated field "siblings" had too many elements')
              }

              yield {
                field: `${prefix}.siblings[]`,
                index: obj.siblings,
                value: reader.bytes()
              }

              obj.siblings++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.otherPath`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.otherValueHash`,
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

  export interface StateProofSiblingsFieldEvent {
    field: '$.siblings[]'
    index: number
    value: Uint8Array
  }

  export interface StateProofOtherPathFieldEvent {
    field: '$.otherPath'
    value: Uint8Array
  }

  export interface StateProofOtherValueHashFieldEvent {
    field: '$.otherValueHash'
    value: Uint8Array
  }

  export function encode (obj: Partial<StateProof>): Uint8Array {
    return encodeMessage(obj, StateProof.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StateProof>): StateProof {
    return decodeMessage(buf, StateProof.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StateProof>): Generator<StateProofSiblingsFieldEvent | StateProofOtherPathFieldEvent | StateProofOtherValueHashFieldEvent> {
    return streamMessage(buf, StateProof.codec(), opts)
  }
}

export interface KvProof {
  finality: Uint8Array
  key: string
  value: Uint8Array
  present: boolean
  state?: StateProof
}

export namespace KvProof {
  let _codec: Codec<KvProof>

  export const codec = (): Codec<KvProof> => {
    if (_codec == null) {
      _codec = message<KvProof>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.finality != null && obj.finality.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.finality)
        }

        if ((obj.key != null && obj.key !== '')) {
          w.uint32(18)
          w.string(obj.key)
        }

        if ((obj.value != null && obj.value.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.value)
        }

        if ((obj.present != null && obj.present !== false)) {
          w.uint32(32)
          w.bool(obj.present)
        }

        if (obj.state != null) {
          w.uint32(42)
          StateProof.codec().encode(obj.state, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          finality: NO_BYTES,
          key: '',
          value: NO_BYTES,
          present: false
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
              obj.key = reader.string()
              break
            }
            case 3: {
              obj.value = reader.bytes()
              break
            }
            case 4: {
              obj.present = reader.bool()
              break
            }
            case 5: {
              obj.state = StateProof.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.state
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
                field: `${prefix}.finality`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.key`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.value`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.present`,
                value: reader.bool()
              }
              break
            }
            case 5: {
              yield * StateProof.codec().stream(reader, reader.uint32(), `${prefix}.state`, {
                limits: opts.limits?.state
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

  export interface KvProofFinalityFieldEvent {
    field: '$.finality'
    value: Uint8Array
  }

  export interface KvProofKeyFieldEvent {
    field: '$.key'
    value: string
  }

  export interface KvProofValueFieldEvent {
    field: '$.value'
    value: Uint8Array
  }

  export interface KvProofPresentFieldEvent {
    field: '$.present'
    value: boolean
  }

  export interface KvProofStateSiblingsFieldEvent {
    field: '$.state.siblings[]'
    index: number
    value: Uint8Array
  }

  export interface KvProofStateOtherPathFieldEvent {
    field: '$.state.otherPath'
    value: Uint8Array
  }

  export interface KvProofStateOtherValueHashFieldEvent {
    field: '$.state.otherValueHash'
    value: Uint8Array
  }

  export function encode (obj: Partial<KvProof>): Uint8Array {
    return encodeMessage(obj, KvProof.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvProof>): KvProof {
    return decodeMessage(buf, KvProof.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvProof>): Generator<KvProofFinalityFieldEvent | KvProofKeyFieldEvent | KvProofValueFieldEvent | KvProofPresentFieldEvent | KvProofStateSiblingsFieldEvent | KvProofStateOtherPathFieldEvent | KvProofStateOtherValueHashFieldEvent> {
    return streamMessage(buf, KvProof.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

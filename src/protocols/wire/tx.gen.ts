// Generated from the .proto beside this file by `npm run generate`; not edited by hand.
// @ts-nocheck
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface TxEntry {
  module: string
  payload: Uint8Array
}

export namespace TxEntry {
  let _codec: Codec<TxEntry>

  export const codec = (): Codec<TxEntry> => {
    if (_codec == null) {
      _codec = message<TxEntry>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.module != null && obj.module !== '')) {
          w.uint32(10)
          w.string(obj.module)
        }

        if ((obj.payload != null && obj.payload.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.payload)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          module: '',
          payload: NO_BYTES
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.module = reader.string()
              break
            }
            case 2: {
              obj.payload = reader.bytes()
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
                field: `${prefix}.module`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.payload`,
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

  export interface TxEntryModuleFieldEvent {
    field: '$.module'
    value: string
  }

  export interface TxEntryPayloadFieldEvent {
    field: '$.payload'
    value: Uint8Array
  }

  export function encode (obj: Partial<TxEntry>): Uint8Array {
    return encodeMessage(obj, TxEntry.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxEntry>): TxEntry {
    return decodeMessage(buf, TxEntry.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxEntry>): Generator<TxEntryModuleFieldEvent | TxEntryPayloadFieldEvent> {
    return streamMessage(buf, TxEntry.codec(), opts)
  }
}

export interface TxPayload {
  chainId: Uint8Array
  nonce: number
  entries: TxEntry[]
}

export namespace TxPayload {
  let _codec: Codec<TxPayload>

  export const codec = (): Codec<TxPayload> => {
    if (_codec == null) {
      _codec = message<TxPayload>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.chainId != null && obj.chainId.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.chainId)
        }

        if ((obj.nonce != null && obj.nonce !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.nonce)
        }

        if (obj.entries != null && obj.entries.length > 0) {
          for (const value of obj.entries) {
            w.uint32(26)
            TxEntry.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          chainId: NO_BYTES,
          nonce: 0,
          entries: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.chainId = reader.bytes()
              break
            }
            case 2: {
              obj.nonce = reader.uint64Number()
              break
            }
            case 3: {
              if (opts.limits?.entries != null && obj.entries.length === opts.limits.entries) {
                throw new MaxLengthError('Decode error - repeated field "entries" had too many elements')
              }

              if (obj.entries.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "entries" had too many elements')
              }

              obj.entries.push(TxEntry.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.entries$
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
          entries: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.chainId`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.nonce`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              if (opts.limits?.entries != null && obj.entries === opts.limits.entries) {
                throw new MaxLengthError('Streaming decode error - repeated field "entries" had too many elements')
              }

              if (obj.entries === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "entries" had too many elements')
              }

              for (const evt of TxEntry.codec().stream(reader, reader.uint32(), `${prefix}.entries[]`, {
                limits: opts.limits?.entries$
              })) {
                yield {
                  ...evt,
                  index: obj.entries
                }
              }

              obj.entries++

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

  export interface TxPayloadChainIdFieldEvent {
    field: '$.chainId'
    value: Uint8Array
  }

  export interface TxPayloadNonceFieldEvent {
    field: '$.nonce'
    value: number
  }

  export interface TxPayloadEntriesModuleFieldEvent {
    field: '$.entries[].module'
    value: string
    index: number
  }

  export interface TxPayloadEntriesPayloadFieldEvent {
    field: '$.entries[].payload'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<TxPayload>): Uint8Array {
    return encodeMessage(obj, TxPayload.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxPayload>): TxPayload {
    return decodeMessage(buf, TxPayload.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxPayload>): Generator<TxPayloadChainIdFieldEvent | TxPayloadNonceFieldEvent | TxPayloadEntriesModuleFieldEvent | TxPayloadEntriesPayloadFieldEvent> {
    return streamMessage(buf, TxPayload.codec(), opts)
  }
}

export interface SignedTx {
  payload: Uint8Array
  signer: Uint8Array
  signature: Uint8Array
}

export namespace SignedTx {
  let _codec: Codec<SignedTx>

  export const codec = (): Codec<SignedTx> => {
    if (_codec == null) {
      _codec = message<SignedTx>((obj, w, opts = {}) => {
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

  export interface SignedTxPayloadFieldEvent {
    field: '$.payload'
    value: Uint8Array
  }

  export interface SignedTxSignerFieldEvent {
    field: '$.signer'
    value: Uint8Array
  }

  export interface SignedTxSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<SignedTx>): Uint8Array {
    return encodeMessage(obj, SignedTx.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedTx>): SignedTx {
    return decodeMessage(buf, SignedTx.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedTx>): Generator<SignedTxPayloadFieldEvent | SignedTxSignerFieldEvent | SignedTxSignatureFieldEvent> {
    return streamMessage(buf, SignedTx.codec(), opts)
  }
}

export interface KvEntry {
  key: string
  value: Uint8Array
  delete: boolean
}

export namespace KvEntry {
  let _codec: Codec<KvEntry>

  export const codec = (): Codec<KvEntry> => {
    if (_codec == null) {
      _codec = message<KvEntry>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.key != null && obj.key !== '')) {
          w.uint32(10)
          w.string(obj.key)
        }

        if ((obj.value != null && obj.value.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.value)
        }

        if ((obj.delete != null && obj.delete !== false)) {
          w.uint32(24)
          w.bool(obj.delete)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          key: '',
          value: NO_BYTES,
          delete: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.key = reader.string()
              break
            }
            case 2: {
              obj.value = reader.bytes()
              break
            }
            case 3: {
              obj.delete = reader.bool()
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
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.value`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.delete`,
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

  export interface KvEntryKeyFieldEvent {
    field: '$.key'
    value: string
  }

  export interface KvEntryValueFieldEvent {
    field: '$.value'
    value: Uint8Array
  }

  export interface KvEntryDeleteFieldEvent {
    field: '$.delete'
    value: boolean
  }

  export function encode (obj: Partial<KvEntry>): Uint8Array {
    return encodeMessage(obj, KvEntry.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvEntry>): KvEntry {
    return decodeMessage(buf, KvEntry.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvEntry>): Generator<KvEntryKeyFieldEvent | KvEntryValueFieldEvent | KvEntryDeleteFieldEvent> {
    return streamMessage(buf, KvEntry.codec(), opts)
  }
}

export interface TxRefusal {
  txId: Uint8Array
  code: string
  detail: string
}

export namespace TxRefusal {
  let _codec: Codec<TxRefusal>

  export const codec = (): Codec<TxRefusal> => {
    if (_codec == null) {
      _codec = message<TxRefusal>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.txId != null && obj.txId.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.txId)
        }

        if ((obj.code != null && obj.code !== '')) {
          w.uint32(18)
          w.string(obj.code)
        }

        if ((obj.detail != null && obj.detail !== '')) {
          w.uint32(26)
          w.string(obj.detail)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          txId: NO_BYTES,
          code: '',
          detail: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.txId = reader.bytes()
              break
            }
            case 2: {
              obj.code = reader.string()
              break
            }
            case 3: {
              obj.detail = reader.string()
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
                field: `${prefix}.txId`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.code`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.detail`,
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

  export interface TxRefusalTxIdFieldEvent {
    field: '$.txId'
    value: Uint8Array
  }

  export interface TxRefusalCodeFieldEvent {
    field: '$.code'
    value: string
  }

  export interface TxRefusalDetailFieldEvent {
    field: '$.detail'
    value: string
  }

  export function encode (obj: Partial<TxRefusal>): Uint8Array {
    return encodeMessage(obj, TxRefusal.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxRefusal>): TxRefusal {
    return decodeMessage(buf, TxRefusal.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxRefusal>): Generator<TxRefusalTxIdFieldEvent | TxRefusalCodeFieldEvent | TxRefusalDetailFieldEvent> {
    return streamMessage(buf, TxRefusal.codec(), opts)
  }
}

export interface TxMessage {
  transactions: Uint8Array[]
  refusals: TxRefusal[]
}

export namespace TxMessage {
  let _codec: Codec<TxMessage>

  export const codec = (): Codec<TxMessage> => {
    if (_codec == null) {
      _codec = message<TxMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.transactions != null && obj.transactions.length > 0) {
          for (const value of obj.transactions) {
            w.uint32(10)
            w.bytes(value)
          }
        }

        if (obj.refusals != null && obj.refusals.length > 0) {
          for (const value of obj.refusals) {
            w.uint32(18)
            TxRefusal.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          transactions: [],
          refusals: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.transactions != null && obj.transactions.length === opts.limits.transactions) {
                throw new MaxLengthError('Decode error - repeated field "transactions" had too many elements')
              }

              if (obj.transactions.length === 8192) {
                throw new MaxLengthError('Decode error - repeated field "transactions" had too many elements')
              }

              obj.transactions.push(reader.bytes())
              break
            }
            case 2: {
              if (opts.limits?.refusals != null && obj.refusals.length === opts.limits.refusals) {
                throw new MaxLengthError('Decode error - repeated field "refusals" had too many elements')
              }

              if (obj.refusals.length === 8192) {
                throw new MaxLengthError('Decode error - repeated field "refusals" had too many elements')
              }

              obj.refusals.push(TxRefusal.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.refusals$
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
          transactions: 8192,
          refusals: 8192
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.transactions != null && obj.transactions === opts.limits.transactions) {
                throw new MaxLengthError('Streaming decode error - repeated field "transactions" had too many elements')
              }

              if (obj.transactions === 8192) {
                throw new MaxLengthError('Streaming decode error - repeated field "transactions" had too many elements')
              }

              yield {
                field: `${prefix}.transactions[]`,
                index: obj.transactions,
                value: reader.bytes()
              }

              obj.transactions++

              break
            }
            case 2: {
              if (opts.limits?.refusals != null && obj.refusals === opts.limits.refusals) {
                throw new MaxLengthError('Streaming decode error - repeated field "refusals" had too many elements')
              }

              if (obj.refusals === 8192) {
                throw new MaxLengthError('Streaming decode error - repeated field "refusals" had too many elements')
              }

              for (const evt of TxRefusal.codec().stream(reader, reader.uint32(), `${prefix}.refusals[]`, {
                limits: opts.limits?.refusals$
              })) {
                yield {
                  ...evt,
                  index: obj.refusals
                }
              }

              obj.refusals++

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

  export interface TxMessageTransactionsFieldEvent {
    field: '$.transactions[]'
    index: number
    value: Uint8Array
  }

  export interface TxMessageRefusalsTxIdFieldEvent {
    field: '$.refusals[].txId'
    value: Uint8Array
    index: number
  }

  export interface TxMessageRefusalsCodeFieldEvent {
    field: '$.refusals[].code'
    value: string
    index: number
  }

  export interface TxMessageRefusalsDetailFieldEvent {
    field: '$.refusals[].detail'
    value: string
    index: number
  }

  export function encode (obj: Partial<TxMessage>): Uint8Array {
    return encodeMessage(obj, TxMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxMessage>): TxMessage {
    return decodeMessage(buf, TxMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxMessage>): Generator<TxMessageTransactionsFieldEvent | TxMessageRefusalsTxIdFieldEvent | TxMessageRefusalsCodeFieldEvent | TxMessageRefusalsDetailFieldEvent> {
    return streamMessage(buf, TxMessage.codec(), opts)
  }
}

export interface TxRow {
  height: number
  blockHash: Uint8Array
  index: number
  entries: number
  failedEntry: number
  failureCode: string
  failureDetail: string
}

export namespace TxRow {
  let _codec: Codec<TxRow>

  export const codec = (): Codec<TxRow> => {
    if (_codec == null) {
      _codec = message<TxRow>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.height)
        }

        if ((obj.blockHash != null && obj.blockHash.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.blockHash)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(24)
          w.uint32(obj.index)
        }

        if ((obj.entries != null && obj.entries !== 0)) {
          w.uint32(32)
          w.uint32(obj.entries)
        }

        if ((obj.failedEntry != null && obj.failedEntry !== 0)) {
          w.uint32(40)
          w.uint32(obj.failedEntry)
        }

        if ((obj.failureCode != null && obj.failureCode !== '')) {
          w.uint32(50)
          w.string(obj.failureCode)
        }

        if ((obj.failureDetail != null && obj.failureDetail !== '')) {
          w.uint32(58)
          w.string(obj.failureDetail)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          height: 0,
          blockHash: NO_BYTES,
          index: 0,
          entries: 0,
          failedEntry: 0,
          failureCode: '',
          failureDetail: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.height = reader.uint64Number()
              break
            }
            case 2: {
              obj.blockHash = reader.bytes()
              break
            }
            case 3: {
              obj.index = reader.uint32()
              break
            }
            case 4: {
              obj.entries = reader.uint32()
              break
            }
            case 5: {
              obj.failedEntry = reader.uint32()
              break
            }
            case 6: {
              obj.failureCode = reader.string()
              break
            }
            case 7: {
              obj.failureDetail = reader.string()
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
                field: `${prefix}.height`,
                value: reader.uint64Number()
              }
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
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.entries`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.failedEntry`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.failureCode`,
                value: reader.string()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.failureDetail`,
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

  export interface TxRowHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export interface TxRowBlockHashFieldEvent {
    field: '$.blockHash'
    value: Uint8Array
  }

  export interface TxRowIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface TxRowEntriesFieldEvent {
    field: '$.entries'
    value: number
  }

  export interface TxRowFailedEntryFieldEvent {
    field: '$.failedEntry'
    value: number
  }

  export interface TxRowFailureCodeFieldEvent {
    field: '$.failureCode'
    value: string
  }

  export interface TxRowFailureDetailFieldEvent {
    field: '$.failureDetail'
    value: string
  }

  export function encode (obj: Partial<TxRow>): Uint8Array {
    return encodeMessage(obj, TxRow.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxRow>): TxRow {
    return decodeMessage(buf, TxRow.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TxRow>): Generator<TxRowHeightFieldEvent | TxRowBlockHashFieldEvent | TxRowIndexFieldEvent | TxRowEntriesFieldEvent | TxRowFailedEntryFieldEvent | TxRowFailureCodeFieldEvent | TxRowFailureDetailFieldEvent> {
    return streamMessage(buf, TxRow.codec(), opts)
  }
}

export interface LedgerCursor {
  height: number
  blockHash: Uint8Array
  stateRoot: Uint8Array
  chainId: Uint8Array
  generation: number
}

export namespace LedgerCursor {
  let _codec: Codec<LedgerCursor>

  export const codec = (): Codec<LedgerCursor> => {
    if (_codec == null) {
      _codec = message<LedgerCursor>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.height != null && obj.height !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.height)
        }

        if ((obj.blockHash != null && obj.blockHash.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.blockHash)
        }

        if ((obj.stateRoot != null && obj.stateRoot.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.stateRoot)
        }

        if ((obj.chainId != null && obj.chainId.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.chainId)
        }

        if ((obj.generation != null && obj.generation !== 0)) {
          w.uint32(40)
          w.uint32(obj.generation)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          height: 0,
          blockHash: NO_BYTES,
          stateRoot: NO_BYTES,
          chainId: NO_BYTES,
          generation: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.height = reader.uint64Number()
              break
            }
            case 2: {
              obj.blockHash = reader.bytes()
              break
            }
            case 3: {
              obj.stateRoot = reader.bytes()
              break
            }
            case 4: {
              obj.chainId = reader.bytes()
              break
            }
            case 5: {
              obj.generation = reader.uint32()
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
                field: `${prefix}.height`,
                value: reader.uint64Number()
              }
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
                field: `${prefix}.stateRoot`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.chainId`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.generation`,
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

  export interface LedgerCursorHeightFieldEvent {
    field: '$.height'
    value: number
  }

  export interface LedgerCursorBlockHashFieldEvent {
    field: '$.blockHash'
    value: Uint8Array
  }

  export interface LedgerCursorStateRootFieldEvent {
    field: '$.stateRoot'
    value: Uint8Array
  }

  export interface LedgerCursorChainIdFieldEvent {
    field: '$.chainId'
    value: Uint8Array
  }

  export interface LedgerCursorGenerationFieldEvent {
    field: '$.generation'
    value: number
  }

  export function encode (obj: Partial<LedgerCursor>): Uint8Array {
    return encodeMessage(obj, LedgerCursor.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LedgerCursor>): LedgerCursor {
    return decodeMessage(buf, LedgerCursor.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LedgerCursor>): Generator<LedgerCursorHeightFieldEvent | LedgerCursorBlockHashFieldEvent | LedgerCursorStateRootFieldEvent | LedgerCursorChainIdFieldEvent | LedgerCursorGenerationFieldEvent> {
    return streamMessage(buf, LedgerCursor.codec(), opts)
  }
}

const NO_BYTES = new Uint8Array(0)

/** The `kv` module: put and delete text keys. Deleting an absent key is fine, so an entry that parses always succeeds. */
import { Buffer } from 'node:buffer'
import { KvEntry } from '../../protocols/wire/tx.gen.ts'
import { LedgerError } from '../errors.ts'
import { refusal } from '../refusals.ts'
import type { LedgerModule, ParsedEntry } from './module.ts'

/** The longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 256
export const MAX_VALUE_BYTES = 65_536
const KV = 'kv'

/** The state key of a kv key. */
export function kvStateKey(key: string): string {
  return `${KV}/${key}`
}

/** A parsed entry: the state key it sets, and its value; null deletes. */
export type KvWrite = { readonly key: string; readonly value: Uint8Array | null }

function parse(payload: Uint8Array): ParsedEntry<KvWrite> {
  try {
    const { key, value, delete: isDelete } = KvEntry.decode(payload)
    const fault = faultOf(key, value, isDelete)
    if (fault !== null) return { ok: false, detail: fault }
    return { ok: true, entry: { key: kvStateKey(key), value: isDelete ? null : value } }
  } catch {
    return { ok: false, detail: 'kv: not an encoded KvEntry' }
  }
}

// A lone surrogate would be one key in memory and another one on disk.
function faultOf(key: string, value: Uint8Array, isDelete: boolean): string | null {
  if (key === '' || !key.isWellFormed()) return 'kv: the key must be non-empty Unicode text'
  if (key.length > MAX_KEY_BYTES || Buffer.byteLength(key) > MAX_KEY_BYTES)
    return `kv: a key has at most ${MAX_KEY_BYTES} bytes`
  if (value.byteLength > MAX_VALUE_BYTES) return `kv: a value has at most ${MAX_VALUE_BYTES} bytes`
  if (isDelete && value.byteLength > 0) return 'kv: a delete carries no value'
  return null
}

type KvInput = { key?: unknown; value?: unknown; delete?: unknown }

function encode(input: unknown): Uint8Array {
  const { key, value, delete: isDelete } = (typeof input === 'object' && input !== null ? input : {}) as KvInput
  const shaped = typeof key === 'string' && (isDelete === true ? value === undefined : typeof value === 'string')
  if (!shaped) throw badEntry('kv: the payload is {"key": TEXT, "value": TEXT} or {"key": TEXT, "delete": true}')
  const bytes = typeof value === 'string' ? Buffer.from(value) : new Uint8Array(0)
  const fault = faultOf(key, bytes, isDelete === true)
  if (fault !== null) throw badEntry(fault)
  return KvEntry.encode({ key, value: bytes, delete: isDelete === true })
}

function show({ key, value }: KvWrite): unknown {
  const name = key.slice(kvStateKey('').length)
  return value === null ? { key: name, delete: true } : { key: name, value: Buffer.from(value).toString('utf8') }
}

function badEntry(about: string): LedgerError {
  return new LedgerError('bad-entry', refusal('bad-entry', about).detail)
}

export const kvModule: LedgerModule<KvWrite> = {
  name: KV,
  parse,
  apply: (_view, write) => ({ ok: true, writes: [write] }),
  show,
  encode,
}

/**
 * The worker thread that verifies Ed25519 signatures in batches. It stands alone: a batch comes as one buffer of records
 * `publicKey(32) signature(64) length(4, big endian) bytes`, and one byte per record goes back, 1 for a right signature.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

const KEY_BYTES = 32
const SIGNATURE_END = KEY_BYTES + 64
const HEAD_BYTES = SIGNATURE_END + 4
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const MAX_CACHED_KEYS = 4_096
const keys = new Map<string, KeyObject>()

function keyOf(raw: Buffer): KeyObject {
  const name = raw.toString('latin1')
  const known = keys.get(name)
  if (known !== undefined) return known
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  if (keys.size >= MAX_CACHED_KEYS) keys.clear()
  keys.set(name, key)
  return key
}

function verifyBatch(batch: Buffer, count: number): Uint8Array {
  const verdicts = new Uint8Array(count)
  let at = 0
  for (let index = 0; index < count; index++) {
    const end = at + HEAD_BYTES + batch.readUInt32BE(at + SIGNATURE_END)
    const signature = batch.subarray(at + KEY_BYTES, at + SIGNATURE_END)
    const key = keyOf(batch.subarray(at, at + KEY_BYTES))
    verdicts[index] = verify(null, batch.subarray(at + HEAD_BYTES, end), key, signature) ? 1 : 0
    at = end
  }
  return verdicts
}

type Request = { readonly id: number; readonly batch: Uint8Array<ArrayBuffer>; readonly count: number }

parentPort?.on('message', ({ id, batch, count }: Request) => {
  const verdicts = verifyBatch(Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength), count)
  parentPort?.postMessage({ id, verdicts })
})

/**
 * The worker thread that verifies Ed25519 signatures in batches. It stands alone: a batch comes as one buffer of records
 * `publicKey(32) signature(64) length(4, big endian) bytes`, and one byte per record goes back, 1 for a right signature.
 */
import { parentPort } from 'node:worker_threads'
import { KEY_BYTES, SIGNATURE_BYTES, verifyEd25519 } from './ed25519.ts'

const SIGNATURE_END = KEY_BYTES + SIGNATURE_BYTES
const HEAD_BYTES = SIGNATURE_END + 4

function verifyBatch(batch: Buffer, count: number): Uint8Array {
  const verdicts = new Uint8Array(count)
  let at = 0
  for (let index = 0; index < count; index++) {
    const end = at + HEAD_BYTES + batch.readUInt32BE(at + SIGNATURE_END)
    const signature = batch.subarray(at + KEY_BYTES, at + SIGNATURE_END)
    const key = batch.subarray(at, at + KEY_BYTES)
    verdicts[index] = verifyEd25519({ key, signature, bytes: batch.subarray(at + HEAD_BYTES, end) }) ? 1 : 0
    at = end
  }
  return verdicts
}

type Request = { readonly id: number; readonly batch: Uint8Array<ArrayBuffer>; readonly count: number }

parentPort?.on('message', ({ id, batch, count }: Request) => {
  const verdicts = verifyBatch(Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength), count)
  parentPort?.postMessage({ id, verdicts })
})

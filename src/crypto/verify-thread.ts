/**
 * Verification off the event loop: checks of one turn travel to a worker thread as one batch, so that neither the loop
 * nor libuv's threads, which fsync needs, are busy with them.
 */
import { Worker } from 'node:worker_threads'
import { KEY_BYTES, type RawCheck, SIGNATURE_BYTES } from './ed25519.ts'

const SIGNATURE_END = KEY_BYTES + SIGNATURE_BYTES
const HEAD_BYTES = SIGNATURE_END + 4
/** Checks sent at once; more go as the next batch. */
const MAX_BATCH = 512

type Pending = {
  readonly check: RawCheck
  readonly resolve: (valid: boolean) => void
  readonly reject: (error: Error) => void
}
type Answer = { readonly id: number; readonly verdicts: Uint8Array }

function pack(batch: readonly Pending[]): Uint8Array<ArrayBuffer> {
  const size = batch.reduce((sum, { check }) => sum + HEAD_BYTES + check.bytes.byteLength, 0)
  const packed = Buffer.from(new ArrayBuffer(size))
  let at = 0
  for (const { check } of batch) {
    packed.set(check.key, at)
    packed.set(check.signature, at + KEY_BYTES)
    packed.writeUInt32BE(check.bytes.byteLength, at + SIGNATURE_END)
    packed.set(check.bytes, at + HEAD_BYTES)
    at += HEAD_BYTES + check.bytes.byteLength
  }
  return new Uint8Array(packed.buffer, packed.byteOffset, size)
}

export interface VerifyThread {
  /** Resolves to whether the signature is right; rejects when the thread ended. */
  verify(check: RawCheck): Promise<boolean>
}

/** A thread that starts with its first batch and does not keep the process alive. */
export function createVerifyThread(): VerifyThread {
  let worker: Worker | null = null
  const queue: Pending[] = []
  let isFlushing = false
  let nextId = 0
  const open = new Map<number, readonly Pending[]>()

  function start(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
    const started = new Worker(new URL(`./verify-worker${extension}`, import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    started.unref()
    started.on('message', ({ id, verdicts }: Answer) => {
      for (const [index, { resolve }] of (open.get(id) ?? []).entries()) resolve(verdicts[index] === 1)
      open.delete(id)
      if (open.size === 0) started.unref()
    })
    started.on('error', (error) => {
      worker = null
      for (const batch of open.values()) for (const { reject } of batch) reject(error as Error)
      open.clear()
    })
    return started
  }

  function flush(): void {
    isFlushing = false
    worker ??= start()
    worker.ref()
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_BATCH)
      const id = nextId++
      open.set(id, batch)
      const packed = pack(batch)
      worker.postMessage({ id, batch: packed, count: batch.length }, [packed.buffer])
    }
  }

  return {
    verify(check) {
      return new Promise((resolve, reject) => {
        queue.push({ check, resolve, reject })
        if (isFlushing) return
        isFlushing = true
        setImmediate(flush)
      })
    },
  }
}

/** The same differences by negentropy's own JavaScript, in one run with ours: bytes, turns, processor time. */
import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Job } from './atx-job.ts'
import { fail, stopwatch } from './atx-material.ts'

type Storage = { insert(timestamp: number, id: Uint8Array): void; seal(): void }
type Turn = readonly [Uint8Array | null, readonly unknown[], readonly unknown[]]
type Side = { wantUint8ArrayOutput: boolean; initiate(): Promise<Uint8Array>; reconcile(m: Uint8Array): Promise<Turn> }
type Library = {
  readonly Negentropy: new (storage: Storage, frameSizeLimit: number) => Side
  readonly NegentropyStorageVector: new () => Storage
}

/** Each side lacks half of `peers` differences; `dir` is the library's file. */
export const negentropy: Job = async ({ dir, ids, peers: differences }) => {
  const { Negentropy, NegentropyStorageVector } = createRequire(import.meta.url)(resolve(dir)) as Library
  const all = Array.from({ length: ids }, (_, i) => hash('sha256', `atx-${i}`, 'buffer'))
  const half = differences / 2
  const building = stopwatch()
  const [alice, bob] = [all.slice(half), all.slice(0, -half)].map((set) => {
    const storage = new NegentropyStorageVector()
    for (const id of set) storage.insert(0, id)
    storage.seal()
    const side = new Negentropy(storage, 0)
    side.wantUint8ArrayOutput = true
    return side
  })
  const buildMs = (building().cpuSeconds * 1_000) / 2
  if (alice === undefined || bob === undefined) return fail('two sides reconcile')
  const lap = stopwatch()
  let [bytes, turns, found] = [0, 0, 0]
  for (let message: Uint8Array | null = await alice.initiate(); message !== null; turns++) {
    const [answer] = await bob.reconcile(message)
    if (answer === null) return fail('a responder always answers')
    bytes += message.byteLength + answer.byteLength
    const [next, have, need] = await alice.reconcile(answer)
    found += have.length + need.length
    message = next
  }
  const cpuMs = lap().cpuSeconds * 1_000
  if (found !== differences) fail(`${found} differences were found`)
  return { bytes, turns, cpuMs, buildMs }
}

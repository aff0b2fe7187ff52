/** Ids by name and fingerprints as text, for the tests of this folder. */
import { hash } from 'node:crypto'
import { createAccumulator } from '../../../../src/sync/set/fingerprint.ts'
import type { Accumulator, Fingerprint, Suite } from '../../../../src/sync/set/types.ts'

/** The id of name n in the spec's vectors (S3.6): SHA-256 of it. */
export function idOf(name: string): string {
  return hash('sha256', name, 'hex')
}

export function packed(ids: readonly string[]): Uint8Array {
  return Buffer.from(ids.join(''), 'hex')
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** A fingerprint as text that tests can compare whole. */
export function shown({ count, xor, strong }: Fingerprint): string {
  return `${count} ${hex(xor)} ${strong === null ? '-' : hex(strong)}`
}

export function accumulatorOf(suite: Suite, ids: readonly string[]): Accumulator {
  const accumulator = createAccumulator(suite)
  accumulator.add(packed(ids))
  return accumulator
}

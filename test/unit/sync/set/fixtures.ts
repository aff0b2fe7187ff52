/** Ids and fingerprints as text, for the tests of this folder. */
import { createAccumulator } from '../../../../src/sync/set/fingerprint.ts'
import type { Accumulator, AtxSet, Fingerprint, FrozenView, Suite } from '../../../../src/sync/set/types.ts'

export function packed(ids: readonly string[]): Uint8Array {
  return Buffer.from(ids.join(''), 'hex')
}

/** Packed ids one by one. */
export function unpacked(ids: Uint8Array): string[] {
  return hex(ids).match(/.{64}/g) ?? []
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

/** Everything a set says of itself. */
export function headsOf(set: AtxSet) {
  const { frame, ...rest } = set.heads()
  const fingerprints = Object.entries(rest).map(([name, fingerprint]) => [name, shown(fingerprint)])
  return { frame, ...(Object.fromEntries(fingerprints) as Record<keyof typeof rest, string>) }
}

/** A list of a frozen view, whole. */
export async function listOf(view: FrozenView, back: number, idsPerChunk = 7): Promise<string[]> {
  const list = await view.list(back)
  const ids = [...list.chunks(idsPerChunk)].flatMap(unpacked)
  if (ids.length !== list.count) throw new Error(`${list.count} ids announced, ${ids.length} given`)
  return ids
}

/** The ids that a scope of deep reconciliation names, out of a frozen view of the set (S12.3). */
import { assert } from '../../assert.ts'
import { type FrozenView, ID_BYTES } from '../set/types.ts'
import { mergeIds } from './ids.ts'
import { WHOLE_SET } from './limits.ts'
import { inSteps, type Steps } from './pace.ts'

/** Ids taken from a list at once. */
const IDS_PER_CHUNK = 8_192

/** Packed ascending ids of a scope, put together with turns of the event loop between. */
export async function scopeIds(view: FrozenView, scope: number): Promise<Uint8Array> {
  assert(Number.isInteger(scope) && scope >= 0 && scope <= WHOLE_SET, 'a scope is a byte')
  if (scope !== WHOLE_SET) return frameIds(view, scope)
  const frames: Uint8Array[] = []
  for (let back = 0; back <= view.frame; back++) frames.push(await frameIds(view, back))
  return inSteps(mergeIds(frames))
}

async function frameIds(view: FrozenView, back: number): Promise<Uint8Array> {
  const list = await view.list(back)
  return inSteps(pack(list.count, list.chunks(IDS_PER_CHUNK)))
}

function* pack(count: number, chunks: Iterable<Uint8Array>): Steps<Uint8Array> {
  const packed = new Uint8Array(count * ID_BYTES)
  let offset = 0
  for (const chunk of chunks) {
    packed.set(chunk, offset)
    offset += chunk.byteLength
    yield
  }
  assert(offset === packed.byteLength, 'a list has as many ids as it says')
  return packed
}

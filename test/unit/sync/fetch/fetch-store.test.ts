/** The queue on disk (S13): what was wanted is wanted again after a restart, as far as it was written. */
import { expect, it } from 'vitest'
import { MAX_WANTED, STORED_TOGETHER } from '../../../../src/sync/fetch/bounds.ts'
import { createFetchStore } from '../../../../src/sync/fetch/fetch-store.ts'
import type { RestoredWant } from '../../../../src/sync/fetch/types.ts'
import { openDisk } from '../../../helpers/sync/fetch-disk.ts'
import { idAt, idsFrom } from '../../../helpers/sync/fetch-machine.ts'

const wanted = (id: string, tries = 2): RestoredWant => ({
  id,
  tries,
  claims: [
    { peer: 'bob', frame: 0 },
    { peer: 'carol', frame: null },
  ],
})
const all = (ids: readonly string[]) => new Map<string, RestoredWant | null>(ids.map((id) => [id, wanted(id)]))

it('restores ids with their tries and who listed them where', async () => {
  const disk = await openDisk()
  await createFetchStore(disk.db).write(all(idsFrom(0, 3)))
  const store = createFetchStore((await disk.reopen()).db)
  expect(await store.load()).toEqual(idsFrom(0, 3).map((id) => wanted(id)))
  await store.write(new Map([[idAt(1), null]]))
  expect((await store.load()).map(({ id }) => id)).toEqual([idAt(0), idAt(2)])
})

it('what came and went between two writes costs none', async () => {
  const disk = await openDisk()
  const store = createFetchStore(disk.db)
  await store.write(new Map(idsFrom(0, 10).map((id) => [id, null])))
  expect(disk.writes()).toBe(0)
})

it('rows that are none, that have no tries left, or that are too many, are deleted', async () => {
  const disk = await openDisk()
  await disk.put('sync/want/zz', Buffer.alloc(3))
  await disk.put(`sync/want/${idAt(1)}`, Buffer.from('ffffff', 'hex'))
  await createFetchStore(disk.db).write(new Map([[idAt(2), wanted(idAt(2), 10)]]))
  await createFetchStore(disk.db).write(all(idsFrom(10, MAX_WANTED + 5)))
  expect(await createFetchStore(disk.db).load()).toHaveLength(MAX_WANTED)
  expect(await disk.keys()).toHaveLength(MAX_WANTED)
})

it('killed between any two writes: every row that is there is whole', async () => {
  const ids = idsFrom(0, 3 * STORED_TOGETHER)
  for (let writes = 0; writes <= 3; writes++) {
    const disk = await openDisk()
    disk.dieAfter(writes)
    await createFetchStore(disk.db)
      .write(all(ids))
      .catch(() => undefined)
    const restored = await createFetchStore((await disk.reopen()).db).load()
    expect(restored).toEqual(ids.slice(0, writes * STORED_TOGETHER).map((id) => wanted(id)))
  }
})

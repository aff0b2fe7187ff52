/** Rejected ids on disk (S8): bounded, the least recently used go first, and whole after a kill between any two writes. */
import { expect, it } from 'vitest'
import { openRejectedStore } from '../../../../src/sync/intake/rejected-store.ts'
import { openDisk } from '../../../helpers/sync/fetch-disk.ts'
import { idAt, idsFrom } from '../../../helpers/sync/fetch-machine.ts'

it('survives a restart, in its order of use', async () => {
  const disk = await openDisk()
  const store = await openRejectedStore(disk.db, 3)
  await store.add(idsFrom(0, 3))
  await store.add([idAt(0)])
  const again = await openRejectedStore((await disk.reopen()).db, 3)
  await again.add([idAt(3)])
  expect([0, 1, 2, 3].map((index) => again.has(idAt(index)))).toEqual([true, false, true, true])
  expect(again.size).toBe(3)
})

it('what is looked up counts as used', async () => {
  const disk = await openDisk()
  const store = await openRejectedStore(disk.db, 3)
  await store.add(idsFrom(0, 3))
  expect(store.has(idAt(0))).toBe(true)
  await store.add([idAt(3)])
  expect([0, 1, 2, 3].map((index) => store.has(idAt(index)))).toEqual([true, false, true, true])
  expect((await disk.keys()).length).toBe(3)
})

it('more than the limit at once leaves the last ones', async () => {
  const disk = await openDisk()
  const store = await openRejectedStore(disk.db, 3)
  await store.add(idsFrom(0, 10))
  expect((await disk.keys()).map((key) => key.slice(-64))).toEqual(idsFrom(7, 3))
})

it('a smaller limit, and rows that are none, are put right when it is opened', async () => {
  const disk = await openDisk()
  await (await openRejectedStore(disk.db, 10)).add(idsFrom(0, 10))
  await disk.put('sync/rejected/nonsense', Buffer.alloc(8))
  await disk.put(`sync/rejected/${idAt(77)}`, Buffer.alloc(3))
  await disk.put(`sync/rejected/${idAt(78)}`, Buffer.alloc(8, 0xff))
  await disk.put('sync/other', Buffer.alloc(8))
  const store = await openRejectedStore(disk.db, 4)
  expect(store.size).toBe(4)
  expect((await disk.keys()).map((key) => key.slice(-64))).toEqual(['sync/other', ...idsFrom(6, 4)])
})

it('killed between any two writes: each batch is there or not, and the bound holds', async () => {
  for (let writes = 0; writes <= 4; writes++) {
    const disk = await openDisk()
    const store = await openRejectedStore(disk.db, 5)
    disk.dieAfter(writes)
    for (let batch = 0; batch < 4; batch++) await store.add(idsFrom(batch * 2, 2)).catch(() => undefined)
    const again = await openRejectedStore((await disk.reopen()).db, 5)
    const expected = idsFrom(0, writes * 2).slice(-5)
    expect(idsFrom(0, 8).filter((id) => again.has(id))).toEqual(expected)
  }
})

/** Cursors on disk (S9.1, S13). */
import { ClassicLevel } from 'classic-level'
import { expect, it, onTestFinished } from 'vitest'
import { MAX_CURSORS, RESUME_MS } from '../../../../src/sync/serve/bounds.ts'
import { openCursorStore } from '../../../../src/sync/serve/serve-store.ts'
import { tempDir } from '../../../helpers/temp-dir.ts'

const storeId = new Uint8Array(16).fill(1)
const otherStore = new Uint8Array(16).fill(2)

async function openDb() {
  const db = new ClassicLevel<string, Uint8Array>(await tempDir(), { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  return db
}

it('S9.1 a place is remembered by peer and store, over a restart', async () => {
  const db = await openDb()
  const clock = { now: () => 1_000 }
  const first = await openCursorStore(db, clock)
  expect(first.read({ peer: 'bob', storeId })).toBe(0)
  await first.save({ peer: 'bob', storeId, seq: 10 })
  await first.save({ peer: 'bob', storeId, seq: 2 ** 40 })
  for (const store of [first, await openCursorStore(db, clock)]) {
    expect(store.read({ peer: 'bob', storeId })).toBe(2 ** 40)
    expect(store.read({ peer: 'bob', storeId: otherStore })).toBe(0)
    expect(store.read({ peer: 'eve', storeId })).toBe(0)
  }
})

it('S9.1 a store that was rebuilt starts anew', async () => {
  const store = await openCursorStore(await openDb(), { now: () => 0 })
  await store.save({ peer: 'bob', storeId, seq: 10 })
  await store.save({ peer: 'bob', storeId: otherStore, seq: 3 })
  expect(store.read({ peer: 'bob', storeId })).toBe(0)
  expect(store.read({ peer: 'bob', storeId: otherStore })).toBe(3)
})

it('S9.1 after a day a place is forgotten, here and on disk; damaged rows are dropped', async () => {
  const db = await openDb()
  let now = 0
  const clock = { now: () => now }
  const store = await openCursorStore(db, clock)
  await store.save({ peer: 'bob', storeId, seq: 10 })
  await db.put('atx/serve/eve', new Uint8Array(3))
  await db.put('atx/other', new Uint8Array(3))
  now = RESUME_MS
  expect(store.read({ peer: 'bob', storeId })).toBe(0)
  await openCursorStore(db, clock)
  expect(await db.keys().all()).toEqual(['atx/other'])
})

it('the oldest place makes room for a new one', async () => {
  const db = await openDb()
  let now = 0
  const clock = { now: () => now }
  const store = await openCursorStore(db, clock)
  for (now = 0; now < MAX_CURSORS; now++) await store.save({ peer: `p${now}`, storeId, seq: 1 })
  await store.save({ peer: 'p0', storeId, seq: 2 })
  now++
  await store.save({ peer: 'last', storeId, seq: 1 })
  for (const live of [store, await openCursorStore(db, clock)]) {
    expect(live.read({ peer: 'p0', storeId })).toBe(2)
    expect(live.read({ peer: 'p1', storeId })).toBe(0)
    expect(live.read({ peer: 'last', storeId })).toBe(1)
  }
  expect((await db.keys().all()).length).toBe(MAX_CURSORS)
})

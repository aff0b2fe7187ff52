/** Pruning (P20.9): what goes, what stays for ever, and that a node goes on with what is left. */
import { ClassicLevel } from 'classic-level'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { SnapshotManifest } from '../../../src/ledger/snapshot.ts'
import { keptForSnapshots, startPruner } from '../../../src/node/pruner.ts'
import { RETAINED_FINAL_BLOCKS } from '../../../src/pala/bounds.ts'
import { lowestMark, openPruneStore } from '../../../src/pala/prune-store.ts'
import { findRange } from '../../../src/pala/range/find.ts'
import { createRangeStore } from '../../../src/pala/range/range-store.ts'
import { restoreState, summarise } from '../../../src/pala/state.ts'
import { createPalaStore } from '../../../src/pala/store.ts'
import { configOf, createCommittee } from '../../helpers/committee.ts'
import { committeeOf, growChain } from '../../helpers/pala-chain.ts'
import { recordsOf } from '../../helpers/pala-nodes.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'

const committee = createCommittee(4)
const second = committeeOf(2, ['b0', 'b1', 'b2'], 2, committee)
const chain = growChain(committee, [{ blocks: 60 }, { blocks: 40, stops: second }, { blocks: 500 }])
const stop = chain.sessions[0]?.stop.height ?? 0
const hashAt = (height: number): string => chain.links[height - 1]?.proposal.block.hash ?? ''

async function openDisk(path?: string) {
  const db = new ClassicLevel<string, Uint8Array>(path ?? (await tempDir()), { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  const store = createPalaStore(db)
  await store.write(recordsOf(committee, chain), true)
  return { db, store, pruned: await openPruneStore(db) }
}

async function pruneAll({ store, pruned }: Awaited<ReturnType<typeof openDisk>>, horizon: number): Promise<number> {
  let steps = 1
  while (await pruned.step(horizon, await store.sessionRecords())) steps++
  return steps
}

describe('pruning (P20.9)', () => {
  it('old blocks and their certificates go, in small steps; recent ones stay', async () => {
    const disk = await openDisk()
    expect(disk.pruned.lowestHeight()).toBe(1)
    expect(await pruneAll(disk, 400)).toBeGreaterThan(1)
    expect(disk.pruned.lowestHeight()).toBe(400)
    for (const height of [1, 50, stop - 1, 200, 399]) {
      expect(await disk.store.block(hashAt(height)), String(height)).toBeNull()
      expect(await disk.store.notarization(hashAt(height))).toBeNull()
      expect(await disk.store.finalHash(height)).toBeNull()
    }
    for (const height of [400, 500]) expect(await disk.store.storedBlock(hashAt(height))).not.toBeNull()
  })

  it('what proves the end of a session stays for ever: a proof of the stop block is still served', async () => {
    const disk = await openDisk()
    await pruneAll(disk, 400)
    const wanted = { from: stop, to: stop, finalized: 590 }
    const found = await findRange(createRangeStore(disk.store, committee.session), wanted)
    expect(found?.blocks).toHaveLength(1)
    expect(found?.headers).toHaveLength(1)
    expect(await disk.store.sessionRecords()).toHaveLength(1)
  })

  it('how far it came is remembered, and consensus starts from what is left', async () => {
    const disk = await openDisk()
    await pruneAll(disk, 300)
    const again = await openPruneStore(disk.db)
    expect(again.lowestHeight()).toBe(300)
    const state = restoreState(configOf(committee, 0), [committee.session], await disk.store.load())
    expect(summarise(state).finalized.height).toBe(598)
  })

  it('a node that began with a snapshot holds nothing below it', async () => {
    const { db } = await openDisk()
    const { key, value } = lowestMark(77)
    await db.put(key, value)
    expect((await openPruneStore(db)).lowestHeight()).toBe(77)
  })

  it('P17.6 what begins with the served snapshot, or the one before, is kept however little is wanted', async () => {
    const { store, pruned } = await openDisk()
    const served: { height: number | null } = { height: null }
    const keepFrom = keptForSnapshots(() => ({
      manifest: async () => (served.height === null ? null : ({ height: served.height } as SnapshotManifest)),
    }))
    expect(await keepFrom()).toBe(Number.POSITIVE_INFINITY)
    served.height = 300
    expect(await keepFrom()).toBe(300 - RETAINED_FINAL_BLOCKS)
    served.height = 400
    expect(await keepFrom()).toBe(300 - RETAINED_FINAL_BLOCKS)
    const options = { store: pruned, settledHeight: () => 500, keepFrom, sessions: store.sessionRecords }
    const end = startPruner({ ...options, keepBlocks: 10, onFailure: () => undefined, stepMs: 1 })
    await until(() => pruned.lowestHeight() === 300 - RETAINED_FINAL_BLOCKS, 5_000)
    served.height = 500
    await until(() => pruned.lowestHeight() === 400 - RETAINED_FINAL_BLOCKS, 5_000)
    await end()
  })

  it('in the background it follows the executed height, and in archive mode it does nothing', async () => {
    const { store, pruned } = await openDisk()
    const failures: unknown[] = []
    const options = {
      store: pruned,
      settledHeight: () => 500,
      keepFrom: async () => Number.POSITIVE_INFINITY,
      sessions: store.sessionRecords,
      onFailure: (error: unknown) => failures.push(error),
      stepMs: 1,
    }
    await startPruner({ ...options, keepBlocks: 0 })()
    expect(pruned.lowestHeight()).toBe(1)
    const end = startPruner({ ...options, keepBlocks: 100 })
    await until(() => pruned.lowestHeight() === 401, 5_000)
    await end()
    expect(await store.block(hashAt(400))).toBeNull()
    expect(await store.block(hashAt(401))).not.toBeNull()
    expect(failures).toEqual([])
  })
})

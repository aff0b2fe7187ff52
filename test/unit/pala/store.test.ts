/** Pala's disk (P20): what comes back after a crash is what was promised before it. */
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createVoteJournal, openVoteJournal, staleDatabaseReason } from '../../../src/pala/journal-store.ts'
import { restoreState, summarise } from '../../../src/pala/state.ts'
import { createPalaStore, type PalaStore } from '../../../src/pala/store.ts'
import type { DurableRecord, EpochState } from '../../../src/pala/types.ts'
import { CHAIN_ID, configOf, createCommittee, makeChain, notarizeClock } from '../../helpers/committee.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const committee = createCommittee(4)
const chain = makeChain(committee, 5)
const refs = chain.map(({ proposal: { block } }) => ({
  sn: block.header.sn,
  hash: block.hash,
  height: block.header.height,
}))
const refAt = (height: number) => {
  const ref = refs[height - 1]
  if (ref === undefined) throw new Error(`height ${height}`)
  return ref
}

async function openStore(dir: string): Promise<{ store: PalaStore; close: () => Promise<void> }> {
  const db = new ClassicLevel<string, Uint8Array>(dir, { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  return { store: createPalaStore(db), close: () => db.close() }
}

const blocks: DurableRecord[] = chain.flatMap(({ proposal, notarization }) => [
  { type: 'block', proposal },
  { type: 'notarization', notarization },
])
const epoch: EpochState = {
  current: { session: 1, epoch: 3 },
  proof: { kind: 'clocks', clockNotarization: notarizeClock(committee, { session: 1, epoch: 3 }, [0, 1, 2]) },
  fncAtEntry: refAt(4),
}

const finalizedOne = (ref: ReturnType<typeof refAt>): DurableRecord => ({ type: 'finalized', blocks: [ref] })

describe('the store', () => {
  it('P20.6 gives back blocks, certificates, epoch and locks, and the machine stands where it stood', async () => {
    const dir = await tempDir()
    const { store, close } = await openStore(dir)
    await store.write(blocks, false)
    await store.write([{ type: 'finalized', blocks: refs.slice(0, 3) }], true)
    await store.write([{ type: 'epoch', epoch: epoch.current, proof: epoch.proof, fncAtEntry: epoch.fncAtEntry }], true)
    await store.write([{ type: 'voteLock', sn: refAt(5).sn, blockHash: refAt(5).hash }], true)
    await close()
    const durable = await (await openStore(dir)).store.load()
    expect(durable.epoch).toEqual(epoch)
    expect(durable.voteLocks).toEqual([{ sn: refAt(5).sn, blockHash: refAt(5).hash }])
    const state = restoreState(configOf(committee, 1), [committee.session], durable)
    expect(summarise(state)).toEqual({ epoch: { session: 1, epoch: 3 }, fnc: refAt(5), finalized: refAt(3) })
  })

  it('P20.6 holds the same after one turn of all its records as after a turn for each', async () => {
    const records: DurableRecord[] = [...blocks, ...refs.slice(0, 3).map((ref) => finalizedOne(ref))]
    const together = await openStore(await tempDir())
    await together.store.write(records, true)
    const apart = await openStore(await tempDir())
    for (const record of records) await apart.store.write([record], true)
    expect(await together.store.load()).toEqual(await apart.store.load())
    expect(await together.store.finalized()).toEqual(refAt(3))
    for (const { height, hash } of refs.slice(0, 3)) expect(await together.store.finalHash(height)).toBe(hash)
  })

  it('serves final blocks by height and any block by hash', async () => {
    const { store } = await openStore(await tempDir())
    await store.write(blocks, false)
    await store.write([{ type: 'finalized', blocks: refs.slice(0, 2) }], false)
    expect(await store.finalHash(2)).toBe(refAt(2).hash)
    expect(await store.finalHash(3)).toBeNull()
    expect((await store.block(refAt(4).hash))?.block.header.height).toBe(4)
    const stored = await store.storedBlock(refAt(1).hash)
    expect(Buffer.compare(stored?.proposal ?? Buffer.alloc(0), chain[0]?.proposal.encoded ?? Buffer.of(1))).toBe(0)
  })

  it('P20.9 forgets dead forks and the locks that finality made void', async () => {
    const { store } = await openStore(await tempDir())
    await store.write(blocks, false)
    const locks: DurableRecord[] = [1, 2, 3].map((h) => ({
      type: 'voteLock',
      sn: refAt(h).sn,
      blockHash: refAt(h).hash,
    }))
    await store.write(locks, true)
    await store.write([{ type: 'pruned', blocks: [refAt(5).hash], locksUpTo: refAt(2).sn }], true)
    const durable = await store.load()
    expect(durable.voteLocks).toEqual([{ sn: refAt(3).sn, blockHash: refAt(3).hash }])
    expect(durable.blocks.map((b) => b.block.header.height)).toEqual([1, 2, 3, 4])
  })

  it('keeps evidence once per kind and slot', async () => {
    const { store } = await openStore(await tempDir())
    const vote = { sn: refAt(1).sn, blockHash: refAt(1).hash, voter: 2, signature: new Uint8Array(64) }
    const evidence = { kind: 'doubleVote', first: vote, second: { ...vote, blockHash: refAt(2).hash } } as const
    await store.write([{ type: 'evidence', key: 'a', evidence }], false)
    await store.write([{ type: 'evidence', key: 'a', evidence }], false)
    expect(await store.evidence.offences()).toHaveLength(1)
  })
})

describe('the vote journal (P20.6)', () => {
  const promise = (s: number): DurableRecord => ({
    type: 'voteLock',
    sn: { session: 1, epoch: 1, s },
    blockHash: 'ab'.repeat(32),
  })

  async function fresh(): Promise<string> {
    const path = join(await tempDir(), 'votes.journal')
    await createVoteJournal(path, CHAIN_ID)
    return path
  }

  it('remembers the highest slot it saw', async () => {
    const path = await fresh()
    const journal = await openVoteJournal(path, CHAIN_ID)
    await journal.append([promise(1), promise(7), promise(3)])
    await journal.close()
    const again = await openVoteJournal(path, CHAIN_ID)
    expect(again.highWater.vote?.sn.s).toBe(7)
    await again.close()
  })

  it('P20.6-1 cuts a torn tail, also one of full length', async () => {
    const path = await fresh()
    const journal = await openVoteJournal(path, CHAIN_ID)
    await journal.append([promise(1), promise(2)])
    await journal.close()
    await appendFile(path, Buffer.from([2, 0, 0]))
    const again = await openVoteJournal(path, CHAIN_ID)
    await again.append([promise(3)])
    await again.close()
    const torn = await readFile(path)
    torn[torn.length - 1] = (torn[torn.length - 1] ?? 0) ^ 255
    await writeFile(path, torn)
    const third = await openVoteJournal(path, CHAIN_ID)
    expect(third.highWater.vote?.sn.s).toBe(2)
    await third.close()
  })

  it('P20.6-1 refuses a record that is damaged before the end', async () => {
    const path = await fresh()
    const journal = await openVoteJournal(path, CHAIN_ID)
    await journal.append([promise(1), promise(2), promise(3)])
    await journal.close()
    const bytes = await readFile(path)
    bytes[60] = (bytes[60] ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(openVoteJournal(path, CHAIN_ID)).rejects.toMatchObject({ code: 'journal-damaged' })
  })

  it('refuses the journal of another network, and replacing one that is there', async () => {
    const path = await fresh()
    await expect(openVoteJournal(path, 'ef'.repeat(32))).rejects.toMatchObject({ code: 'journal-damaged' })
    await expect(createVoteJournal(path, CHAIN_ID)).rejects.toMatchObject({ code: 'EEXIST' })
  })

  it('is rewritten with its marks alone when it grows', async () => {
    const path = await fresh()
    const journal = await openVoteJournal(path, CHAIN_ID)
    const many = Array.from({ length: 90_000 }, (_, s) => promise(s + 1))
    await journal.append(many)
    await journal.append([promise(90_001)])
    await journal.close()
    expect((await readFile(path)).byteLength).toBeLessThan(1_000)
    const again = await openVoteJournal(path, CHAIN_ID)
    expect(again.highWater.vote?.sn.s).toBe(90_001)
    await again.close()
  })

  it('P20.6-3, A18 tells a database restored from an old backup', async () => {
    const durable = {
      blocks: [],
      notarizations: [],
      epoch: null,
      voteLocks: [],
      proposeLocks: [],
      finalized: null,
      sessions: [],
    }
    const mark = { sn: refAt(5).sn, hash: refAt(5).hash }
    const marks = { epoch: null, vote: mark, proposal: null }
    expect(staleDatabaseReason(marks, durable)).toContain('forgotten')
    expect(staleDatabaseReason(marks, { ...durable, voteLocks: [{ sn: mark.sn, blockHash: mark.hash }] })).toBeNull()
    expect(staleDatabaseReason(marks, { ...durable, finalized: refAt(5) })).toBeNull()
    expect(
      staleDatabaseReason({ ...marks, vote: null, epoch: { session: 1, epoch: 9 } }, { ...durable, epoch }),
    ).toContain('older')
  })
})

/** P20.6-3: whether a key may vote, by its journal and its database at start-up. */

import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { judgeMemory } from '../../../src/node/vote-permission.ts'
import {
  createVoteJournal,
  hasVoteJournal,
  openVoteJournal,
  type VoteJournal,
} from '../../../src/pala/journal-store.ts'
import { startElected } from '../../../src/pala/rules/session.ts'
import { selfVoter } from '../../../src/pala/rules/turn.ts'
import { createState } from '../../../src/pala/state.ts'
import type { Durable, DurableRecord } from '../../../src/pala/types.ts'
import { CHAIN_ID, configOf, createCommittee, GENESIS_TIME, PARAMS } from '../../helpers/committee.ts'
import { committeeOf, growChain } from '../../helpers/pala-chain.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const NOW = GENESIS_TIME + 1_000
const AT_GENESIS: Durable = {
  ...{ blocks: [], notarizations: [], epoch: null, voteLocks: [], proposeLocks: [], finalized: null, sessions: [] },
}
const ref = { sn: { session: 1, epoch: 1, s: 5 }, hash: 'ab'.repeat(32), height: 5 }
const RUNNING: Durable = { ...AT_GENESIS, finalized: ref }
const LOCK: DurableRecord = { type: 'voteLock', sn: ref.sn, blockHash: ref.hash }

/** A journal with `records`; null for none. */
async function fresh(records: readonly DurableRecord[] | null) {
  const path = join(await tempDir(), 'votes.journal')
  let journal: VoteJournal | null = null
  if (records !== null) {
    await createVoteJournal(path, CHAIN_ID)
    journal = await openVoteJournal(path, CHAIN_ID)
    await journal.append(records)
  }
  onTestFinished(async () => journal?.close())
  return { journal, path, chainId: CHAIN_ID, unsafeReset: false }
}

describe('P20.6-3 permission to vote', () => {
  it.each<[string, readonly DurableRecord[] | null, Durable, RegExp | null]>([
    ['a new home votes', [], AT_GENESIS, null],
    ['a journal that agrees with the database votes', [LOCK], RUNNING, null],
    ['a missing journal does not', null, AT_GENESIS, /missing/],
    ['nor an empty one beside a chain', [], RUNNING, /empty/],
    ['nor one ahead of the database', [LOCK], AT_GENESIS, /forgotten/],
  ])('%s', async (_what, records, durable, reason) => {
    const permission = await judgeMemory(await fresh(records), durable, NOW)
    if (reason === null) expect(permission.reason).toBeNull()
    else expect(permission.reason).toMatch(reason)
    expect(permission.votesFrom === 1).toBe(reason === null)
  })

  it('the operator may override', async () => {
    const permission = await judgeMemory({ ...(await fresh(null)), unsafeReset: true }, RUNNING, NOW)
    expect([permission.reason, permission.votesFrom]).toEqual([null, 1])
  })

  it('a journal started at genesis is marked, so that one emptied later is told from it', async () => {
    const memory = await fresh([])
    await judgeMemory(memory, AT_GENESIS, NOW)
    expect(memory.journal?.highWater.epoch).toEqual({ session: 1, epoch: 1 })
    expect((await judgeMemory(memory, AT_GENESIS, NOW)).reason).toBeNull()
    expect((await judgeMemory(memory, RUNNING, NOW)).reason).toBeNull()
  })

  it('an empty journal beside a chain stays empty, and suspect, over restarts until the key may vote', async () => {
    const memory = await fresh([])
    const permission = await judgeMemory(memory, RUNNING, NOW)
    let mayBegin = false
    const journal = permission.journal(() => mayBegin)
    await journal.append([{ type: 'epoch', epoch: { session: 1, epoch: 2 }, proof: null, fncAtEntry: ref }])
    expect((await judgeMemory(memory, RUNNING, NOW)).reason).toMatch(/empty/)
    mayBegin = true
    await journal.append([{ ...LOCK, sn: { session: 2, epoch: 1, s: 1 } }])
    expect(journal.highWater.vote?.sn).toEqual({ session: 2, epoch: 1, s: 1 })
  })

  it('a missing journal begins with the first promise after the key may vote', async () => {
    const memory = await fresh(null)
    const permission = await judgeMemory(memory, RUNNING, NOW)
    let mayBegin = false
    const journal = permission.journal(() => mayBegin)
    onTestFinished(() => journal.close())
    await journal.append([LOCK])
    expect(await hasVoteJournal(memory.path)).toBe(false)
    mayBegin = true
    await journal.append([{ ...LOCK, sn: { session: 2, epoch: 1, s: 1 } }])
    expect(journal.highWater.vote?.sn).toEqual({ session: 2, epoch: 1, s: 1 })
    expect(await hasVoteJournal(memory.path)).toBe(true)
  })
})

describe('P20.6-3 a key without memory', () => {
  const first = createCommittee(4)
  const second = committeeOf(2, ['member 0', 'member 1', 'member 2', 'member 3'], 1, first)
  const { links } = growChain(first, [{ blocks: 8, stops: second }])
  const stop = links.find(({ proposal }) => proposal.block.header.isStop)?.proposal.block

  /** Whether member 0, started at `startedAt` without a journal, votes in session 2. */
  function votesInSecond(startedAt: number): boolean {
    const config = { ...configOf(first, 0), votesFrom: Number.MAX_SAFE_INTEGER, votesAfter: startedAt }
    const state = createState(config, [first.session])
    expect(selfVoter(state)).toBeNull()
    if (stop !== undefined) startElected({ state, now: 0, effects: [] }, stop)
    expect(state.epoch.current.session).toBe(2)
    return selfVoter(state) === 0
  }

  it('votes in a session that started after it did, not in one that had started before', () => {
    const stoppedAt = stop?.header.timestamp ?? 0
    expect(votesInSecond(stoppedAt - PARAMS.maxClockDriftMs - 1)).toBe(true)
    expect(votesInSecond(stoppedAt - PARAMS.maxClockDriftMs)).toBe(false)
    expect(votesInSecond(stoppedAt + 3_600_000)).toBe(false)
  })
})

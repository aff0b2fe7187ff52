/** The service around the machine: what it lets in, in which order it writes and sends, and how it ends (P6.5, P20). */
import { ClassicLevel } from 'classic-level'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/machine/clock.ts'
import { decodeMessage, encodeMessage } from '../../../src/pala/message-codec.ts'
import { createPala, type PalaService } from '../../../src/pala/service.ts'
import { createState, restoreState, summarise } from '../../../src/pala/state.ts'
import { createPalaStore, type PalaStore } from '../../../src/pala/store.ts'
import type { State } from '../../../src/pala/types.ts'
import { CHANNELS, TOPICS } from '../../../src/protocols/catalogue.ts'
import {
  configOf,
  createCommittee,
  makeChain,
  makeProposal,
  notarize,
  signerOf,
  ZERO_HASH,
} from '../../helpers/committee.ts'
import { createFakeNetwork, type FakeNetwork } from '../../helpers/fake-network.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'

const committee = createCommittee(4)
const [first] = makeChain(committee, 1)
if (first === undefined) throw new Error('a chain of one')
const PROPOSALS = CHANNELS.palaProposals.protocol
const VOTES = CHANNELS.palaVotes.protocol

type Rig = {
  readonly network: FakeNetwork
  readonly pala: PalaService
  readonly store: PalaStore
  readonly log: string[]
  readonly failures: unknown[]
}

async function openStore(dir: string): Promise<PalaStore> {
  const db = new ClassicLevel<string, Uint8Array>(dir, { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  return createPalaStore(db)
}

/** Member 1 on a fake network; `write` may be replaced to fail. */
async function createRig(options: { state?: State; store?: PalaStore; write?: PalaStore['write'] } = {}): Promise<Rig> {
  const network = createFakeNetwork('peer1')
  const real = options.store ?? (await openStore(await tempDir()))
  const log: string[] = []
  const failures: unknown[] = []
  const store: PalaStore = {
    ...real,
    async write(records, sync) {
      await (options.write ?? real.write)(records, sync)
      for (const record of records) log.push(`disk ${record.type}`)
    },
  }
  const pala = createPala({
    state: options.state ?? createState(configOf(committee, 1), [committee.session]),
    store,
    journal: null,
    network,
    application: {
      buildPayload: async () => [],
      checkPayload: async () => ({ verdict: 'valid' }),
      deliver: async () => undefined,
      stateRootAt: async () => ZERO_HASH,
      electNext: async () => null,
      appliedHeight: () => 0,
    },
    signer: signerOf('member 1'),
    clock: systemClock,
    observer: {
      notice: () => undefined,
      finalized: () => undefined,
      alarm: (code) => log.push(`alarm ${code}`),
      rejected: (what, reason) => log.push(`rejected ${what}: ${reason}`),
      persisted: () => undefined,
      leaderChanged: () => undefined,
      voted: () => log.push('vote'),
      failed: (error) => failures.push(error),
    },
  })
  pala.start()
  onTestFinished(() => pala.stop())
  for (const index of [0, 2, 3]) {
    network.join(`peer${index}`, [
      { role: 'proposer', session: 1, index },
      { role: 'voter', session: 1, index },
    ])
  }
  return { network, pala, store: real, log, failures }
}

const sentVotes = ({ network }: Rig) =>
  network.sent.filter(({ protocol, message }) => protocol === VOTES && decodeMessage(message).type === 'vote')
const propose = ({ network }: Rig) =>
  network.deliver(PROPOSALS, 'peer0', encodeMessage({ type: 'proposal', proposal: first.proposal }))

describe('votes and the disk', () => {
  it('P20.1 the lock is on disk before the vote leaves, to the leader alone', async () => {
    const rig = await createRig()
    await propose(rig)
    await until(() => sentVotes(rig).length > 0, 5_000)
    expect(rig.log.indexOf('disk voteLock')).toBeGreaterThanOrEqual(0)
    expect(rig.log.indexOf('disk voteLock')).toBeLessThan(rig.log.indexOf('vote'))
    expect(sentVotes(rig).map(({ to }) => to)).toEqual(['peer0'])
  })

  it('P20.7 a full disk ends the node, and no vote leaves it', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const rig = await createRig({
      write: (records) => (records.some((r) => r.type === 'voteLock') ? Promise.reject(full) : Promise.resolve()),
    })
    await propose(rig)
    await until(() => rig.failures.length > 0, 5_000)
    expect(rig.failures).toEqual([full])
    await propose(rig)
    await rig.pala.stop()
    expect(sentVotes(rig)).toEqual([])
  })

  it('P20.6-4 after a crash it repeats the very same vote', async () => {
    const rig = await createRig()
    await propose(rig)
    await until(() => sentVotes(rig).length > 0, 5_000)
    await rig.pala.stop()
    const durable = await rig.store.load()
    const again = await createRig({
      store: rig.store,
      state: restoreState(configOf(committee, 1), [committee.session], durable),
    })
    await until(() => sentVotes(again).length > 0, 5_000)
    expect(Buffer.from(sentVotes(again)[0]?.message ?? [])).toEqual(Buffer.from(sentVotes(rig)[0]?.message ?? []))
    const rival = makeProposal(committee, {
      sn: { session: 1, epoch: 1, s: 1 },
      parent: null,
      payload: [Uint8Array.of(1)],
    })
    await again.network.deliver(PROPOSALS, 'peer0', encodeMessage({ type: 'proposal', proposal: rival }))
    await until(() => again.network.penalties.length > 0, 5_000)
    expect(new Set(sentVotes(again).map(({ message }) => Buffer.from(message).toString('hex'))).size).toBe(1)
  })
})

describe('what it lets in', () => {
  it('bytes that are no message are counted and penalised', async () => {
    const rig = await createRig()
    for (const bytes of [
      Uint8Array.of(255, 1, 2),
      new Uint8Array(300).fill(9),
      encodeMessage({ type: 'proposal', proposal: first.proposal }).subarray(0, 90),
    ]) {
      await rig.network.deliver(PROPOSALS, 'peer2', bytes)
    }
    expect(rig.network.penalties.map(({ penalty }) => penalty)).toEqual(['malformed', 'malformed', 'malformed'])
    expect(rig.failures).toEqual([])
  })

  it('a message on the wrong channel is refused', async () => {
    const rig = await createRig()
    await rig.network.deliver(VOTES, 'peer2', encodeMessage({ type: 'proposal', proposal: first.proposal }))
    expect(rig.network.penalties).toMatchObject([{ peer: 'peer2', penalty: 'malformed' }])
  })

  it('A2 a forged certificate is refused with a penalty and changes nothing', async () => {
    const rig = await createRig()
    await propose(rig)
    await until(() => sentVotes(rig).length > 0, 5_000)
    const forged = encodeMessage({ type: 'notarization', notarization: notarize(committee, first.proposal, [0]) })
    await rig.network.deliver(VOTES, 'peer0', forged)
    expect(rig.network.penalties).toMatchObject([{ peer: 'peer0', penalty: 'invalid' }])
    expect(summarise(rig.pala.state).fnc.height).toBe(0)
  })

  it('an answer nobody asked for is not even verified', async () => {
    const rig = await createRig()
    await rig.network.deliver(
      CHANNELS.palaSync.protocol,
      'peer2',
      encodeMessage({ type: 'blocks', requestId: 77, blocks: [first] }),
    )
    expect(rig.log).toContain('rejected blocks: nobody asked')
    expect(rig.network.penalties).toEqual([])
  })

  it('gossip of the wrong kind is rejected, a stale clock ignored', async () => {
    const rig = await createRig()
    const status = {
      epoch: { session: 1, epoch: 1 },
      fnc: summarise(rig.pala.state).fnc,
      finalized: summarise(rig.pala.state).finalized,
      fncAtEntry: { session: 0, epoch: 0, s: 1 },
    }
    expect(await rig.network.gossip(TOPICS.palaClock.name, 'peer2', encodeMessage({ type: 'status', status }))).toBe(
      'reject',
    )
    expect(
      await rig.network.gossip(TOPICS.palaHeartbeat.name, 'peer2', encodeMessage({ type: 'status', status })),
    ).toBe('accept')
    const clock = {
      target: { session: 1, epoch: 1 },
      voter: 2,
      signature: new Uint8Array(64),
      since: status.fncAtEntry,
    }
    expect(await rig.network.gossip(TOPICS.palaClock.name, 'peer2', encodeMessage({ type: 'clock', clock }))).toBe(
      'ignore',
    )
  })
})

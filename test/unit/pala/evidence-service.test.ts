/** Evidence through the service and on disk (P24.2): what gossip lets through, what a bad proposal leaves behind, what is kept. */
import { ClassicLevel } from 'classic-level'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/machine/clock.ts'
import { VOTE_TAG, voteTargetBytes } from '../../../src/pala/codec.ts'
import type { Offence } from '../../../src/pala/evidence.ts'
import { encodeEvidence, evidenceIdOf } from '../../../src/pala/evidence-codec.ts'
import { decodeMessage, encodeMessage } from '../../../src/pala/message-codec.ts'
import { createPala, type PalaService } from '../../../src/pala/service.ts'
import type { Sn } from '../../../src/pala/sn.ts'
import { createState } from '../../../src/pala/state.ts'
import { createPalaStore, type PalaStore } from '../../../src/pala/store.ts'
import type { Vote } from '../../../src/pala/types.ts'
import { CHANNELS, TOPICS } from '../../../src/protocols/catalogue.ts'
import {
  CHAIN_ID,
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
const sn = (s: number, session = 1): Sn => ({ session, epoch: 1, s })
const [first] = makeChain(committee, 1)
if (first === undefined) throw new Error('a chain of one')

function vote(voter: number, slot: Sn, mark: string): Vote {
  const target = { sn: slot, blockHash: mark.repeat(32) }
  const signer = committee.signers[voter] ?? signerOf('stranger')
  const signature = signer.sign({ tag: VOTE_TAG, chainId: CHAIN_ID, payload: voteTargetBytes(target) })
  return { ...target, voter, signature }
}

const doubleVote = (voter: number, slot = sn(1)): Offence => ({
  kind: 'doubleVote',
  first: vote(voter, slot, 'aa'),
  second: vote(voter, slot, 'bb'),
})

async function openStore(dir: string): Promise<{ store: PalaStore; close: () => Promise<void> }> {
  const db = new ClassicLevel<string, Uint8Array>(dir, { valueEncoding: 'view' })
  await db.open()
  const close = (): Promise<void> => db.close()
  onTestFinished(close)
  return { store: createPalaStore(db), close }
}

type Rig = { readonly network: FakeNetwork; readonly pala: PalaService; readonly store: PalaStore }

async function createRig(): Promise<Rig> {
  const network = createFakeNetwork('peer1')
  const { store } = await openStore(await tempDir())
  const pala = createPala({
    state: createState(configOf(committee, 1), [committee.session]),
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
      alarm: () => undefined,
      rejected: () => undefined,
      persisted: () => undefined,
      leaderChanged: () => undefined,
      voted: () => undefined,
      failed: (error) => {
        throw error
      },
    },
  })
  pala.start()
  onTestFinished(() => pala.stop())
  network.join('peer0', [
    { role: 'proposer', session: 1, index: 0 },
    { role: 'voter', session: 1, index: 0 },
  ])
  return { network, pala, store }
}

const kinds = ({ network }: Rig): string[] =>
  network.published.flatMap(({ topic, message }) => {
    const decoded = topic === TOPICS.palaEvidence.name ? decodeMessage(message) : null
    return decoded?.type === 'evidence' ? [decoded.evidence.kind] : []
  })
const gossip = ({ network }: Rig, evidence: Offence) =>
  network.gossip(TOPICS.palaEvidence.name, 'peer3', encodeMessage({ type: 'evidence', evidence }))

describe('evidence by gossip', () => {
  it('P24.2 is verified, kept, and not relayed a second time', async () => {
    const rig = await createRig()
    expect(await gossip(rig, doubleVote(2))).toBe('accept')
    await until(async () => (await rig.store.evidence.offences()).length === 1, 5_000)
    const [stored] = await rig.store.evidence.offences()
    expect(stored?.id).toBe(evidenceIdOf(encodeEvidence(doubleVote(2))))
    expect(await gossip(rig, doubleVote(2))).toBe('ignore')
    expect(kinds(rig)).toEqual(['doubleVote'])
    expect(rig.network.penalties).toEqual([])
  })

  it('a lie costs its bearer, an unknown session does not, and neither leaves anything', async () => {
    const rig = await createRig()
    const lie: Offence = { ...doubleVote(2), second: { ...vote(3, sn(1), 'bb'), voter: 2 } } as Offence
    expect(await gossip(rig, lie)).toBe('reject')
    expect(rig.network.penalties).toMatchObject([{ peer: 'peer3', penalty: 'invalid' }])
    expect(await gossip(rig, doubleVote(2, sn(1, 9)))).toBe('ignore')
    const status = encodeMessage({ type: 'getStatus' })
    expect(await rig.network.gossip(TOPICS.palaEvidence.name, 'peer3', status)).toBe('reject')
    expect(await rig.network.gossip(TOPICS.palaEvidence.name, 'peer3', Uint8Array.of(9, 9))).toBe('reject')
    expect(rig.pala.state.evidence.offences.size).toBe(0)
  })

  it('also comes over the sync channel, from anybody', async () => {
    const rig = await createRig()
    const bytes = encodeMessage({ type: 'evidence', evidence: doubleVote(3) })
    await rig.network.deliver(CHANNELS.palaSync.protocol, 'stranger', bytes)
    await until(() => rig.pala.state.evidence.offences.size === 1, 5_000)
  })
})

describe('a leader that signs for a bad certificate', () => {
  it('P24.1 is named, beside the penalty for whoever brought it', async () => {
    const rig = await createRig()
    const proposal = makeProposal(committee, {
      sn: sn(2),
      parent: first.proposal,
      certs: { notarizations: [notarize(committee, first.proposal, [0, 1])] },
    })
    await rig.network.deliver(CHANNELS.palaProposals.protocol, 'peer0', encodeMessage({ type: 'proposal', proposal }))
    await until(() => kinds(rig).length > 0, 5_000)
    expect(kinds(rig)).toEqual(['badCertificate'])
    expect(rig.network.penalties).toMatchObject([{ peer: 'peer0', penalty: 'invalid' }])
    expect([...rig.pala.state.evidence.offences.values()][0]?.key).toBe(committee.signers[0]?.publicKey)
  })

  it('is not named when somebody else altered what it signed', async () => {
    const rig = await createRig()
    const proposal = makeProposal(committee, {
      sn: sn(2),
      parent: first.proposal,
      signer: signerOf('member 3'),
      certs: { notarizations: [notarize(committee, first.proposal, [0, 1])] },
    })
    await rig.network.deliver(CHANNELS.palaProposals.protocol, 'peer0', encodeMessage({ type: 'proposal', proposal }))
    expect(rig.network.penalties).toMatchObject([{ peer: 'peer0', penalty: 'invalid' }])
    expect(rig.pala.state.evidence.offences.size).toBe(0)
  })
})

describe('evidence on disk', () => {
  const record = (voter: number, session: number) => {
    const evidence = doubleVote(voter, sn(1, session))
    const key = `${session.toString(16).padStart(8, '0')}/doubleVote/${voter}`
    return { type: 'evidence', key, evidence } as const
  }

  it('P24.2 outlives a restart, byte for byte', async () => {
    const dir = await tempDir()
    const before = await openStore(dir)
    await before.store.write([record(2, 1)], true)
    await before.store.evidence.noteSubmission(record(2, 1).key, 'ab'.repeat(32))
    await before.store.evidence.noteHalt('seen elsewhere')
    await before.close()
    const { store } = await openStore(dir)
    const [stored] = await store.evidence.offences()
    expect(Buffer.from(stored?.bytes ?? [])).toEqual(Buffer.from(encodeEvidence(doubleVote(2))))
    expect(await store.evidence.submission(record(2, 1).key)).toBe('ab'.repeat(32))
    expect(await store.evidence.halt()).toBe('seen elsewhere')
    await store.evidence.noteHalt(null)
    expect(await store.evidence.halt()).toBeNull()
  })

  it('P24.2 ages out after two more sessions, conflicting certificates do not', async () => {
    const { store } = await openStore(await tempDir())
    const conflict = {
      kind: 'conflictingNotarizations',
      first: notarize(committee, first.proposal),
      second: { ...notarize(committee, first.proposal), blockHash: 'ef'.repeat(32) },
    } as const
    await store.write([record(2, 1), record(3, 2), { type: 'evidence', key: 'x', evidence: conflict }], true)
    await store.evidence.noteSubmission(record(2, 1).key, 'ab'.repeat(32))
    const stop = { sn: sn(4), hash: 'cd'.repeat(32), height: 4 }
    const begin = (session: number) =>
      store.write([{ type: 'session', session: { ...committee.session, session }, stop }], true)
    await begin(3)
    expect(await store.evidence.offences()).toHaveLength(2)
    await begin(4)
    expect((await store.evidence.offences()).map(({ key }) => key)).toEqual([record(3, 2).key])
    expect(await store.evidence.submission(record(2, 1).key)).toBeNull()
    expect(await store.evidence.conflicts()).toEqual([conflict])
  })
})

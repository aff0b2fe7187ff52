/** Evidence on its way to the ledger (P24.2): one member submits it, once, and views say where it was recorded. */
import { describe, expect, it } from 'vitest'
import { createCommitteeModule } from '../../../src/ledger/modules/committee.ts'
import { createEvidenceModule, offenceStateKey } from '../../../src/ledger/modules/evidence.ts'
import type { TxRecord } from '../../../src/ledger/types.ts'
import { createEvidenceCourt } from '../../../src/node/evidence-court.ts'
import { type EvidenceDesk, openEvidenceDesk } from '../../../src/node/evidence-desk.ts'
import { VOTE_TAG, voteTargetBytes } from '../../../src/pala/codec.ts'
import { planProblem } from '../../../src/pala/election.ts'
import { noteOffence, type Offence } from '../../../src/pala/evidence.ts'
import { createState } from '../../../src/pala/state.ts'
import type { State, Vote } from '../../../src/pala/types.ts'
import { CHAIN_ID, configOf, createCommittee, signerOf } from '../../helpers/committee.ts'

const committee = createCommittee(4)
const module = createEvidenceModule(createEvidenceCourt(CHAIN_ID))
const seats = createCommitteeModule({ initial: committee.session, planProblem })

function vote(voter: number, mark: string): Vote {
  const target = { sn: { session: 1, epoch: 1, s: 1 }, blockHash: mark.repeat(32) }
  const payload = voteTargetBytes(target)
  return {
    ...target,
    voter,
    signature: signerOf(`member ${voter}`).sign({ tag: VOTE_TAG, chainId: CHAIN_ID, payload }),
  }
}

const offence: Offence = { kind: 'doubleVote', first: vote(2, 'aa'), second: vote(2, 'bb') }
const TX = 'ab'.repeat(32)

type Rig = {
  readonly desk: EvidenceDesk
  readonly state: State
  readonly submitted: string[]
  readonly values: Map<string, Uint8Array>
  readonly key: string
  now: number
  /** What the ledger knows of transactions. */
  pending: boolean
  failing: boolean
  readonly failures: unknown[]
  /** Ticks; the fakes answer within the turn. */
  tick(): Promise<void>
}

async function createRig(self: number, submissions = new Map<string, string>()): Promise<Rig> {
  const state = createState(configOf(committee, self), [committee.session])
  const noted = noteOffence(state, offence)
  if (typeof noted === 'string') throw new Error(noted)
  const values = new Map((seats.genesis?.() ?? []).flatMap(({ key, value }) => (value === null ? [] : [[key, value]])))
  const rig: Rig = {
    state,
    submitted: [],
    values,
    key: noted.key,
    now: 1_000_000,
    pending: false,
    failing: false,
    failures: [],
    desk: await openEvidenceDesk({
      state,
      store: {
        submission: async (key) => submissions.get(key) ?? null,
        noteSubmission: async (key, txId) => void submissions.set(key, txId),
        conflicts: async () => [],
      },
      ledger: {
        stateValue: (key) => values.get(key),
        encodeEntry: (name, payload) => ({ module: name, payload: module.encode(payload) }),
        async submit([entry]) {
          if (rig.failing) throw new Error('pool full')
          rig.submitted.push(entry?.module ?? '')
          return TX
        },
        async transaction(txId) {
          return rig.pending ? ({ txId, status: 'pending' } as TxRecord) : null
        },
      },
      signer: signerOf(`member ${self}`),
      clock: { now: () => rig.now },
      onFailure: (error) => rig.failures.push(error),
    }),
    async tick() {
      rig.desk.tick()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
  return rig
}

function record(rig: Rig, height: number): void {
  const parsed = module.parse(module.encode(rig.desk.show(rig.desk.list()[0]?.id ?? '') ?? {}))
  if (!parsed.ok) throw new Error(parsed.detail)
  const context = { height, timestamp: 1, sender: signerOf('member 0').publicKey, txId: TX, entry: 0 }
  const outcome = module.apply({ get: (key) => rig.values.get(key) }, parsed.entry, context)
  for (const { key, value } of outcome.ok ? outcome.writes : []) if (value !== null) rig.values.set(key, value)
}

describe('submitting evidence', () => {
  it('P24.2 the leader submits at once, and once', async () => {
    const rig = await createRig(0)
    await rig.tick()
    await rig.tick()
    expect(rig.submitted).toEqual(['evidence'])
  })

  it('P24.2 others wait their turn, and leave it when it is recorded', async () => {
    const rig = await createRig(2)
    await rig.tick()
    rig.now += 3_900
    await rig.tick()
    expect(rig.submitted).toEqual([])
    record(rig, 12)
    rig.now += 60_000
    await rig.tick()
    expect(rig.submitted).toEqual([])
    expect(rig.desk.list()).toMatchObject([{ recordedAt: 12 }])
  })

  it('P24.2 others submit when nobody before them did', async () => {
    const rig = await createRig(2)
    await rig.tick()
    rig.now += 4_000
    await rig.tick()
    expect(rig.submitted).toEqual(['evidence'])
  })

  it('a node without a seat never does', async () => {
    const rig = await createRig(9)
    await rig.tick()
    rig.now += 600_000
    await rig.tick()
    expect(rig.submitted).toEqual([])
  })

  it('after a restart a transaction that still waits is not made again', async () => {
    const submissions = new Map<string, string>()
    const before = await createRig(0, submissions)
    await before.tick()
    const after = await createRig(0, submissions)
    after.pending = true
    await after.tick()
    expect(after.submitted).toEqual([])
    after.pending = false
    after.now += 60_000
    await after.tick()
    expect(after.submitted).toEqual(['evidence'])
  })

  it('a refused submission is made again later, a few times', async () => {
    const rig = await createRig(0)
    rig.failing = true
    for (let i = 0; i < 9; i++) {
      await rig.tick()
      rig.now += 60_000
    }
    expect(rig.failures).toHaveLength(5)
    expect(rig.submitted).toEqual([])
  })
})

describe('showing evidence', () => {
  it('says who, where, and whether it is recorded', async () => {
    const rig = await createRig(1)
    const [view] = rig.desk.list()
    expect(view).toMatchObject({
      kind: 'doubleVote',
      accused: { org: 'org-2', seat: 'voter', key: signerOf('member 2').publicKey },
      session: 1,
      epoch: 1,
      number: 1,
      recordedAt: null,
    })
    expect(view).not.toHaveProperty('evidence')
    expect(rig.desk.show(view?.id ?? '')?.evidence.length).toBeGreaterThan(100)
    expect(rig.desk.show('00'.repeat(32))).toBeNull()
    expect(rig.values.has(offenceStateKey(rig.key))).toBe(false)
  })

  it('P3.5 shows conflicting certificates, which accuse nobody by themselves', async () => {
    const { desk } = await createRig(1)
    const certificate = (mark: string) => ({
      sn: { session: 1, epoch: 1, s: 5 },
      blockHash: mark.repeat(32),
      signers: [0, 1, 2],
      signatures: [0, 1, 2].map(() => new Uint8Array(64)),
    })
    const evidence = { kind: 'conflictingNotarizations', first: certificate('aa'), second: certificate('bb') } as const
    desk.noticed({ kind: 'evidence', accused: null, evidence })
    expect(desk.list()[0]).toMatchObject({ kind: evidence.kind, accused: null, number: 5, recordedAt: null })
  })
})

/** The ledger module `evidence` (P24.2): what is recorded, once, and what is refused with which code. */
import { describe, expect, it } from 'vitest'
import type { Signer } from '../../../src/crypto/keys.ts'
import { createOverlay, executeTx, type Overlay } from '../../../src/ledger/execute.ts'
import { createCommitteeModule } from '../../../src/ledger/modules/committee.ts'
import { planOf } from '../../../src/ledger/modules/committee-roster.ts'
import { createEvidenceModule, offenceStateKey, readMark } from '../../../src/ledger/modules/evidence.ts'
import { createEvidenceCourt } from '../../../src/node/evidence-court.ts'
import { VOTE_TAG, voteTargetBytes } from '../../../src/pala/codec.ts'
import { planProblem } from '../../../src/pala/election.ts'
import { accusedBy, type Offence, offenceKey } from '../../../src/pala/evidence.ts'
import { encodeEvidence, evidenceIdOf } from '../../../src/pala/evidence-codec.ts'
import type { Session, Vote } from '../../../src/pala/types.ts'
import { CHAIN_ID, createCommittee, signerOf } from '../../helpers/committee.ts'

const committee = createCommittee(4)
const { signers, session } = committee
const member = signers[0] as Signer
const module = createEvidenceModule(createEvidenceCourt(CHAIN_ID))
const seats = createCommitteeModule({ initial: session, planProblem })

function genesis(): Overlay {
  const overlay = createOverlay({ get: () => undefined })
  for (const { key, value } of seats.genesis?.() ?? []) overlay.changes.set(key, value)
  return overlay
}

function vote(voter: number, mark: string, at: { session?: number; s?: number; chainId?: string } = {}): Vote {
  const { session: number = 1, s = 1, chainId = CHAIN_ID } = at
  const target = { sn: { session: number, epoch: 1, s }, blockHash: mark.repeat(32) }
  const signer = signers[voter] ?? signerOf('stranger')
  return { ...target, voter, signature: signer.sign({ tag: VOTE_TAG, chainId, payload: voteTargetBytes(target) }) }
}

const doubleVote = (voter: number, at = {}): Offence => ({
  kind: 'doubleVote',
  first: vote(voter, 'aa', at),
  second: vote(voter, 'bb', at),
})
const payloadOf = (offence: Offence): Uint8Array =>
  module.encode({ evidence: Buffer.from(encodeEvidence(offence)).toString('base64') })

/** Executes one entry as a transaction of `sender`; 'ok' or the code of its failure. */
function run(overlay: Overlay, offence: Offence, sender = member): string {
  const parsed = module.parse(payloadOf(offence))
  if (!parsed.ok) return 'unparsed'
  const outcome = module.apply(overlay, parsed.entry, {
    height: 7,
    timestamp: 1,
    sender: sender.publicKey,
    txId: 'ab'.repeat(32),
    entry: 0,
  })
  if (!outcome.ok) return outcome.code
  for (const { key, value } of outcome.writes) overlay.changes.set(key, value)
  return 'ok'
}

/** Session 1 ends with a stop block at `height`; `next` rules, or the same committee when null. */
function endSession(overlay: Overlay, number: number, next: Session | null): void {
  const block = {
    height: number * 10,
    hash: 'cd'.repeat(32),
    timestamp: 1,
    payload: [],
    session: number,
    stateHeight: number * 10 - 2,
    isStop: true,
    election: next,
  }
  for (const { key, value } of seats.endBlock?.(overlay, block) ?? []) overlay.changes.set(key, value)
}

describe('the evidence module', () => {
  it('P24.2 records an offence with who, where and when, under its one key', () => {
    const overlay = genesis()
    const offence = doubleVote(2)
    expect(run(overlay, offence)).toBe('ok')
    const accused = accusedBy(new Map([[1, session]]), offence)
    if (accused === null) throw new Error('seat 2 exists')
    const value = overlay.get(offenceStateKey(offenceKey(accused)))
    expect(value === undefined ? null : readMark(value)).toEqual({
      id: evidenceIdOf(encodeEvidence(offence)),
      kind: 'doubleVote',
      key: signers[2]?.publicKey,
      org: 'org-2',
      session: 1,
      epoch: 1,
      s: 1,
      height: 7,
    })
  })

  it('P24.2 refuses the same offence again, also by other votes, and takes another one of the key', () => {
    const overlay = genesis()
    expect(run(overlay, doubleVote(2))).toBe('ok')
    expect(run(overlay, doubleVote(2), signers[3])).toBe('known')
    const other: Offence = { kind: 'doubleVote', first: vote(2, 'aa'), second: vote(2, 'cc') }
    expect(run(overlay, other)).toBe('known')
    expect(run(overlay, doubleVote(2, { s: 2 }))).toBe('ok')
  })

  const stolen: Offence = { kind: 'doubleVote', first: vote(2, 'aa'), second: { ...vote(1, 'bb'), voter: 2 } }
  it.each<readonly [string, Offence, Signer, string]>([
    ['a stranger', doubleVote(2), signerOf('stranger'), 'not-a-member'],
    ['a session that has not begun', doubleVote(2, { session: 2 }), member, 'other-session'],
    ['a seat that does not exist', doubleVote(9), member, 'no-such-seat'],
    ['a wrong signature', stolen, member, 'not-proven'],
    ['another chain', doubleVote(2, { chainId: 'ee'.repeat(32) }), member, 'not-proven'],
    ['one vote twice', { ...doubleVote(2), second: vote(2, 'aa') } as Offence, member, 'not-proven'],
  ])('refuses %s', (_name, offence, sender, code) => {
    const overlay = genesis()
    const before = overlay.changes.size
    expect(run(overlay, offence, sender)).toBe(code)
    expect(overlay.changes.size).toBe(before)
  })

  it('judges by the committee of the session, for two more sessions, and then no more', () => {
    const strangers = [4, 5, 6, 7].map((i) => signerOf(`newcomer ${i}`))
    const seatsOf = strangers.map(({ publicKey }, i) => ({ key: publicKey, org: `new-${i}`, weight: 1 }))
    const next = { ...session, session: 2, proposers: seatsOf, voters: seatsOf }
    const overlay = genesis()
    endSession(overlay, 1, next)
    expect(run(overlay, doubleVote(2))).toBe('ok')
    expect(run(overlay, doubleVote(2, { s: 2 }), strangers[0])).toBe('ok')
    expect(run(overlay, doubleVote(2, { session: 2 }), strangers[0])).toBe('not-proven')
    endSession(overlay, 2, null)
    expect(planOf(overlay, 3)?.voters).toEqual(seatsOf)
    expect(planOf(overlay, 2)?.voters).toEqual(seatsOf)
    expect(run(overlay, doubleVote(1), strangers[0])).toBe('ok')
    endSession(overlay, 3, null)
    expect(run(overlay, doubleVote(0), strangers[0])).toBe('other-session')
  })

  it('takes no bytes but evidence', () => {
    const bytes = payloadOf(doubleVote(2))
    for (const bad of [new Uint8Array(0), bytes.subarray(0, 30), Buffer.concat([bytes, bytes]), new Uint8Array(99)]) {
      expect(module.parse(bad)).toMatchObject({ ok: false })
    }
    for (const bad of [null, {}, { evidence: 5 }, { evidence: '' }, { evidence: 'AAAA' }]) {
      expect(() => module.encode(bad)).toThrow(expect.objectContaining({ code: 'bad-entry' }))
    }
  })

  it('is shown as it is written', () => {
    const parsed = module.parse(payloadOf(doubleVote(2)))
    const shown = parsed.ok ? (module.show(parsed.entry) as { evidence: string }) : { evidence: '' }
    expect(Buffer.from(module.encode(shown))).toEqual(Buffer.from(payloadOf(doubleVote(2))))
  })

  it('runs inside a transaction like any entry', () => {
    const overlay = genesis()
    const parsed = module.parse(payloadOf(doubleVote(2)))
    if (!parsed.ok) throw new Error(parsed.detail)
    const tx = { txId: 'ab'.repeat(32), sender: member.publicKey, nonce: 0, calls: [{ module, entry: parsed.entry }] }
    expect(executeTx(overlay, tx, { height: 3, timestamp: 1 })).toMatchObject({ failedEntry: 0 })
    expect(executeTx(overlay, { ...tx, nonce: 1 }, { height: 4, timestamp: 2 })).toMatchObject({ failureCode: 'known' })
  })
})

import { describe, expect, test } from 'vitest'
import type { CommitteePlan } from '../../../src/domain.ts'
import { createCommitteeModule } from '../../../src/ledger/modules/committee.ts'
import { proposalIdOf } from '../../../src/ledger/modules/committee-id.ts'
import type { Entry, LedgerBlock, Transaction } from '../../../src/ledger/types.ts'
import { planProblem } from '../../../src/pala/election.ts'
import { CommitteeEntry } from '../../../src/protocols/wire/ledger-committee.gen.ts'
import { blockOf, kv, openLedger, planOf, signerOf, tx } from './fixtures.ts'

const module = createCommitteeModule({ initial: planOf(4), planProblem })
const entryOf = (payload: unknown): Entry => ({ module: 'committee', payload: module.encode(payload) })
const joined = { key: signerOf(4).publicKey, org: 'org-4' }

const proposal = tx(0, 0, entryOf({ propose: { add: [joined] } }))
const id = proposalIdOf(proposal.txId, 0)
const approval = (sender: number, nonce = 0): Transaction => tx(sender, nonce, entryOf({ approve: { id } }))

function stopOf(height: number, stateHeight: number, election: CommitteePlan | null): LedgerBlock {
  return { ...blockOf(height), stateHeight, isStop: true, election }
}

/** Proposed at 1, accepted at 3, seen by an election at 4, stopped at 6. */
const CHAIN = [
  blockOf(1, proposal),
  blockOf(2, approval(1)),
  blockOf(3, approval(2), tx(3, 0, kv('city', 'Geneva'))),
  blockOf(4),
  blockOf(5),
  stopOf(6, 4, planOf(5)),
  blockOf(7, tx(4, 0, entryOf({ propose: { remove: [joined.key] } }))),
]

describe('P16.2 the ledger elects', () => {
  test('after the block that accepts, waiting for its execution; before it nobody', async () => {
    const { ledger } = await openLedger()
    const delivered = CHAIN.slice(0, 4).map((block) => ledger.deliver(block))
    const answers = [0, 1, 2, 3, 4].map((height) => ledger.electNext(height))
    expect(await Promise.all(answers)).toEqual([null, null, null, planOf(5), planOf(5)])
    await Promise.all(delivered)
    await expect(ledger.electNext(5)).rejects.toThrow(/before its election/)
  })

  test('the same when the stop block and more are executed, and after a restart', async () => {
    const opened = await openLedger()
    for (const block of CHAIN) await opened.ledger.deliver(block)
    const expected = [null, null, null, planOf(5), planOf(5), planOf(5), null, null]
    const ask = ({ ledger }: Pick<typeof opened, 'ledger'>) =>
      Promise.all(expected.map((_, height) => ledger.electNext(height)))
    expect(await ask(opened)).toEqual(expected)
    await opened.stop()
    expect(await ask(await openLedger({ dir: opened.dir }))).toEqual(expected)
  })

  test('the roster is part of the state root: of genesis, and of the stop block', async () => {
    const [one, other, larger] = [
      await openLedger(),
      await openLedger(),
      await openLedger({ initialCommittee: planOf(5) }),
    ]
    expect(await one.ledger.stateRootAt(0)).not.toBe(await larger.ledger.stateRootAt(0))
    for (const block of CHAIN.slice(0, 6)) await one.ledger.deliver(block)
    for (const block of [...CHAIN.slice(0, 5), stopOf(6, 4, null)]) await other.ledger.deliver(block)
    expect(await one.ledger.stateRootAt(5)).toBe(await other.ledger.stateRootAt(5))
    expect(await one.ledger.stateRootAt(6)).not.toBe(await other.ledger.stateRootAt(6))
  })

  test('shows the committee, what waits, and past sessions', async () => {
    const { ledger } = await openLedger()
    for (const block of CHAIN.slice(0, 3)) await ledger.deliver(block)
    expect(await ledger.committee()).toMatchObject({ session: 1, since: 0, needed: 3, next: planOf(5) })
    expect((await ledger.committee()).proposals).toMatchObject([{ id, status: 'accepted', weight: 3 }])
    for (const block of CHAIN.slice(3)) await ledger.deliver(block)
    expect(await ledger.committee()).toMatchObject({ session: 2, since: 6, needed: 4, plan: planOf(5), next: null })
    expect((await ledger.committeeHistory(1)).map(({ session, how }) => [session, how])).toEqual([[2, 'elected']])
    expect((await ledger.committeeHistory(9)).map(({ session }) => session)).toEqual([2, 1])
  })
})

describe('committee entries in transactions', () => {
  test('a refused entry is final with its code and the reason; the rest of its transaction is taken back', async () => {
    const { ledger } = await openLedger()
    const refused = tx(0, 0, kv('a', 'b'), entryOf({ propose: { k: 65 } }))
    await ledger.deliver(blockOf(1, refused, tx(1, 0, entryOf({ propose: { k: 2 } }), entryOf({ propose: { k: 3 } }))))
    const record = await ledger.waitFinal(refused.txId, 5_000)
    const detail = expect.stringMatching(/k must be 1 to 64/)
    expect(record.result?.entries).toEqual([
      { ok: false, code: 'rolled-back' },
      { ok: false, code: 'bad-plan', detail },
    ])
    const { proposals } = await ledger.committee()
    expect(proposals.map(({ change }) => change.params)).toEqual([{ k: 2 }, { k: 3 }])
    expect(new Set(proposals.map((each) => each.id)).size).toBe(2)
  })

  const wrong = { key: Buffer.alloc(31), org: 'x', weight: 1, proposer: true, voter: true }
  const right = { ...wrong, key: Buffer.alloc(32, 1) }
  const change = { add: [], remove: [], replace: [], params: {}, allowFewer: false }
  const empty = { approve: new Uint8Array(0), withdraw: new Uint8Array(0) }
  test.each([
    ['neither proposes, approves nor withdraws', { ...empty }],
    ['approves and withdraws', { approve: Buffer.alloc(32), withdraw: Buffer.alloc(32) }],
    ['approves an id of 31 bytes', { ...empty, approve: Buffer.alloc(31) }],
    ['adds a key of 31 bytes', { ...empty, propose: { ...change, add: [wrong] } }],
    ['adds a member without weight', { ...empty, propose: { ...change, add: [{ ...right, weight: 0 }] } }],
    [
      'adds a member without a role',
      { ...empty, propose: { ...change, add: [{ ...right, proposer: false, voter: false }] } },
    ],
    ['adds a nameless organisation', { ...empty, propose: { ...change, add: [{ ...right, org: '' }] } }],
    ['changes nothing', { ...empty, propose: change }],
    ['adds 129 members', { ...empty, propose: { ...change, add: Array.from({ length: 129 }, () => right) } }],
  ])('a block with an entry that %s is invalid', async (_given, message) => {
    const { ledger } = await openLedger()
    const bad = tx(0, 0, { module: 'committee', payload: CommitteeEntry.encode(message) })
    expect(await ledger.checkPayload(blockOf(1, bad), [])).toMatchObject({ verdict: 'invalid' })
    expect(await ledger.admit([bad.bytes], 'local')).toMatchObject([{ code: 'bad-entry' }])
  })

  test('a replayed approval is refused by its nonce, and a second one by the module', async () => {
    const { ledger } = await openLedger()
    for (const block of CHAIN.slice(0, 2)) await ledger.deliver(block)
    expect(await ledger.checkPayload(blockOf(3, approval(1)), [])).toMatchObject({ verdict: 'invalid' })
    const again = approval(1, 1)
    await ledger.deliver(blockOf(3, again))
    expect((await ledger.waitFinal(again.txId, 5_000)).result?.entries[0]).toMatchObject({ code: 'already-approved' })
  })

  test('what a client writes is what listeners read', async () => {
    const { ledger } = await openLedger()
    const entry = ledger.encodeEntry('committee', { propose: { add: [joined], k: 2 } })
    expect(ledger.showEntry(entry)).toEqual({
      propose: { add: [{ ...joined, weight: 1, roles: ['proposer', 'voter'] }], params: { k: 2 } },
    })
    expect(ledger.showEntry(entryOf({ withdraw: { id } }))).toEqual({ withdraw: { id } })
    expect(() => ledger.encodeEntry('committee', { propose: {} })).toThrow(
      expect.objectContaining({ code: 'bad-entry' }),
    )
  })
})

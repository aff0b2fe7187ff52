/** The leader's rules (P10, P12) and finality (P13). */
import { describe, expect, it } from 'vitest'
import { asVerified } from '../../../src/domain.ts'
import { restoreState } from '../../../src/pala/state.ts'
import type { BlockPlan, Effect, Proposal } from '../../../src/pala/types.ts'
import { type Committee, configOf, createCommittee, makeProposal, notarizeClock } from '../../helpers/committee.ts'
import { type Bench, createBench, only, sent } from '../../helpers/machine.ts'

const sn = (epoch: number, s: number) => ({ session: 1, epoch, s })
const committee = createCommittee(4)

/** Builds what the plan asks for and hands it back, as the service does. */
function build(
  bench: Bench,
  plan: BlockPlan,
  payload: readonly Uint8Array[] = [],
  members: Committee = committee,
): { proposal: Proposal; effects: Effect[] } {
  const parent = plan.parent.height === 0 ? null : (bench.state.tree.entries.get(plan.parent.hash)?.proposal ?? null)
  const proposal = makeProposal(members, {
    sn: plan.sn,
    parent,
    certs: plan.certs,
    payload,
    header: { stateHeight: plan.stateHeight, proposer: plan.proposer },
  })
  return { proposal, effects: bench.feed({ type: 'blockBuilt', proposal: asVerified(proposal) }) }
}

function planOf(effects: readonly Effect[]): BlockPlan {
  const plan = only(effects, 'buildBlock')[0]?.plan
  if (plan === undefined) throw new Error('a block is due')
  return plan
}

/** Votes of the given members for a block, the leader's own first. */
function vote(bench: Bench, proposal: Proposal, ...voters: number[]): Effect[] {
  return voters.flatMap((voter) => {
    const { hash: blockHash, header } = proposal.block
    const from = voter === 0 ? null : `peer${voter}`
    return bench.receive(from, {
      type: 'vote',
      vote: { sn: header.sn, blockHash, voter, signature: new Uint8Array(64).fill(voter) },
    })
  })
}

/** A leader of epoch 1 with its first block proposed. */
function leading(members: Committee = committee): { bench: Bench; first: Proposal; effects: Effect[] } {
  const bench = createBench(0, members)
  bench.connect(1, 2, 3)
  const plan = { ...emptyPlan, sn: sn(1, 1) }
  const { proposal, effects } = build(bench, plan, [], members)
  return { bench, first: proposal, effects }
}
const emptyPlan: BlockPlan = {
  sn: sn(1, 1),
  height: 1,
  sessionCount: 1,
  parent: { sn: { session: 0, epoch: 0, s: 1 }, hash: '', height: 0 },
  parentTimestamp: 0,
  proposer: 0,
  stop: 'no',
  certs: { notarizations: [], clockNotarization: null },
  stateHeight: 0,
  payloadAllowed: true,
  pendingAncestors: [],
}

describe('P10 the leader', () => {
  it('P10.3-1 proposes at once in the first epoch of a session', () => {
    const bench = createBench(0)
    expect(bench.state.leader.building).toEqual(sn(1, 1))
  })

  it('P10.2, P20.3 has the block and its lock on disk before the proposal leaves', () => {
    const { effects } = leading()
    const lock = effects.findIndex(
      (e) => e.type === 'persist' && e.sync && e.records.some((r) => r.type === 'proposeLock'),
    )
    const out = effects.findIndex((e) => e.type === 'send' && e.message.type === 'proposal')
    expect(lock).toBeGreaterThanOrEqual(0)
    expect(out).toBeGreaterThan(lock)
    expect(only(effects, 'castVote')).toMatchObject([{ to: null }])
  })

  it('P10.5, P12.1 certifies with the third vote of four, and tells everyone', () => {
    const { bench, first } = leading()
    expect(sent(vote(bench, first, 0, 1), 'notarization')).toEqual([])
    const effects = vote(bench, first, 2)
    expect(sent(effects, 'notarization')).toMatchObject([{ notarization: { signers: [0, 1, 2] } }])
    expect(bench.state.tree.fnc).toBe(first.block.hash)
  })

  it('P10.5 a late vote upgrades the certificate without another broadcast', () => {
    const { bench, first } = leading()
    vote(bench, first, 0, 1, 2)
    expect(sent(vote(bench, first, 3), 'notarization')).toEqual([])
    expect(bench.state.tree.entries.get(first.block.hash)?.notarization?.signers).toEqual([0, 1, 2, 3])
  })

  it('P10.5 the same voter counts once', () => {
    const { bench, first } = leading()
    vote(bench, first, 1, 1, 1, 2)
    expect(bench.state.tree.fnc).not.toBe(first.block.hash)
  })

  it('P10.5, P24.1 two votes of one voter for a slot become evidence', () => {
    const { bench, first } = leading()
    vote(bench, first, 1)
    const other = makeProposal(committee, { sn: sn(1, 1), parent: null, payload: [Uint8Array.of(5)] })
    const effects = vote(bench, other, 1)
    expect(only(effects, 'persist').flatMap((e) => e.records)).toMatchObject([
      { type: 'evidence', evidence: { kind: 'doubleVote' } },
    ])
    expect(only(effects, 'misbehaviour')).toMatchObject([{ peer: 'peer1' }])
  })

  it('P24.2 evidence against the own key stops the node: a second process uses it', () => {
    const { bench, first } = leading()
    vote(bench, first, 0)
    const other = makeProposal(committee, { sn: sn(1, 1), parent: null, payload: [Uint8Array.of(5)] })
    const effects = vote(bench, other, 0)
    expect(only(effects, 'alarm')).toMatchObject([{ code: 'own-equivocation' }])
    expect(bench.state.halted).toBe(true)
    expect(only(bench.feed({ type: 'payloadPending', pending: true }), 'buildBlock')).toEqual([])
  })

  it('P10.2 keeps the window: no second block before the first is certified, for k = 1', () => {
    const { bench, first } = leading()
    expect(only(bench.feed({ type: 'payloadPending', pending: true }), 'buildBlock')).toEqual([])
    const plan = planOf(vote(bench, first, 0, 1, 2))
    expect(plan.sn).toEqual(sn(1, 2))
    expect(plan.certs.notarizations).toMatchObject([{ blockHash: first.block.hash }])
  })

  it('P10.2 with k = 2 proposes two blocks without waiting', () => {
    const wide = createCommittee(4, { k: 2 })
    const { bench } = leading(wide)
    const plan = planOf(bench.feed({ type: 'payloadPending', pending: true }))
    expect(plan.sn).toEqual(sn(1, 2))
    expect(plan.pendingAncestors).toHaveLength(1)
  })

  it('H10 follows payload with empty blocks at once until it is final, then waits for the interval', () => {
    const { bench, first } = leading()
    bench.feed({ type: 'payloadPending', pending: true })
    const second = build(bench, planOf(vote(bench, first, 0, 1, 2)), [Uint8Array.of(1)])
    bench.feed({ type: 'payloadPending', pending: false })
    const third = build(bench, planOf(vote(bench, second.proposal, 0, 1, 2)))
    const effects = vote(bench, third.proposal, 0, 1, 2)
    expect(only(effects, 'deliver').flatMap((d) => d.blocks.map((b) => b.hash))).toEqual([second.proposal.block.hash])
    expect(only(effects, 'buildBlock')).toEqual([])
    expect(bench.state.timers.has('proposeAgain')).toBe(true)
    expect(planOf(bench.fire('proposeAgain')).sn.s).toBe(4)
  })

  it('P13.1 with k = 1 a block is final with the certificate of its child, and durable before it is delivered', () => {
    const { bench, first } = leading()
    vote(bench, first, 0, 1, 2)
    const second = build(bench, planOf(bench.fire('proposeAgain')))
    const effects = vote(bench, second.proposal, 0, 1, 2)
    const durable = effects.findIndex(
      (e) => e.type === 'persist' && e.sync && e.records.some((r) => r.type === 'finalized'),
    )
    const delivered = effects.findIndex((e) => e.type === 'deliver')
    expect(durable).toBeGreaterThanOrEqual(0)
    expect(delivered).toBeGreaterThan(durable)
    expect(bench.state.tree.finalized).toBe(first.block.hash)
  })

  it('P20.3 after a restart sends the same proposal for the same slot', () => {
    const { first } = leading()
    const state = restoreState(configOf(committee, 0), [committee.session], {
      blocks: [first],
      notarizations: [],
      epoch: null,
      voteLocks: [],
      proposeLocks: [{ sn: sn(1, 1), blockHash: first.block.hash }],
      finalized: null,
      sessions: [],
    })
    const bench = createBench(0, committee, state)
    expect(bench.state.leader.building).toBeNull()
    expect(sent(bench.connect(1), 'proposal').map((m) => m.proposal.block.hash)).toEqual([first.block.hash])
  })

  it('P20.3 stays silent in an epoch whose own blocks it has lost', () => {
    const { bench, first } = leading()
    vote(bench, first, 0, 1, 2)
    const notarization = bench.state.tree.entries.get(first.block.hash)?.notarization
    if (!notarization) throw new Error('certified')
    const state = restoreState(configOf(committee, 0), [committee.session], {
      blocks: [first],
      notarizations: [notarization],
      epoch: null,
      voteLocks: [],
      proposeLocks: [],
      finalized: null,
      sessions: [],
    })
    const again = createBench(0, committee, state)
    again.connect(1, 2, 3)
    expect(again.state.leader.building).toBeNull()
  })
})

describe('P10.3 the first proposal after a timeout', () => {
  const clocks = notarizeClock(committee, { session: 1, epoch: 2 }, [0, 2, 3])
  const status = (epoch: number) => ({
    epoch: { session: 1, epoch },
    fnc: { sn: { session: 0, epoch: 0, s: 1 }, hash: '00'.repeat(32), height: 0 },
    finalized: { sn: { session: 0, epoch: 0, s: 1 }, hash: '00'.repeat(32), height: 0 },
    fncAtEntry: { session: 0, epoch: 0, s: 1 },
  })

  function newLeader(): Bench {
    const bench = createBench(1)
    bench.connect(0, 2, 3)
    const effects = bench.receive('peer0', { type: 'clockNotarization', clockNotarization: clocks })
    expect(sent(effects, 'getStatus')).toHaveLength(1)
    expect(only(effects, 'buildBlock')).toEqual([])
    return bench
  }

  it('P8.3 the epoch is durable before anything of it leaves', () => {
    const bench = createBench(1)
    bench.connect(0, 2, 3)
    const effects = bench.receive('peer0', { type: 'clockNotarization', clockNotarization: clocks })
    expect(effects[0]).toMatchObject({ type: 'persist', sync: true, records: [{ type: 'epoch' }] })
    expect(sent(effects, 'clockNotarization')).toHaveLength(1)
  })

  it('P10.3-3 waits for a quorum in the epoch and for the delay', () => {
    const bench = newLeader()
    bench.receive('peer2', { type: 'status', status: status(2) })
    bench.receive('peer3', { type: 'status', status: status(2) })
    expect(bench.state.leader.phase).toBe('waiting')
    expect(planOf(bench.fire('firstProposalDelay')).certs.clockNotarization).toEqual(clocks)
  })

  it('P10.3-3 proposes at the limit with whoever is there, before the voters lose patience (H2)', () => {
    const bench = newLeader()
    bench.fire('firstProposalDelay')
    expect(bench.state.leader.phase).toBe('waiting')
    const started = bench.state.leader.enteredAt
    planOf(bench.fire('firstProposalLimit'))
    expect(bench.now - started).toBeLessThan(6_000)
  })

  it('A13 a claim of an absurd freshness delays nothing past the limit', () => {
    const bench = newLeader()
    const absurd = { session: 1, epoch: 4_294_967_295, s: 4_294_967_295 }
    for (const peer of ['peer2', 'peer3']) {
      bench.receive(peer, {
        type: 'status',
        status: { ...status(2), fnc: { ...status(2).fnc, sn: absurd }, fncAtEntry: absurd },
      })
    }
    bench.fire('firstProposalDelay')
    expect(bench.state.leader.phase).toBe('waiting')
    planOf(bench.fire('firstProposalLimit'))
  })
})

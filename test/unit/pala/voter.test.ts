/** The voter's rules (P11): what it votes for, once, and what it refuses. */
import { describe, expect, it } from 'vitest'
import { createState, restoreState } from '../../../src/pala/state.ts'
import type { Proposal } from '../../../src/pala/types.ts'
import { configOf, createCommittee, makeChain, makeProposal, notarize, notarizeClock } from '../../helpers/committee.ts'
import { certify, createBench, offer, only, sent } from '../../helpers/machine.ts'

const sn = (epoch: number, s: number) => ({ session: 1, epoch, s })
const committee = createCommittee(4)
const chain = makeChain(committee, 4)
const block = (s: number): Proposal => {
  const entry = chain[s - 1]
  if (entry === undefined) throw new Error(`block ${s}`)
  return entry.proposal
}
const cert = (s: number) => notarize(committee, block(s))
const votes = (effects: Parameters<typeof only>[0]) => only(effects, 'castVote').map((vote) => vote.blockHash)

/** A first block of epoch 2 on `parent`, with the certificates it must carry. */
function timeoutBlock(parent: Proposal, stateHeight: number): Proposal {
  return makeProposal(committee, {
    sn: sn(2, 1),
    parent,
    certs: {
      notarizations: [notarize(committee, parent)],
      clockNotarization: notarizeClock(committee, sn(2, 0), [0, 1, 2]),
    },
    header: { stateHeight },
  })
}

describe('P11.1 the voter', () => {
  it('P11.1-9 locks a vote on disk before it leaves, and sends it to the leader only', () => {
    const bench = createBench(1)
    bench.connect(0, 2, 3)
    const effects = offer(bench, block(1))
    const lock = effects.findIndex(
      (e) => e.type === 'persist' && e.sync && e.records.some((r) => r.type === 'voteLock'),
    )
    const vote = effects.findIndex((e) => e.type === 'castVote')
    expect(lock).toBeGreaterThanOrEqual(0)
    expect(vote).toBeGreaterThan(lock)
    expect(only(effects, 'castVote')).toMatchObject([{ to: 'peer0', blockHash: block(1).block.hash }])
  })

  it('P5.4-10 waits for the word of the application, and never votes against it', () => {
    const bench = createBench(1)
    bench.connect(0)
    const effects = bench.receive('peer0', { type: 'proposal', proposal: block(1) })
    expect(only(effects, 'checkBlock')).toHaveLength(1)
    expect(votes(effects)).toEqual([])
    const verdict = bench.feed({ type: 'blockChecked', hash: block(1).block.hash, verdict: 'invalid' })
    expect(votes(verdict)).toEqual([])
    expect(only(verdict, 'misbehaviour')).toMatchObject([{ peer: 'peer0', penalty: 'invalid' }])
  })

  it('P5.4-9 asks again about a block that could not be judged yet', () => {
    const bench = createBench(1)
    bench.connect(0)
    bench.receive('peer0', { type: 'proposal', proposal: block(1) })
    bench.feed({ type: 'blockChecked', hash: block(1).block.hash, verdict: 'retryable' })
    expect(only(bench.fire('voteResend'), 'checkBlock')).toHaveLength(1)
  })

  it('P11.1-5 votes once for a slot, whatever the leader sends next', () => {
    const bench = createBench(1)
    bench.connect(0)
    offer(bench, block(1))
    const rival = makeProposal(committee, { sn: sn(1, 1), parent: null, payload: [Uint8Array.of(1)] })
    const effects = offer(bench, rival)
    expect(votes(effects)).toEqual([])
    expect(only(effects, 'persist').flatMap((e) => e.records)).toMatchObject([
      { type: 'evidence', evidence: { kind: 'doubleProposal' } },
    ])
    expect(only(effects, 'misbehaviour')).toMatchObject([{ peer: 'peer0', penalty: 'invalid' }])
  })

  it('P11.1-5 sends the same vote again for the same block', () => {
    const bench = createBench(1)
    bench.connect(0)
    offer(bench, block(1))
    expect(votes(offer(bench, block(1)))).toEqual([block(1).block.hash])
  })

  it('P11.1-2 ignores an old epoch, and asks for proof of a later one', () => {
    const bench = createBench(1)
    bench.connect(0)
    bench.receive('peer0', {
      type: 'clockNotarization',
      clockNotarization: notarizeClock(committee, sn(2, 0), [0, 1, 2]),
    })
    expect(votes(offer(bench, block(1)))).toEqual([])
    const later = makeProposal(committee, { sn: sn(3, 2), parent: block(1) })
    const effects = offer(bench, later)
    expect(sent(effects, 'getEpoch')).toHaveLength(1)
    expect(bench.state.parked.size).toBe(1)
  })

  it('P11.1-6 does not vote beyond the window', () => {
    const wide = createCommittee(4, { k: 2 })
    const bench = createBench(1, wide)
    bench.connect(0)
    const one = makeProposal(wide, { sn: sn(1, 1), parent: null })
    const two = makeProposal(wide, { sn: sn(1, 2), parent: one })
    const three = makeProposal(wide, { sn: sn(1, 3), parent: two, certs: { notarizations: [notarize(wide, one)] } })
    expect(votes(offer(bench, one))).toHaveLength(1)
    expect(votes(offer(bench, two))).toHaveLength(1)
    // A third block without the certificate it must carry stays outside: it waits, unstored.
    const bare = makeProposal(wide, { sn: sn(1, 3), parent: two })
    expect(votes(offer(bench, bare))).toEqual([])
    expect(bench.state.parked.size).toBe(1)
    expect(bench.state.tree.entries.has(bare.block.hash)).toBe(false)
    bench.state.parked.clear()
    // P11.1-3: the certificate of (1,1) that it carries opens the window.
    expect(votes(offer(bench, three))).toEqual([three.block.hash])
  })

  it('P11.3 refuses a first block whose parent is older than the FNC at entry (A7)', () => {
    const bench = createBench(1)
    bench.connect(0, 1)
    for (const s of [1, 2]) offer(bench, block(s))
    certify(bench, cert(1))
    certify(bench, cert(2))
    expect(votes(offer(bench, timeoutBlock(block(1), 0), 'peer1'))).toEqual([])
    expect(bench.state.epoch.current.epoch).toBe(2)
  })

  it('P11.3 votes for a first block on the floor, also when a fresher certificate comes late (H1, A12)', () => {
    const bench = createBench(2)
    bench.connect(0, 1)
    offer(bench, block(1))
    certify(bench, cert(1))
    offer(bench, block(2))
    bench.receive('peer1', {
      type: 'clockNotarization',
      clockNotarization: notarizeClock(committee, sn(2, 0), [0, 1, 2]),
    })
    certify(bench, cert(2))
    expect(bench.state.epoch.fncAtEntry.sn).toEqual(sn(1, 1))
    expect(votes(offer(bench, timeoutBlock(block(1), 0), 'peer1'))).toHaveLength(1)
  })

  it('P11.2 parks a proposal whose parent is missing, asks for it, and votes once it is there (H8)', () => {
    const bench = createBench(1)
    bench.connect(0)
    const effects = offer(bench, block(2))
    expect(sent(effects, 'getFresher')).toHaveLength(1)
    const requestId = bench.state.requests.blocks?.requestId ?? 0
    const answer = bench.receive('peer0', {
      type: 'blocks',
      requestId,
      blocks: [{ proposal: block(1), notarization: cert(1) }],
    })
    expect(only(answer, 'checkBlock').map((check) => check.block.hash)).toEqual([block(2).block.hash])
  })

  it('P11.4 does not vote for a child of a block it did not vote for, until that is notarized', () => {
    const wide = createCommittee(4, { k: 2 })
    const bench = createBench(1, wide)
    bench.connect(0)
    const one = makeProposal(wide, { sn: sn(1, 1), parent: null })
    bench.receive('peer0', { type: 'proposal', proposal: one })
    bench.feed({ type: 'blockChecked', hash: one.block.hash, verdict: 'invalid' })
    const two = makeProposal(wide, { sn: sn(1, 2), parent: one })
    expect(votes(offer(bench, two))).toEqual([])
    certify(bench, notarize(wide, one, [0, 2, 3]))
    bench.feed({ type: 'blockChecked', hash: two.block.hash, verdict: 'valid' })
    expect(bench.state.voteLocks.size).toBe(1)
  })

  it('P5.3 refuses a proposal below the finalized head, where locks are gone', () => {
    const bench = createBench(1)
    bench.connect(0)
    for (const s of [1, 2, 3]) {
      offer(bench, block(s))
      certify(bench, cert(s))
    }
    expect(bench.state.tree.finalized).toBe(block(2).block.hash)
    expect([...bench.state.voteLocks.values()]).toEqual([block(3).block.hash])
    const rival = makeProposal(committee, {
      sn: sn(1, 2),
      parent: block(1),
      certs: { notarizations: [cert(1)] },
      payload: [Uint8Array.of(1)],
    })
    expect(votes(offer(bench, rival))).toEqual([])
  })

  it.each([
    ['A30 a timestamp that does not grow', { timestamp: 1 }],
    ['a height that does not follow', { height: 9 }],
    ['a session count that does not follow', { sessionCount: 9 }],
    ['a stop flag where no stop is due', { isStop: true }],
    ['an election root outside a stop block', { electionRoot: 'ab'.repeat(32) }],
    ['a state height other than the chain proves', { stateHeight: 1 }],
    ['A6 another proposer than the leader', { proposer: 2 }],
  ])('P5.4 refuses %s', (_what, header) => {
    const bench = createBench(1)
    bench.connect(0)
    const effects = offer(bench, makeProposal(committee, { sn: sn(1, 1), parent: null, header }))
    expect(votes(effects)).toEqual([])
    expect(only(effects, 'misbehaviour')).toMatchObject([{ penalty: 'invalid' }])
    expect(bench.state.tree.entries.size).toBe(1)
  })

  it('P5.4-6 refuses a block without the certificate it must embed, or with another one', () => {
    const bench = createBench(1)
    bench.connect(0)
    offer(bench, block(1))
    certify(bench, cert(1))
    const bare = makeProposal(committee, { sn: sn(1, 2), parent: block(1) })
    expect(only(offer(bench, bare), 'misbehaviour')).toHaveLength(1)
    expect(bench.state.tree.entries.has(bare.block.hash)).toBe(false)
  })
})

describe('P20 a voter that crashed', () => {
  const durable = (locks: boolean) => ({
    blocks: [block(1)],
    notarizations: [],
    epoch: null,
    voteLocks: locks ? [{ sn: sn(1, 1), blockHash: block(1).block.hash }] : [],
    proposeLocks: [],
    finalized: null,
    sessions: [],
  })
  const rival = makeProposal(committee, { sn: sn(1, 1), parent: null, payload: [Uint8Array.of(1)] })

  it('P20.1 votes for nothing else in a slot it had locked, and repeats its vote (P20.6-4)', () => {
    const state = restoreState(configOf(committee, 1), [committee.session], durable(true))
    const bench = createBench(1, committee, state)
    expect(votes(bench.connect(0))).toEqual([block(1).block.hash])
    expect(votes(offer(bench, rival))).toEqual([])
  })

  it('P8.1 comes back in the epoch it had entered, never an earlier one', () => {
    const epoch = {
      current: { session: 1, epoch: 5 },
      proof: null,
      fncAtEntry: { sn: sn(1, 1), hash: block(1).block.hash, height: 1 },
    }
    const state = restoreState(configOf(committee, 1), [committee.session], { ...durable(true), epoch })
    expect(state.epoch.current.epoch).toBe(5)
    const bench = createBench(1, committee, state)
    expect(votes(offer(bench, block(1)))).toEqual([])
  })

  it('P20.6-2 is raised to the epoch of its freshest certified block', () => {
    const first = timeoutBlock(block(1), 0)
    const state = restoreState(configOf(committee, 1), [committee.session], {
      ...durable(true),
      blocks: [block(1), first],
      notarizations: [cert(1), notarize(committee, first)],
    })
    expect(state.epoch.current).toEqual({ session: 1, epoch: 2 })
    expect(state.tree.fnc).toBe(first.block.hash)
  })

  it('P20.6-3 never votes when it may not', () => {
    const state = createState({ ...configOf(committee, 1), votesFrom: 2 }, [committee.session])
    const bench = createBench(1, committee, state)
    bench.connect(0)
    expect(votes(offer(bench, block(1)))).toEqual([])
    expect(bench.state.timers.has('voterTimeout')).toBe(false)
  })
})

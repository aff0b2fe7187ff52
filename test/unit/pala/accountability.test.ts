/** Where the machine finds evidence (P24.1), whatever arrives first, and what it does with it (P24.2). */
import { describe, expect, it } from 'vitest'
import { MAX_EVIDENCE_PER_KEY, MAX_STRAY_VOTES } from '../../../src/pala/bounds.ts'
import { VOTE_TAG, voteTargetBytes } from '../../../src/pala/codec.ts'
import type { Offence } from '../../../src/pala/evidence.ts'
import { verifyEvidence } from '../../../src/pala/evidence-verify.ts'
import type { Sn } from '../../../src/pala/sn.ts'
import type { Effect, Proposal, Vote } from '../../../src/pala/types.ts'
import {
  CHAIN_ID,
  createCommittee,
  makeChain,
  makeProposal,
  notarize,
  notarizeClock,
  signerOf,
} from '../../helpers/committee.ts'
import { type Bench, certify, createBench, offer, only, peerId, sent } from '../../helpers/machine.ts'

const committee = createCommittee(4)
const sn = (epoch: number, s: number): Sn => ({ session: 1, epoch, s })
const chain = makeChain(committee, 4)
const block = (s: number): Proposal => chain[s - 1]?.proposal as Proposal
const rivalOf = (s: number, more = 1): Proposal =>
  makeProposal(committee, {
    sn: sn(1, s),
    parent: s === 1 ? null : block(s - 1),
    payload: [Uint8Array.of(more)],
    certs: { notarizations: [...block(s).block.notarizations] },
    header: { stateHeight: block(s).block.header.stateHeight },
  })

function vote(voter: number, slot: Sn, blockHash: string): Vote {
  const payload = voteTargetBytes({ sn: slot, blockHash })
  const signer = committee.signers[voter] ?? signerOf('stranger')
  return { sn: slot, blockHash, voter, signature: signer.sign({ tag: VOTE_TAG, chainId: CHAIN_ID, payload }) }
}

const offences = (bench: Bench): Offence[] => [...bench.state.evidence.offences.values()].map(({ offence }) => offence)
const accused = (bench: Bench): string[] =>
  offences(bench).map((offence) => {
    const verdict = verifyEvidence(offence, { chainId: CHAIN_ID, sessionOf: () => committee.session })
    return verdict.ok ? `${verdict.accused.kind} ${verdict.accused.index}` : `unproven: ${verdict.reason}`
  })
const published = (effects: readonly Effect[]): string[] =>
  only(effects, 'publish').flatMap(({ message }) => (message.type === 'evidence' ? [message.evidence.kind] : []))

/** The leader of epoch 1 with its first block out and built. */
function leaderBench(): Bench {
  const bench = createBench(0)
  bench.connect(1, 2, 3)
  bench.feed({ type: 'blockBuilt', proposal: block(1) as never })
  return bench
}

const tell = (bench: Bench, cast: Vote): Effect[] => bench.receive(peerId(cast.voter), { type: 'vote', vote: cast })

describe('double votes', () => {
  const other = 'cd'.repeat(32)

  it('P10.5 the stray one second: evidence, told to everybody, neither counts', () => {
    const bench = leaderBench()
    tell(bench, vote(2, sn(1, 1), block(1).block.hash))
    const effects = tell(bench, vote(2, sn(1, 1), other))
    expect(accused(bench)).toEqual(['doubleVote 2'])
    expect(published(effects)).toEqual(['doubleVote'])
    expect(bench.state.votes.get(block(1).block.hash)?.has(2)).toBe(false)
    const written = only(effects, 'persist').flatMap(({ records }) => records.map((record) => record.type))
    expect(written).toEqual(['evidence'])
    expect(only(effects, 'misbehaviour')).toMatchObject([{ peer: peerId(2), penalty: 'invalid' }])
  })

  it('P10.5 the stray one first', () => {
    const bench = leaderBench()
    tell(bench, vote(2, sn(1, 1), other))
    tell(bench, vote(2, sn(1, 1), block(1).block.hash))
    expect(accused(bench)).toEqual(['doubleVote 2'])
  })

  it('P24.1 a vote against the certificate of another block, in both orders', () => {
    const conflicting = notarize(committee, rivalOf(1), [1, 2, 3])
    const voteFirst = leaderBench()
    tell(voteFirst, vote(2, sn(1, 1), block(1).block.hash))
    certify(voteFirst, conflicting, peerId(1))
    expect(accused(voteFirst)).toEqual(['doubleVote 2'])
    const certificateFirst = leaderBench()
    certify(certificateFirst, conflicting, peerId(1))
    tell(certificateFirst, vote(2, sn(1, 1), block(1).block.hash))
    expect(accused(certificateFirst)).toEqual(['doubleVote 2'])
  })

  it('the same vote again is none', () => {
    const bench = leaderBench()
    for (let i = 0; i < 3; i++) tell(bench, vote(2, sn(1, 1), block(1).block.hash))
    for (let i = 0; i < 3; i++) tell(bench, vote(3, sn(1, 1), other))
    expect(offences(bench)).toEqual([])
  })

  it('I8 strays are bounded, and go with their epoch', () => {
    const bench = leaderBench()
    for (let s = 2; s < MAX_STRAY_VOTES + 10; s++) tell(bench, vote(2, sn(1, s), other))
    expect(bench.state.evidence.strays.size).toBe(MAX_STRAY_VOTES)
  })
})

describe('conflicting certificates', () => {
  it('P3.5 keeps both, names who signed both, stops voting, says so', () => {
    const bench = createBench(3)
    bench.connect(0, 1, 2)
    offer(bench, block(1))
    certify(bench, notarize(committee, block(1), [0, 1, 2]))
    const effects = certify(bench, notarize(committee, rivalOf(1), [0, 1, 2]))
    expect(accused(bench)).toEqual(['doubleVote 0', 'doubleVote 1', 'doubleVote 2'])
    const kinds = only(effects, 'persist').flatMap(({ records }) =>
      records.map((record) => (record.type === 'evidence' ? record.evidence.kind : record.type)),
    )
    expect(kinds).toEqual(['conflictingNotarizations', 'doubleVote', 'doubleVote', 'doubleVote'])
    expect(only(effects, 'alarm').map(({ code }) => code)).toEqual(['conflicting-notarizations'])
    expect(bench.state.halted).toBe(true)
    const later = offer(bench, block(2))
    expect(only(later, 'castVote')).toEqual([])
  })
})

describe('double proposals', () => {
  it('A1 live: the second one is not stored, its leader is named', () => {
    const bench = createBench(1)
    bench.connect(0, 2, 3)
    offer(bench, block(1))
    const effects = offer(bench, rivalOf(1))
    expect(accused(bench)).toEqual(['doubleProposal 0'])
    expect(bench.state.tree.entries.has(rivalOf(1).block.hash)).toBe(false)
    expect(only(effects, 'misbehaviour')).toMatchObject([{ peer: peerId(0) }])
  })

  it('A1 by sync: the certified block is taken, its leader is named, the messenger is not blamed', () => {
    const bench = createBench(1)
    bench.connect(0, 2, 3)
    offer(bench, rivalOf(1))
    const effects = bench.receive('peer2', {
      type: 'status',
      status: {
        epoch: { session: 1, epoch: 1 },
        fnc: { sn: sn(1, 1), hash: block(1).block.hash, height: 1 },
        finalized: { sn: { session: 0, epoch: 0, s: 1 }, hash: CHAIN_ID, height: 0 },
        fncAtEntry: { session: 0, epoch: 0, s: 1 },
      },
    })
    const [request] = sent(effects, 'getFresher')
    const notarization = notarize(committee, block(1), [0, 2, 3])
    const answer = bench.receive('peer2', {
      type: 'blocks',
      requestId: request?.requestId ?? 0,
      blocks: [{ proposal: block(1), notarization }],
    })
    expect(accused(bench)).toEqual(['doubleProposal 0'])
    expect(bench.state.tree.entries.get(block(1).block.hash)?.notarized).toBe(true)
    expect(only(answer, 'misbehaviour').map(({ peer }) => peer)).toEqual([peerId(0)])
  })
})

describe('amnesia', () => {
  /** The first block of epoch 2 straight on genesis, though (1,1) is notarized. */
  const stale = makeProposal(committee, {
    sn: sn(2, 1),
    parent: null,
    certs: { clockNotarization: notarizeClock(committee, { session: 1, epoch: 2 }, [0, 1, 2]) },
  })
  const late = notarize(committee, block(2), [0, 2, 3])

  /** The leader of epoch 2, which proposed in good faith: it knew of nothing. */
  function staleLeader(): Bench {
    const bench = createBench(1)
    bench.connect(0, 2, 3)
    const clockNotarization = notarizeClock(committee, { session: 1, epoch: 2 }, [0, 1, 2])
    bench.receive('peer0', { type: 'clockNotarization', clockNotarization })
    bench.fire('firstProposalDelay')
    bench.fire('firstProposalLimit')
    bench.feed({ type: 'blockBuilt', proposal: stale as never })
    expect(bench.state.leader.lastProposed?.hash).toBe(stale.block.hash)
    return bench
  }

  it('P24.1 the vote for the first block, then the certificate that its voter had signed', () => {
    const bench = staleLeader()
    tell(bench, vote(2, sn(2, 1), stale.block.hash))
    certify(bench, late)
    expect(accused(bench)).toEqual(['amnesia 2'])
  })

  it('P24.1 the certificate first', () => {
    const bench = staleLeader()
    certify(bench, late)
    tell(bench, vote(2, sn(2, 1), stale.block.hash))
    expect(accused(bench)).toEqual(['amnesia 2'])
  })

  it('P24.1 two certificates, in both orders, at a node that leads nothing', () => {
    const first = notarize(committee, stale, [0, 2, 3])
    for (const order of [
      [late, first],
      [first, late],
    ]) {
      const bench = createBench(1)
      bench.connect(0, 2, 3)
      bench.receive('peer1', { type: 'proposal', proposal: stale })
      for (const certificate of order) certify(bench, certificate)
      expect(accused(bench).sort()).toEqual(['amnesia 0', 'amnesia 2', 'amnesia 3'])
    }
  })

  it('P24.1 a first block that is refused below the finalized head is remembered for its votes', () => {
    const bench = createBench(1)
    bench.connect(0, 2, 3)
    for (const s of [1, 2, 3]) {
      offer(bench, block(s))
      certify(bench, notarize(committee, block(s), [0, 2, 3]))
    }
    offer(bench, stale, 'peer1')
    certify(bench, notarize(committee, stale, [0, 2, 3]))
    expect(accused(bench).sort()).toEqual(['amnesia 0', 'amnesia 2', 'amnesia 3'])
  })

  it('a vote at t = k, and a parent as fresh as the vote shows, accuse nobody', () => {
    const bench = staleLeader()
    certify(bench, notarize(committee, block(1), [0, 2, 3]))
    tell(bench, vote(2, sn(2, 1), stale.block.hash))
    expect(offences(bench)).toEqual([])
  })
})

describe('what becomes of evidence', () => {
  const other = (i: number): string => i.toString(16).padStart(64, '0')
  const doubleVote = (voter: number, s: number): Offence => ({
    kind: 'doubleVote',
    first: vote(voter, sn(1, s), other(1)),
    second: vote(voter, sn(1, s), other(2)),
  })
  const receive = (bench: Bench, evidence: Offence): Effect[] => bench.receive('peer3', { type: 'evidence', evidence })

  it('P24.2 is kept once per kind, key and slot, and told once', () => {
    const bench = createBench(1)
    expect(published(receive(bench, doubleVote(2, 1)))).toEqual(['doubleVote'])
    expect(published(receive(bench, doubleVote(2, 1)))).toEqual([])
    expect(offences(bench)).toHaveLength(1)
  })

  it('I8 is bounded per key', () => {
    const bench = createBench(1)
    for (let s = 1; s <= MAX_EVIDENCE_PER_KEY + 3; s++) receive(bench, doubleVote(2, s))
    expect(offences(bench)).toHaveLength(MAX_EVIDENCE_PER_KEY)
    receive(bench, doubleVote(0, 1))
    expect(offences(bench)).toHaveLength(MAX_EVIDENCE_PER_KEY + 1)
  })

  it('P24.2 ages out after two more sessions', () => {
    const bench = createBench(1)
    receive(bench, doubleVote(2, 1))
    for (const session of [2, 3, 4]) bench.state.sessions.set(session, { ...committee.session, session })
    const later = (session: number): Offence => {
      const at = { session, epoch: 1, s: 1 }
      return { kind: 'doubleVote', first: vote(3, at, other(1)), second: vote(3, at, other(2)) }
    }
    bench.state.epoch = { ...bench.state.epoch, current: { session: 3, epoch: 1 } }
    receive(bench, later(3))
    expect(offences(bench)).toHaveLength(2)
    bench.state.epoch = { ...bench.state.epoch, current: { session: 4, epoch: 1 } }
    receive(bench, later(4))
    expect(offences(bench)).toEqual([later(3), later(4)])
    expect(published(receive(bench, doubleVote(0, 2)))).toEqual([])
  })

  it('P24.2 goes to each new connection once', () => {
    const bench = createBench(1)
    receive(bench, doubleVote(2, 1))
    expect(sent(bench.connect(0), 'evidence')).toHaveLength(1)
    bench.feed({ type: 'peerDisconnected', peer: peerId(0) })
    expect(sent(bench.connect(0), 'evidence')).toEqual([])
    receive(bench, doubleVote(2, 2))
    bench.feed({ type: 'peerDisconnected', peer: peerId(0) })
    const again = sent(bench.connect(0), 'evidence').map(({ evidence }) => evidence)
    expect(again).toEqual([doubleVote(2, 2)])
  })

  it('P24.2 against the own key it stops the node, whoever brings it', () => {
    const bench = createBench(1)
    const effects = receive(bench, doubleVote(1, 1))
    expect(only(effects, 'alarm').map(({ code }) => code)).toEqual(['own-equivocation'])
    expect(bench.state.halted).toBe(true)
  })
})

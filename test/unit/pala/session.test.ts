/** The rules of sessions (P16): where one stops, what may begin the next, how far finality goes, who may follow. */
import { describe, expect, it } from 'vitest'
import type { CommitteePlan } from '../../../src/domain.ts'
import type { TreeEntry } from '../../../src/pala/chain.ts'
import { electionOf, planProblem, sessionAfter } from '../../../src/pala/election.ts'
import { finalHeightBy, provesStop } from '../../../src/pala/rules/certificates.ts'
import { isFreshEnough, stopRuleFor } from '../../../src/pala/rules/validity.ts'
import type { Sn } from '../../../src/pala/sn.ts'
import { createState, restoreState, summarise } from '../../../src/pala/state.ts'
import type { BlockHeader, Durable, Election, Notarization, Proposal, Session } from '../../../src/pala/types.ts'
import { configOf, createCommittee, makeProposal, notarize, notarizeClock } from '../../helpers/committee.ts'
import { type Bench, certify, createBench, offer, only, sent } from '../../helpers/machine.ts'

/** k = 1; the fourth block stops session 1, and the same voters go on with k = 2. */
const committee = createCommittee(4, { stopOffset: 4 })
const { session } = committee
const { proposers, voters, params } = session
const election: Election = { plan: { proposers, voters, params: { ...params, k: 2, stopOffset: 0 } }, kept: false }

type Change = {
  readonly header?: Partial<BlockHeader>
  readonly payload?: readonly Uint8Array[]
  readonly election?: Election | null
}

/** `(1,1,s)` on `parent`, as it should be but for `change`. */
function next(parent: Proposal | null, change: Change = {}): Proposal {
  const s = (parent?.block.header.sn.s ?? 0) + 1
  return makeProposal(committee, {
    sn: { session: 1, epoch: 1, s },
    parent,
    certs: { notarizations: parent === null ? [] : [notarize(committee, parent)] },
    election: s === 4 ? election : null,
    ...change,
    header: { stateHeight: Math.max(0, Math.min(s - 2, 4)), ...change.header },
  })
}

function chainOf(length: number): Proposal[] {
  const chain: Proposal[] = []
  for (let i = 0; i < length; i++) chain.push(next(chain.at(-1) ?? null))
  return chain
}

const chain = chainOf(6)
const block = (s: number): Proposal => {
  const found = chain[s - 1]
  if (found === undefined) throw new Error(`block ${s}`)
  return found
}
const cert = (s: number): Notarization => notarize(committee, block(s))

/** A voter that was offered blocks 1 to `s` and got the certificates of all of them. */
function voterAt(s: number): Bench {
  const bench = createBench(2, committee)
  bench.connect(0, 1, 3)
  for (let i = 1; i <= s; i++) {
    offer(bench, block(i))
    certify(bench, cert(i))
  }
  return bench
}

const penalties = (bench: Bench, proposal: Proposal): string[] =>
  only(offer(bench, proposal), 'misbehaviour').map(({ reason }) => reason)
const votesFor = (bench: Bench, proposal: Proposal, from = 'peer0'): string[] =>
  only(offer(bench, proposal, from), 'castVote').map(({ blockHash }) => blockHash)
const FULL = { payload: [Uint8Array.of(1)] }

/** The first block of session 2 on `parent`; its certificates are those of the parent's epoch's tail, k = 1. */
function opener(parent: Proposal, { epoch = 1, header = {} }: { epoch?: number; header?: Partial<BlockHeader> } = {}) {
  const target = { session: 2, epoch }
  return makeProposal(committee, {
    sn: { ...target, s: 1 },
    parent,
    certs: {
      notarizations: [notarize(committee, parent)],
      clockNotarization: epoch === 1 ? null : notarizeClock(committee, target, [0, 1, 2]),
    },
    header: { sessionCount: 1, stateHeight: 4, ...header },
  })
}

describe('P16.3 the stop block', () => {
  const at = (count: number, stop: number | null = null): Pick<TreeEntry, 'ref' | 'sessionCount' | 'stop'> => {
    const ref = { sn: { session: 1, epoch: 1, s: count }, hash: '', height: count }
    return { ref, sessionCount: count, stop: stop === null ? null : { ...ref, height: stop } }
  }

  it.each([
    { k: 1, offset: 4, parent: at(2), stop: 'no', isAfter: false },
    { k: 1, offset: 4, parent: at(3), stop: 'must', isAfter: false },
    { k: 1, offset: 4, parent: at(4, 4), stop: 'no', isAfter: true },
    { k: 1, offset: 9, parent: at(3), stop: 'may', isAfter: false },
    { k: 2, offset: 9, parent: at(4), stop: 'no', isAfter: false },
    { k: 2, offset: 9, parent: at(5), stop: 'may', isAfter: false },
    { k: 2, offset: 9, parent: at(8), stop: 'must', isAfter: false },
    { k: 2, offset: 0, parent: at(1_000), stop: 'may', isAfter: false },
    { k: 2, offset: 0, parent: at(7, 6), stop: 'no', isAfter: true },
  ])('k $k, offset $offset, after block $parent.sessionCount: $stop', ({ k, offset, parent, stop, isAfter }) => {
    const rules: Session = { ...session, params: { ...session.params, k, stopOffset: offset } }
    const sn = { session: 1, epoch: 1, s: parent.sessionCount + 1 }
    expect(stopRuleFor(rules, { sn, parent: parent as TreeEntry })).toEqual({ stop, isAfter })
  })

  it('counts from the first block of the session', () => {
    const rules: Session = { ...session, session: 2, params: { ...session.params, stopOffset: 4 } }
    const first = { sn: { session: 2, epoch: 1, s: 1 }, parent: at(9, 4) as TreeEntry }
    expect(stopRuleFor(rules, first)).toEqual({ stop: 'no', isAfter: false })
  })

  it.each([
    ['P5.4-7 the block at the offset that does not stop', 4, { election: null }, 'stop flag'],
    ['P5.4-7 a block that stops before anything can be final', 3, { election }, 'stop flag'],
    ['P5.4-7 a second stop block', 5, { election }, 'stop flag'],
    ['P5.4-7 an election root outside a stop block', 3, { header: { electionRoot: '1'.repeat(64) } }, 'election root'],
    ['P5.4-8 payload after the stop block', 5, FULL, 'payload after the stop block'],
    ['P5.4-4 a count of its own', 3, { header: { sessionCount: 4 } }, 'session count'],
  ])('%s is refused and blamed', (_what, s, change, reason) => {
    const bench = voterAt(s - 1)
    expect(penalties(bench, next(block(s - 1), change))).toEqual([expect.stringContaining(reason)])
    expect(votesFor(bench, block(s))).toHaveLength(1)
  })

  it('asks the application what the rule is, with the block', () => {
    const bench = voterAt(3)
    const effects = bench.receive('peer0', { type: 'proposal', proposal: block(4) })
    expect(only(effects, 'checkBlock').map(({ stop }) => stop)).toEqual(['must'])
  })
})

describe('P16.5 a session begins', () => {
  it('when the stop block is final here: first durable, then known, then the first epoch', () => {
    const bench = voterAt(4)
    expect(bench.state.sessions.has(2)).toBe(false)
    offer(bench, block(5))
    const effects = certify(bench, cert(5))
    const records = only(effects, 'persist').flatMap((effect) => effect.records)
    const types = records.map(({ type }) => type)
    expect(types.slice(types.indexOf('finalized'))).toEqual(['finalized', 'pruned', 'session', 'epoch'])
    const started = only(effects, 'notice').flatMap(({ notice }) => (notice.kind === 'sessionStarted' ? [notice] : []))
    expect(started).toMatchObject([{ stop: { hash: block(4).block.hash }, session: { session: 2, params: { k: 2 } } }])
    expect(summarise(bench.state).epoch).toEqual({ session: 2, epoch: 1 })
    expect(bench.state.epoch.proof).toEqual({ kind: 'session', session: 2 })
  })

  it('and tells every peer, because new members were full nodes until then', () => {
    const bench = voterAt(4)
    bench.feed({ type: 'peerConnected', peer: 'newcomer', roles: [] })
    offer(bench, block(5))
    const told = only(certify(bench, cert(5)), 'send').filter(({ message }) => message.type === 'status')
    expect(told.flatMap(({ to }) => to)).toEqual(expect.arrayContaining(['peer0', 'newcomer']))
  })

  it('from then on nobody votes in the old one, whose proposals are of an old epoch', () => {
    const bench = voterAt(5)
    expect(votesFor(bench, block(6))).toEqual([])
  })

  it('P17.3 the end of a session is no proof to send: who is behind fetches the blocks', () => {
    const bench = voterAt(5)
    const effects = bench.receive('peer0', { type: 'getEpoch', epoch: { session: 1, epoch: 1 } })
    expect(sent(effects, 'epochProof')).toEqual([])
  })

  it('P4.4-1 a proposal of a session this node has not reached is neither taken nor blamed', () => {
    const bench = voterAt(4)
    const effects = offer(bench, opener(block(5)))
    expect(only(effects, 'misbehaviour')).toEqual([])
    expect(only(effects, 'castVote')).toEqual([])
  })

  it('replayed: the certificates that ended the session do it once', () => {
    const bench = voterAt(5)
    const effects = [...certify(bench, cert(5)), ...certify(bench, cert(4))]
    expect(only(effects, 'persist').flatMap(({ records }) => records)).toEqual([])
    expect(summarise(bench.state).epoch).toEqual({ session: 2, epoch: 1 })
  })

  it('lying: a peer that claims to be three sessions ahead is asked for blocks, and believed in nothing', () => {
    const bench = voterAt(3)
    const far = { sn: { session: 4, epoch: 1, s: 1 }, hash: 'f'.repeat(64), height: 99 }
    const status = { epoch: { session: 4, epoch: 1 }, fnc: far, finalized: far, fncAtEntry: far.sn }
    const effects = bench.receive('peer0', { type: 'status', status })
    expect(sent(effects, 'getFresher').length + sent(effects, 'getRange').length).toBe(1)
    expect(sent(effects, 'getEpoch')).toEqual([])
    expect(summarise(bench.state).epoch).toEqual({ session: 1, epoch: 1 })
  })

  it('P20.6 survives a restart: committee, epoch and the cap are there again', () => {
    const record = {
      session: sessionAfter(1, election),
      stop: { sn: block(4).block.header.sn, hash: block(4).block.hash, height: 4 },
    }
    const durable: Durable = {
      blocks: [4, 5, 6].map(block),
      notarizations: [4, 5, 6].map(cert),
      epoch: { current: { session: 2, epoch: 1 }, proof: { kind: 'session', session: 2 }, fncAtEntry: record.stop },
      voteLocks: [],
      proposeLocks: [],
      finalized: record.stop,
      sessions: [record],
    }
    const state = restoreState(configOf(committee, 2), [session], durable)
    expect(state.sessions.get(2)).toEqual(record.session)
    expect(summarise(state)).toMatchObject({ epoch: { session: 2, epoch: 1 }, finalized: { height: 4 } })
    const bench = createBench(2, committee, state)
    expect(summarise(bench.state).finalized.height).toBe(4)
    bench.connect(0)
    bench.feed({
      type: 'peerRolesChanged',
      peer: 'peer0',
      roles: [{ role: 'proposer', session: 2, index: 0 }],
    })
    expect(votesFor(bench, opener(block(5)))).toHaveLength(1)
  })
})

/** A voter in session 2 whose peers hold the same seats there. */
function voterInTwo(): Bench {
  const bench = voterAt(5)
  for (const index of [0, 1, 3]) {
    const seats = ['proposer', 'voter'] as const
    const roles = seats.map((role) => ({ role, session: 2, index }))
    bench.feed({ type: 'peerRolesChanged', peer: `peer${index}`, roles })
  }
  return bench
}

describe('P16.4 the first block of a session', () => {
  it('stands on a chain that proves the stop block final by what it carries', () => {
    expect(votesFor(voterInTwo(), opener(block(5)))).toEqual([opener(block(5)).block.hash])
  })

  it('P16.4-3 does not stand on the stop block itself, whose finality only others prove', () => {
    const bench = voterInTwo()
    expect(penalties(bench, opener(block(4), { header: { stateHeight: 3 } }))).toEqual([
      'proposal: the session before is not proven to have stopped',
    ])
  })

  it('P16.4-2 does not stand below the stop block', () => {
    expect(votesFor(voterInTwo(), opener(block(3), { header: { stateHeight: 2 } }))).toEqual([])
  })

  it('P16.4-5 of a later epoch carries the calls that opened it', () => {
    const bench = voterInTwo()
    const target = { session: 2, epoch: 2 }
    bench.receive('peer1', {
      type: 'clockNotarization',
      clockNotarization: notarizeClock(committee, target, [0, 1, 2]),
    })
    const bare = makeProposal(committee, {
      sn: { ...target, s: 1 },
      parent: block(5),
      certs: { notarizations: [cert(5)] },
      header: { sessionCount: 1, stateHeight: 4 },
    })
    expect(only(offer(bench, bare, 'peer1'), 'misbehaviour')).toMatchObject([
      { reason: 'proposal: embedded clock notarization' },
    ])
    expect(votesFor(bench, opener(block(5), { epoch: 2 }), 'peer1')).toHaveLength(1)
  })

  it('P16.4-4 gets no vote on the old session from who entered the epoch with a block of the new one', () => {
    const bench = voterInTwo()
    const first = opener(block(5))
    offer(bench, first)
    certify(bench, notarize(committee, first))
    const late = opener(block(5), { epoch: 2 })
    expect(votesFor(bench, late, 'peer1')).toEqual([])
    expect(summarise(bench.state).epoch).toEqual({ session: 2, epoch: 2 })
    expect(bench.state.epoch.fncAtEntry.hash).toBe(first.block.hash)
  })

  const sn = (number: number, epoch: number, s: number): Sn => ({ session: number, epoch, s })
  it.each([
    { parent: sn(1, 5, 6), floor: sn(1, 6, 3), fresh: true, why: 'all chains that stopped are equal' },
    { parent: sn(1, 5, 6), floor: sn(2, 1, 1), fresh: false, why: 'the new session has begun' },
    { parent: sn(2, 1, 2), floor: sn(2, 1, 1), fresh: true, why: 'fresher' },
    { parent: sn(2, 1, 1), floor: sn(2, 1, 2), fresh: false, why: 'staler' },
    { parent: sn(2, 1, 1), floor: sn(1, 9, 9), fresh: true, why: 'any block of the session' },
  ])('P16.4-4, P11.3 $why: $fresh', ({ parent, floor, fresh }) => {
    expect(isFreshEnough(2, { parent, floor })).toBe(fresh)
  })
})

describe('P16.6 finality and the stop block, k = 1', () => {
  const sessions = new Map([[1, session]])
  const entry = (s: number, stop: number | null, inChainFinalHeight = 0): TreeEntry => {
    const ref = { sn: { session: 1, epoch: 1, s }, hash: `${s}`, height: s }
    const bound = stop === null ? null : { ...ref, height: stop }
    return { ref, stop: bound, inChainFinalHeight } as TreeEntry
  }

  it.each([
    { s: 1, stop: null, height: null, proves: false },
    { s: 3, stop: null, height: 2, proves: false },
    { s: 4, stop: 4, height: 3, proves: false },
    { s: 5, stop: 4, height: 4, proves: true },
    { s: 9, stop: 4, height: 4, proves: true },
  ])('n(1,$s) with the stop block at $stop proves height $height', ({ s, stop, height, proves }) => {
    expect(finalHeightBy(sessions, entry(s, stop))).toBe(height)
    expect(provesStop(sessions, entry(s, stop))).toBe(proves)
  })

  it('a first block proves nothing itself, but what its chain carried', () => {
    expect(provesStop(sessions, entry(1, 4, 3))).toBe(false)
    expect(provesStop(sessions, entry(1, 4, 4))).toBe(true)
  })
})

describe('P16.2 the election', () => {
  const plan: CommitteePlan = { proposers, voters, params }
  const [first, ...others] = voters
  const bad = (key: string) => [{ key, org: 'o', weight: 1 }, ...others]

  it.each<[string, CommitteePlan]>([
    ['no proposer', { ...plan, proposers: [] }],
    ['no voter', { ...plan, voters: [] }],
    ['a key twice', { ...plan, voters: first === undefined ? [] : [first, first] }],
    ['a key that is no point', { ...plan, voters: bad('f'.repeat(64)) }],
    ['a key of small order', { ...plan, voters: bad(`01${'0'.repeat(62)}`) }],
    ['a key of another length', { ...plan, proposers: bad('ab') }],
    ['k = 0', { ...plan, params: { ...params, k: 0, stopOffset: 0 } }],
    ['k = 65', { ...plan, params: { ...params, k: 65, stopOffset: 0 } }],
    ['a stop offset below 2k + 2', { ...plan, params: { ...params, stopOffset: 3 } }],
    ['a leader that waits longer than the voters', { ...plan, params: { ...params, firstProposalLimitMs: 6_000 } }],
    ['weight nought', { ...plan, voters: others.map((voter) => ({ ...voter, weight: 0 })) }],
    ['401 voters', { ...plan, voters: Array.from({ length: 401 }, () => voters[0]).flatMap((v) => v ?? []) }],
  ])('%s: refused with a reason, and the present committee stays', (_what, next) => {
    expect(planProblem(next)).toEqual(expect.any(String))
    expect(electionOf(session, next)).toEqual({ plan, kept: true })
  })

  it('a possible committee follows, nobody else does', () => {
    expect(planProblem(plan)).toBeNull()
    const other = { ...plan, voters: others }
    expect(electionOf(session, other)).toEqual({ plan: other, kept: false })
    expect(electionOf(session, null)).toEqual({ plan, kept: true })
    expect(sessionAfter(7, { plan: other, kept: false })).toEqual({ session: 8, ...other })
  })
})

it('createState begins in session 1 with nothing elected', () => {
  expect([...createState(configOf(committee, 0), [session]).sessions.keys()]).toEqual([1])
})

/** The voter's guard (P20.6-3, A18): nothing new is promised before the comparison, and the own signature betrays a second life. */
import { describe, expect, it } from 'vitest'
import type { Sn } from '../../../src/pala/sn.ts'
import { createState } from '../../../src/pala/state.ts'
import type { Config, Effect, Proposal, Status } from '../../../src/pala/types.ts'
import { CHAIN_ID, configOf, createCommittee, makeChain, makeProposal, notarize } from '../../helpers/committee.ts'
import { type Bench, certify, createBench, offer, only, peerId } from '../../helpers/machine.ts'

const committee = createCommittee(4)
const sn = (epoch: number, s: number): Sn => ({ session: 1, epoch, s })
const chain = makeChain(committee, 4)
const block = (s: number): Proposal => chain[s - 1]?.proposal as Proposal
const genesis = { sn: { session: 0, epoch: 0, s: 1 }, hash: CHAIN_ID, height: 0 }
const statusAt = (height: number): Status => ({
  epoch: { session: 1, epoch: 1 },
  fnc: height === 0 ? genesis : { sn: sn(1, height), hash: block(height).block.hash, height },
  finalized: genesis,
  fncAtEntry: genesis.sn,
})

function guarded(self: number, n = 4, config: Partial<Config> = {}): Bench {
  const members = createCommittee(n)
  const state = createState({ ...configOf(members, self), unsafeResetVotes: false, ...config }, [members.session])
  return createBench(self, members, state)
}

const say = (bench: Bench, index: number, height = 0): Effect[] =>
  bench.receive(peerId(index), { type: 'status', status: statusAt(height) })
const alarms = (effects: readonly Effect[]): string[] => only(effects, 'alarm').map(({ code }) => code)

describe('comparing with peers after a start', () => {
  it('P20.6-3 votes once the threshold has spoken, its own weight included', () => {
    const bench = guarded(1)
    bench.connect(0, 2, 3)
    expect(only(offer(bench, block(1)), 'castVote')).toEqual([])
    expect(only(say(bench, 0), 'castVote')).toEqual([])
    const opened = say(bench, 2)
    const checks = only(opened, 'checkBlock').map(({ block: { hash } }) => hash)
    const checked = checks.flatMap((hash) => bench.feed({ type: 'blockChecked', hash, verdict: 'valid' }))
    expect(only([...opened, ...checked], 'castVote').map(({ blockHash }) => blockHash)).toEqual([block(1).block.hash])
    expect(bench.state.timers.has('guard')).toBe(false)
  })

  it('P20.6-3 proposes only then', () => {
    const bench = guarded(0)
    expect(only(bench.connect(1, 2, 3), 'buildBlock')).toEqual([])
    expect(only(say(bench, 1), 'buildBlock')).toEqual([])
    expect(only(say(bench, 2), 'buildBlock')).toHaveLength(1)
  })

  it('A18 first fetches what peers back, and finds its own vote in it', () => {
    const bench = guarded(1)
    bench.connect(0, 2, 3)
    say(bench, 0, 1)
    expect(bench.state.guard.isOpen).toBe(false)
    say(bench, 2, 1)
    expect(bench.state.guard.isOpen).toBe(false)
    const requestId = bench.state.requests.blocks?.requestId ?? 0
    const blocks = [{ proposal: block(1), notarization: notarize(committee, block(1)) }]
    const effects = bench.receive(peerId(0), { type: 'blocks', requestId, blocks })
    expect(alarms(effects)).toEqual(['key-used-elsewhere'])
    expect(only(effects, 'alarm')[0]?.detail).toContain('(1,1,1)')
    expect(bench.state.halted).toBe(true)
    expect(only(offer(bench, block(2)), 'castVote')).toEqual([])
  })

  it('A13 an absurd claim that nobody backs holds it up for one T at most', () => {
    const bench = guarded(1)
    bench.connect(0, 2, 3)
    say(bench, 2)
    bench.receive(peerId(3), {
      type: 'status',
      status: { ...statusAt(0), fnc: { sn: sn(4_000_000, 9), hash: 'ef'.repeat(32), height: 9_000_000 } },
    })
    say(bench, 0)
    expect(bench.state.guard.isOpen).toBe(false)
    const due = bench.state.timers.get('guard')?.dueAt ?? 0
    expect(due - bench.now).toBeLessThanOrEqual(committee.session.params.voterTimeoutMs)
    bench.fire('guard')
    expect(bench.state.guard.isOpen).toBe(true)
  })

  it('A13 a claim that its maker did not back in time is forgotten', () => {
    const bench = guarded(1)
    bench.connect(0, 2, 3)
    for (const index of [0, 2]) say(bench, index)
    expect(bench.state.guard.isOpen).toBe(true)
    const other = guarded(1)
    other.connect(0, 2, 3)
    say(other, 3, 3)
    for (const index of [0, 2]) say(other, index)
    expect(other.state.guard.isOpen).toBe(false)
    other.fire('blocksRequest')
    expect(other.state.guard.isOpen).toBe(true)
  })

  it('H11 patience runs meanwhile, so that a whole network can restart', () => {
    const bench = guarded(1)
    expect(bench.state.timers.has('voterTimeout')).toBe(true)
    expect(bench.state.guard.isOpen).toBe(false)
  })

  it('needs nobody when its own weight is the threshold, or the operator vouches', () => {
    expect(guarded(0, 1).state.guard.isOpen).toBe(true)
    expect(guarded(1, 4, { unsafeResetVotes: true }).state.guard.isOpen).toBe(true)
  })

  it('statuses of full nodes and of the same peer twice do not open it', () => {
    const bench = guarded(1)
    bench.connect(0)
    bench.feed({ type: 'peerConnected', peer: 'observer', roles: [] })
    bench.receive('observer', { type: 'status', status: statusAt(0) })
    say(bench, 0)
    say(bench, 0)
    expect(bench.state.guard.isOpen).toBe(false)
  })
})

describe('the own signature where it should not be', () => {
  function voting(): Bench {
    const bench = guarded(1)
    bench.connect(0, 2, 3)
    for (const index of [0, 2]) say(bench, index)
    return bench
  }
  const rival = makeProposal(committee, { sn: sn(1, 1), parent: null, payload: [Uint8Array.of(9)] })

  it('P24.2 in a certificate of the block it voted for is as it should be', () => {
    const bench = voting()
    offer(bench, block(1))
    expect(alarms(certify(bench, notarize(committee, block(1))))).toEqual([])
  })

  it('P24.2 in a certificate of another block than it voted for', () => {
    const bench = voting()
    offer(bench, block(1))
    expect(alarms(certify(bench, notarize(committee, rival, [1, 2, 3])))).toEqual(['key-used-elsewhere'])
  })

  it('P24.2 in a certificate whose block is not even here', () => {
    expect(alarms(certify(voting(), notarize(committee, block(3))))).toEqual(['key-used-elsewhere'])
  })

  it('P24.2 under a proposal it never made', () => {
    const bench = guarded(0)
    bench.connect(1, 2, 3)
    expect(alarms(bench.receive(peerId(2), { type: 'proposal', proposal: block(1) }))).toEqual(['key-used-elsewhere'])
  })

  it('below the finalized head says nothing: those locks are gone', () => {
    const bench = voting()
    for (const s of [1, 2, 3]) {
      offer(bench, block(s))
      certify(bench, notarize(committee, block(s), [0, 1, 2]))
    }
    expect(bench.state.voteLocks.size).toBe(1)
    expect(alarms(certify(bench, notarize(committee, block(1), [0, 1, 2, 3])))).toEqual([])
  })

  it('--unsafe-reset-votes takes it over as a promise instead', () => {
    const bench = guarded(1, 4, { unsafeResetVotes: true })
    bench.connect(0, 2, 3)
    expect(alarms(certify(bench, notarize(committee, rival, [1, 2, 3])))).toEqual([])
    expect(only(offer(bench, block(1)), 'castVote')).toEqual([])
    expect([...bench.state.voteLocks.values()]).toEqual([rival.block.hash])
  })

  it('a key that may not vote yet has nothing to compare with', () => {
    const bench = guarded(1, 4, { votesFrom: 2 })
    bench.connect(0, 2, 3)
    expect(alarms(certify(bench, notarize(committee, block(1))))).toEqual([])
  })
})

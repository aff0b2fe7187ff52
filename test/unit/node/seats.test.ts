/** Who sits where as sessions follow each other: roles, connections, and the switch from one committee to the next. */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../../src/domain.ts'
import { createSeats, type Seats, type SessionState } from '../../../src/node/seats.ts'
import { createTree, insertBlock } from '../../../src/pala/chain.ts'
import { rolesOf } from '../../../src/pala/committee.ts'
import type { Status } from '../../../src/pala/types.ts'
import { peerIdFromPublicKeyHex } from '../../../src/protocols/peer-ids.ts'
import { CHAIN_ID, createCommittee, GENESIS_TIME, signerOf } from '../../helpers/committee.ts'
import { committeeOf, growChain } from '../../helpers/pala-chain.ts'

const FIRST = ['a', 'b', 'c', 'd']
const SECOND = ['b', 'c', 'd', 'e']
const base = createCommittee(4)
const first = committeeOf(1, FIRST, 1, base)
const second = committeeOf(2, SECOND, 1, base)
const third = committeeOf(3, ['e'], 1, base)
const keyOf = (name: string): string => signerOf(name).publicKey
const peerOf = (name: string): PeerId => peerIdFromPublicKeyHex(keyOf(name))
const plan = ({ session: { session, ...rest } }: typeof first) => rest

/** Consensus in session 1, its tree at genesis. */
function createState(): SessionState & { epoch: SessionState['epoch'] } {
  const tree = createTree(CHAIN_ID, GENESIS_TIME)
  const genesis = { sn: { session: 0, epoch: 0, s: 1 }, hash: CHAIN_ID, height: 0 }
  return {
    sessions: new Map([[1, first.session]]),
    epoch: { current: { session: 1, epoch: 1 }, proof: null, fncAtEntry: genesis },
    tree,
    peers: new Map(),
  }
}

function enter(state: { epoch: SessionState['epoch'] } & SessionState, committee: typeof first): void {
  state.sessions.set(committee.session.session, committee.session)
  state.epoch = { ...state.epoch, current: { session: committee.session.session, epoch: 1 } }
}

function follow(name: string) {
  const state = createState()
  const seats = createSeats(keyOf(name))
  seats.follow(state)
  return { state, seats }
}

const keysOf = (seats: Seats): string[] => [...seats.committee()].sort()
const keysFor = (names: readonly string[]): string[] => names.map(keyOf).sort()
const heldIn = (seats: Seats, name: string): number[] => [
  ...new Set(seats.of(peerOf(name)).map(({ session }) => session)),
]

describe('P19.3 seats follow from the authenticated key', () => {
  it('in the current session, the one before, and the next when it is known', () => {
    const { state, seats } = follow('a')
    expect([heldIn(seats, 'a'), heldIn(seats, 'e')]).toEqual([[1], []])
    expect(seats.expect(plan(second))).toBe(true)
    expect(seats.expect(plan(second))).toBe(false)
    expect([heldIn(seats, 'a'), heldIn(seats, 'b'), heldIn(seats, 'e')]).toEqual([[1], [1, 2], [2]])
    enter(state, second)
    seats.expect(null)
    expect([heldIn(seats, 'a'), heldIn(seats, 'b'), heldIn(seats, 'e')]).toEqual([[1], [1, 2], [2]])
    enter(state, third)
    expect([heldIn(seats, 'a'), heldIn(seats, 'b'), heldIn(seats, 'e')]).toEqual([[], [2], [2, 3]])
  })

  it('the next session is numbered after the current one, wherever its plan was taken from', () => {
    const { seats } = follow('a')
    seats.expect(third.session)
    expect(heldIn(seats, 'e')).toEqual([2])
  })

  it('as proposer and voter, at the places of the lists; none for ids without an Ed25519 key', () => {
    const { seats } = follow('c')
    expect(seats.own()).toEqual([
      { role: 'proposer', session: 1, index: 2 },
      { role: 'voter', session: 1, index: 2 },
    ])
    expect(seats.of(peerOf('c'))).toEqual(seats.own())
    expect(seats.of('QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N')).toEqual([])
  })

  it('P19.3 only those of the session a node is in are claimed: what comes next may come otherwise', () => {
    const { state, seats } = follow('b')
    seats.expect(plan(second))
    expect([seats.own().length, seats.claims()]).toEqual([4, rolesOf(first.session, keyOf('b'))])
    enter(state, second)
    seats.expect(null)
    expect([seats.own().length, seats.claims()]).toEqual([4, rolesOf(second.session, keyOf('b'))])
  })

  it('a place of a known session has a key or none, and one of a later session cannot be judged', () => {
    const { seats } = follow('a')
    expect(seats.memberKey('voter', 1, 3)).toBe(keyOf('d'))
    expect([seats.memberKey('voter', 1, 4), seats.memberKey('proposer', 0, 0)]).toEqual([null, null])
    expect(seats.memberKey('voter', 2, 0)).toBe('unknown-session')
  })

  it('a peer is ahead while its status names a later session', () => {
    const { state, seats } = follow('a')
    const statusIn = (session: number): Status => ({
      epoch: { session, epoch: 1 },
      fnc: state.epoch.fncAtEntry,
      finalized: state.epoch.fncAtEntry,
      fncAtEntry: state.epoch.fncAtEntry.sn,
    })
    const peer = { roles: [], status: statusIn(2), proposalsPushedAt: null, shunnedUntil: 0, failures: 0 }
    state.peers.set(peerOf('e'), peer)
    expect([seats.isAhead(peerOf('e')), seats.isAhead(peerOf('b'))]).toEqual([true, false])
    enter(state, second)
    expect(seats.isAhead(peerOf('e'))).toBe(false)
  })
})

describe('P16.5 connections over a switch', () => {
  /** Session 1 up to its stop block and beyond, then two blocks of session 2. */
  const { links } = growChain(first, [{ blocks: 8, stops: second }, { blocks: 2 }])
  const stopAt = links.findIndex(({ proposal }) => proposal.block.header.isStop)
  const hashAt = (index: number): string => links[index]?.proposal.block.hash ?? ''

  it('the next committee joins early, and the old one is let go with the first final block of the new session', () => {
    const { state, seats } = follow('b')
    for (const { proposal } of links) insertBlock(state.tree, proposal)
    expect([keysOf(seats), seats.switchingAt()]).toEqual([keysFor(FIRST), null])
    seats.expect(plan(second))
    expect(keysOf(seats)).toEqual(keysFor(['a', ...SECOND]))

    state.tree.fnc = hashAt(stopAt + 1)
    expect(seats.switchingAt()?.height).toBe(stopAt + 1)
    state.tree.finalized = hashAt(stopAt)
    enter(state, second)
    seats.expect(null)
    expect(keysOf(seats)).toEqual(keysFor(['a', ...SECOND]))
    expect(seats.switchingAt()?.hash).toBe(hashAt(stopAt))

    state.tree.fnc = hashAt(links.length - 1)
    state.tree.finalized = hashAt(links.length - 2)
    expect([keysOf(seats), seats.switchingAt()]).toEqual([keysFor(SECOND), null])
  })
})

/**
 * Who sits in which committee now, as the network must know it: the seats of this node and of its peers, and whom to stay
 * connected with while one committee hands over to the next (P16.5, P18.7, P19.3).
 */
import { assert, required } from '../assert.ts'
import type { CommitteePlan, PeerId, PublicKeyHex, Role } from '../domain.ts'
import { finalizedOf, fncOf } from '../pala/chain.ts'
import { rolesOf, sessionOf } from '../pala/committee.ts'
import type { BlockRef, Session, State } from '../pala/types.ts'
import { peerIdFromPublicKeyHex, publicKeyHexFromPeerId } from '../protocols/peer-ids.ts'
import type { MemberKey } from '../protocols/role-proof.ts'

/** Consensus as far as seats depend on it. */
export type SessionState = Pick<State, 'sessions' | 'epoch' | 'tree' | 'peers'>

export interface Seats {
  /** Consensus exists now; nothing else may be asked before. */
  follow(state: SessionState): void
  /** The session of the local epoch. */
  current(): Session
  /** This node's seats in the current session: what it claims to be (P19.3). */
  claims(): readonly Role[]
  /** This node's seats in the session before, the current one, and the next if it is known. */
  own(): readonly Role[]
  /** A peer's seats in the same sessions: they follow from the key that Noise authenticated. */
  of(peer: PeerId): readonly Role[]
  readonly memberKey: MemberKey
  /** Whether the peer says to be in a later session than this node. */
  isAhead(peer: PeerId): boolean
  /**
   * Keys to stay connected with: of the current session, of the next as soon as it is known, and of the one before until
   * the first block of the current session is final.
   */
  committee(): readonly PublicKeyHex[]
  /** What accepted changes would make of the committee; null when none are due. */
  readonly expected: CommitteePlan | null
  /** Sets `expected`. True when this is news. */
  expect(plan: CommitteePlan | null): boolean
  /** While one session hands over to the next: the block that ends it, or has just ended it. */
  switchingAt(): BlockRef | null
}

/** Seats of the node with key `self`. */
export function createSeats(self: PublicKeyHex): Seats {
  const selfPeer = peerIdFromPublicKeyHex(self)
  let followed: SessionState | null = null
  let expected: CommitteePlan | null = null
  /** Asked for with every message to the committee, so it is worked out once per change. */
  let owned: { session: Session; expected: CommitteePlan | null; seats: readonly Role[] } | null = null

  const state = (): SessionState => required(followed, 'consensus is there before the network starts')
  const current = (): Session => sessionOf(state().sessions, state().epoch.current.session)

  /** Whether the current session has no final block yet: the old committee may still be needed. */
  const isSwitching = (): boolean => current().session > Math.max(1, finalizedOf(state().tree).ref.sn.session)

  function next(): Session[] {
    return expected === null ? [] : [{ ...expected, session: current().session + 1 }]
  }

  function previous(): Session[] {
    const before = state().sessions.get(current().session - 1)
    return before === undefined ? [] : [before]
  }

  const seatsOf = (key: PublicKeyHex): Role[] =>
    [...previous(), current(), ...next()].flatMap((session) => rolesOf(session, key))

  function own(): readonly Role[] {
    const session = current()
    if (owned === null || owned.session !== session || owned.expected !== expected)
      owned = { session, expected, seats: seatsOf(self) }
    return owned.seats
  }

  return {
    follow(live) {
      assert(followed === null, 'seats follow one consensus')
      followed = live
    },
    current,
    claims: () => rolesOf(current(), self),
    own,
    of(peer) {
      if (peer === selfPeer) return own()
      const key = publicKeyHexFromPeerId(peer)
      return key === null ? [] : seatsOf(key)
    },
    memberKey(role, number, index) {
      const session = state().sessions.get(number)
      if (session === undefined) return number === 0 ? null : 'unknown-session'
      return (role === 'voter' ? session.voters : session.proposers)[index]?.key ?? null
    },
    isAhead(peer) {
      const claimed = state().peers.get(peer)?.status?.epoch.session ?? 0
      return claimed > current().session
    },
    committee() {
      const sessions = [...(isSwitching() ? previous() : []), current(), ...next()]
      return [...new Set(sessions.flatMap(({ proposers, voters }) => [...proposers, ...voters].map(({ key }) => key)))]
    },
    get expected() {
      return expected
    },
    expect(plan) {
      const isNews = JSON.stringify(plan) !== JSON.stringify(expected)
      expected = plan
      return isNews
    },
    switchingAt: () => stopOf(state(), isSwitching()),
  }
}

/** The stop block at the end of a switch is the finalized head: finality is capped there (P16.6). */
function stopOf({ tree, epoch }: SessionState, isSwitching: boolean): BlockRef | null {
  if (isSwitching) return finalizedOf(tree).ref
  const fnc = fncOf(tree)
  return fnc.ref.sn.session === epoch.current.session ? fnc.stop : null
}

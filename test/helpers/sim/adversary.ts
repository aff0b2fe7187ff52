/**
 * The adversary of spec/pala.md 21.4: it owns every leader, the network and f of n voters of each session, and plays
 * against the real machine of each honest voter. The chain book says when safety broke. Its random play is in `walk.ts`.
 */
import type { Hash } from '../../../src/domain.ts'
import { MAX_U32 } from '../../../src/pala/bounds.ts'
import { addNotarization, ancestry, createTree, entryOf, insertBlock, type TreeEntry } from '../../../src/pala/chain.ts'
import { sessionOf, thresholdWeight } from '../../../src/pala/committee.ts'
import { type EpochId, epochKey } from '../../../src/pala/sn.ts'
import type { ClockNotarization, Election, Notarization, Proposal, Session } from '../../../src/pala/types.ts'
import { CHAIN_ID, composeBlock, planOn } from './blocks.ts'
import { type BookEntry, createChainBook } from './chain-book.ts'
import { ADVERSARY, createPuppet, type Mutation, type Puppet } from './puppet.ts'
import type { Random } from './random.ts'
import { demand } from './violation.ts'
import { planOf } from './world.ts'

export type Game = {
  readonly voters: number
  readonly faulty: number
  readonly k: number
  /** The window the honest voters use; k when left out. */
  readonly votersWindow?: number
  /** Finality depth; k when left out. */
  readonly finalityDepth?: number
  readonly restarts?: boolean
  /** The honest service lets thin certificates through (A2). */
  readonly acceptsThinCertificates?: boolean
  readonly mutation?: Mutation
  /** The first session stops here, and one without a common voter follows; there is none when left out. */
  readonly stopOffset?: number
  /**
   * The voters of session 2 stand in it from the beginning. Real ones enter when the stop block is final for them, which
   * hides its rivals from them; sworn ones rely on P16.4 alone.
   */
  readonly areSworn?: boolean
  /** False: finality goes on above the stop block (P16.6). */
  readonly capsAtStop?: boolean
}

const NO_SIGNATURE = new Uint8Array(0)
/** Epochs of each session that the adversary plays. */
export const MAX_EPOCH = 3

/** What the adversary may do with the game. */
export interface Table {
  readonly puppets: readonly Puppet[]
  readonly random: Random
  readonly blocks: readonly TreeEntry[]
  /** Makes a block at the next slot of `epoch` on `parent`, one of several by `rival`; null when it cannot be well formed. */
  propose(epoch: EpochId, parent: Hash, rival?: number): Hash | null
  /** Shows a block to a voter, and what it asks for then. */
  show(puppet: number, hash: Hash): void
  /** Claims to stand on a notarized block, and hands over what the voter asks for then. */
  sync(puppet: number, hash: Hash): void
  /** Gives a voter the certificate of a block, if there is one. */
  certify(puppet: number, hash: Hash): void
  expire(puppet: number): void
  /** Moves a voter to `epoch`, if enough voters called for it. */
  advance(puppet: number, epoch: EpochId): void
  restart(puppet: number): void
  openEpochs(): EpochId[]
  readonly finalHeight: number
}

/** Sets up a game; the book throws a `Violation` out of the move that breaks safety. */
export function createTable(game: Game, random: Random): Table {
  const sessions = new Map(sessionsOf(game).map((session) => [session.session, session]))
  const honest = game.voters - game.faulty
  const traitors = Array.from({ length: game.faulty }, (_, i) => honest + i)
  const tree = createTree(CHAIN_ID, 0)
  const votes = new Map<Hash, Set<number>>()
  const clocks = new Map<string, Set<number>>()
  const book = createChainBook({
    sessions: [...sessions.values()],
    k: game.finalityDepth ?? game.k,
    capsAtStop: game.capsAtStop ?? true,
    onNotarized: (entry) => void learn(entry),
  })
  const votersOf = (hash: Hash): Set<number> => {
    const known = votes.get(hash) ?? new Set(traitors)
    votes.set(hash, known)
    return known
  }

  function certificate(hash: Hash): Notarization {
    const signers = [...votersOf(hash)].sort((a, b) => a - b)
    return { sn: entryOf(tree, hash).ref.sn, blockHash: hash, signers, signatures: signers.map(() => NO_SIGNATURE) }
  }

  function learn({ hash }: BookEntry): void {
    addNotarization(tree, certificate(hash))
  }

  function clockCertificate(target: EpochId): ClockNotarization | null {
    const signers = [...(clocks.get(epochKey(target)) ?? []), ...traitors].sort((a, b) => a - b)
    if (signers.length < thresholdWeight(sessionOf(sessions, target.session))) return null
    return { target, signers, signatures: signers.map(() => NO_SIGNATURE) }
  }

  function seat(session: Session, voter: number): Puppet {
    const first = sessionOf(sessions, 1)
    return createPuppet({
      key: session.voters[voter]?.key ?? '',
      sessions: game.areSworn && session.session > 1 ? [first, session] : [first],
      mutation: game.mutation ?? {},
      onVote(sn, hash) {
        votersOf(hash).add(voter)
        book.addVote(voter, sn, hash)
      },
      onClock(target) {
        clocks.set(epochKey(target), (clocks.get(epochKey(target)) ?? new Set()).add(voter))
      },
    })
  }

  const puppets = [...sessions.values()].flatMap((session) =>
    Array.from({ length: honest }, (_, voter) => seat(session, voter)),
  )
  const puppetAt = (index: number): Puppet => puppets[index] as Puppet
  const knows = (puppet: Puppet, hash: Hash): boolean => puppet.state.sessions.has(entryOf(tree, hash).ref.sn.session)

  /** P4.4-3: what the voter believes must be what enough voters signed. */
  function demandBeliefs(puppet: Puppet): void {
    const { fnc } = puppet.state.tree
    demand(fnc === CHAIN_ID || book.entry(fnc)?.notarized === true, 'I5', () => 'a voter believes a thin certificate')
  }

  /** What `puppet` lacks of the chain, as far as it knows the committees that signed it. */
  function chainTo(puppet: Puppet, hash: Hash): Proposal[] {
    const missing: Proposal[] = []
    for (const entry of ancestry(tree, hash)) {
      if (puppet.state.tree.entries.has(entry.ref.hash) || entry.proposal === null) break
      missing.unshift(entry.proposal)
    }
    return missing.filter(({ block }) => knows(puppet, block.hash))
  }

  function answer(puppet: Puppet, hash: Hash): void {
    const requestId = puppet.asks
    if (requestId === null || !entryOf(tree, hash).notarized) return
    const blocks = chainTo(puppet, hash).map((each) => ({
      proposal: each,
      notarization: certificate(each.block.hash),
    }))
    puppet.tell({ type: 'blocks', requestId, blocks })
  }

  const lastSession = Math.max(...sessions.keys())
  const elected: Election | null = lastSession === 1 ? null : { plan: sessionOf(sessions, 2), kept: false }

  return {
    puppets,
    random,
    get blocks() {
      return [...tree.entries.values()]
    },
    propose(target, parentHash, rival = 0) {
      const parent = entryOf(tree, parentHash)
      const isSame = parent.ref.sn.session === target.session && parent.ref.sn.epoch === target.epoch
      const s = isSame ? parent.ref.sn.s + 1 : 1
      if (s === 1 && !parent.notarized) return null
      const sn = { ...target, s }
      const clockNotarization = clockCertificate(target)
      const plan = planOn({ tree, sessions, sn, parent: parentHash, proposer: 0, clockNotarization })
      if (plan === null) return null
      const election = plan.stop === 'must' ? elected : null
      const block = composeBlock(plan, [], { now: plan.parentTimestamp + 1 + rival, election })
      const proposal: Proposal = { block, signature: NO_SIGNATURE, encoded: NO_SIGNATURE }
      if (!insertBlock(tree, proposal)) return block.hash
      book.addBlock(proposal)
      for (const traitor of traitors) book.addVote(traitor, sn, block.hash)
      return block.hash
    },
    show(index, hash) {
      const puppet = puppetAt(index)
      const { proposal, parentHash } = entryOf(tree, hash)
      if (proposal === null || !knows(puppet, hash)) return
      puppet.tell({ type: 'proposal', proposal })
      answer(puppet, parentHash)
    },
    sync(index, hash) {
      const puppet = puppetAt(index)
      const { ref, notarized } = entryOf(tree, hash)
      if (!notarized || puppet.state.tree.entries.has(hash)) return
      const finalized = entryOf(tree, CHAIN_ID).ref
      // A claim is unproven, and what comes then is seldom what was claimed.
      const { current: epoch } = puppet.state.epoch
      const fnc = { ...ref, sn: { ...epoch, s: MAX_U32 } }
      const status = { epoch, fnc, finalized, fncAtEntry: finalized.sn }
      puppet.tell({ type: 'status', status })
      answer(puppet, hash)
    },
    certify(index, hash) {
      const isThick = entryOf(tree, hash).notarized
      const puppet = puppetAt(index)
      if ((!isThick && !game.acceptsThinCertificates) || !knows(puppet, hash)) return
      puppet.tell({ type: 'notarization', notarization: certificate(hash) })
      demandBeliefs(puppet)
    },
    expire: (index) => puppetAt(index).expire(),
    advance(index, epoch) {
      const puppet = puppetAt(index)
      const clockNotarization = clockCertificate(epoch)
      if (clockNotarization === null || !puppet.state.sessions.has(epoch.session)) return
      puppet.tell({ type: 'clockNotarization', clockNotarization })
    },
    restart: (index) => puppetAt(index).restart(random),
    openEpochs() {
      const all = [...sessions.keys()].flatMap((session) =>
        Array.from({ length: MAX_EPOCH }, (_, i) => ({ session, epoch: i + 1 })),
      )
      return all.filter((target) => target.epoch === 1 || clockCertificate(target) !== null)
    },
    get finalHeight() {
      return book.finalHeight
    },
  }
}

/** One session, or two that share no voter; the adversary leads both. */
function sessionsOf({ voters, k, votersWindow = k, stopOffset }: Game): Session[] {
  const session = (number: number, offset: number): Session => {
    const keys = Array.from({ length: voters }, (_, i) => `voter-${number}-${i}`)
    const params = { k: votersWindow, stopOffset: offset }
    return { session: number, ...planOf({ proposers: [ADVERSARY], voters: keys, params }) }
  }
  return stopOffset === undefined ? [session(1, 0)] : [session(1, stopOffset), session(2, 0)]
}

/**
 * A random walk of an adversary that owns every leader, the network and f of n voters (spec/pala.md 21.4), played
 * against the real machine of each honest voter. The chain book says when safety broke.
 */
import type { Hash } from '../../../src/domain.ts'
import { addNotarization, ancestry, createTree, entryOf, insertBlock, type TreeEntry } from '../../../src/pala/chain.ts'
import { thresholdWeight } from '../../../src/pala/committee.ts'
import { formatSn, snKey } from '../../../src/pala/sn.ts'
import type { ClockNotarization, Notarization, Proposal, Session } from '../../../src/pala/types.ts'
import { CHAIN_ID, composeBlock, entryBytes, planOn } from './blocks.ts'
import { createChainBook } from './chain-book.ts'
import { ADVERSARY, createPuppet, type Mutation, type Puppet } from './puppet.ts'
import { createRandom, type Random } from './random.ts'
import { demand, Violation } from './violation.ts'
import { SIM_PARAMS } from './world.ts'

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
}

export type Walk = {
  readonly violation: Violation | null
  readonly finalHeight: number
  readonly moves: readonly string[]
}

const NO_SIGNATURE = new Uint8Array(0)
const MAX_EPOCH = 3
const MAX_BLOCKS_PER_SLOT = 2

/** What the adversary may do with the game. */
export interface Table {
  readonly puppets: readonly Puppet[]
  readonly random: Random
  readonly blocks: readonly TreeEntry[]
  /** Makes a block at the next slot of `epoch` on `parent`; null when it cannot be well formed. */
  propose(epoch: number, parent: Hash, label?: string): Hash | null
  /** Shows a block to a voter, and what it asks for then. */
  show(puppet: number, hash: Hash): void
  /** Gives a voter the certificate of a block, if there is one. */
  certify(puppet: number, hash: Hash): void
  expire(puppet: number): void
  /** Moves a voter to `epoch`, if enough voters called for it. */
  advance(puppet: number, epoch: number): void
  restart(puppet: number): void
  openEpochs(): number[]
}

/** Sets up a game; the book throws a `Violation` out of the move that breaks safety. */
export function createTable(game: Game, random: Random): Table & { readonly finalHeight: () => number } {
  const session = sessionOf(game)
  const sessions = new Map([[1, session]])
  const threshold = thresholdWeight(session)
  const honest = game.voters - game.faulty
  const traitors = Array.from({ length: game.faulty }, (_, i) => honest + i)
  const tree = createTree(CHAIN_ID, 0)
  const votes = new Map<Hash, Set<number>>()
  const clocks = new Map<number, Set<number>>()
  const finalityDepth = game.finalityDepth ?? game.k
  const book = createChainBook({ session, k: finalityDepth, onNotarized: ({ hash }) => void learn(hash) })
  const votersOf = (hash: Hash): Set<number> => {
    const known = votes.get(hash) ?? new Set(traitors)
    votes.set(hash, known)
    return known
  }

  function certificate(hash: Hash): Notarization {
    const signers = [...votersOf(hash)].sort((a, b) => a - b)
    return { sn: entryOf(tree, hash).ref.sn, blockHash: hash, signers, signatures: signers.map(() => NO_SIGNATURE) }
  }

  function learn(hash: Hash): void {
    addNotarization(tree, certificate(hash))
  }

  function clockCertificate(epoch: number): ClockNotarization | null {
    const signers = [...(clocks.get(epoch) ?? []), ...traitors].sort((a, b) => a - b)
    if (signers.length < threshold) return null
    return { target: { session: 1, epoch }, signers, signatures: signers.map(() => NO_SIGNATURE) }
  }

  const puppets = Array.from({ length: honest }, (_, voter) =>
    createPuppet({
      key: `voter-${voter}`,
      session,
      mutation: game.mutation ?? {},
      onVote(sn, hash) {
        votersOf(hash).add(voter)
        book.addVote(voter, sn, hash)
      },
      onClock(target) {
        clocks.set(target, (clocks.get(target) ?? new Set()).add(voter))
      },
    }),
  )
  const puppetAt = (index: number): Puppet => puppets[index] as Puppet

  /** P4.4-3: what the voter believes must be what enough voters signed. */
  function demandBeliefs(puppet: Puppet): void {
    const { fnc } = puppet.state.tree
    demand(fnc === CHAIN_ID || book.entry(fnc)?.notarized === true, 'I5', () => 'a voter believes a thin certificate')
  }

  function chainTo(puppet: Puppet, hash: Hash): Proposal[] {
    const missing: Proposal[] = []
    for (const entry of ancestry(tree, hash)) {
      if (puppet.state.tree.entries.has(entry.ref.hash) || entry.proposal === null) break
      missing.unshift(entry.proposal)
    }
    return missing
  }

  return {
    puppets,
    random,
    get blocks() {
      return [...tree.entries.values()]
    },
    propose(epoch, parentHash, label = 'a') {
      const parent = entryOf(tree, parentHash)
      const s = parent.ref.sn.epoch === epoch ? parent.ref.sn.s + 1 : 1
      if (s === 1 && !parent.notarized) return null
      const sn = { session: 1, epoch, s }
      const clockNotarization = clockCertificate(epoch)
      const plan = planOn({ tree, sessions, sn, parent: parentHash, proposer: 0, clockNotarization })
      if (plan === null) return null
      const block = composeBlock(plan, [entryBytes(label)], plan.parentTimestamp + 1)
      const proposal: Proposal = { block, signature: NO_SIGNATURE, encoded: NO_SIGNATURE }
      if (!insertBlock(tree, proposal)) return block.hash
      book.addBlock(proposal)
      for (const traitor of traitors) book.addVote(traitor, sn, block.hash)
      return block.hash
    },
    show(index, hash) {
      const puppet = puppetAt(index)
      const { proposal, parentHash } = entryOf(tree, hash)
      if (proposal === null) return
      puppet.tell({ type: 'proposal', proposal })
      const requestId = puppet.asks
      if (requestId === null || !entryOf(tree, parentHash).notarized) return
      const blocks = chainTo(puppet, parentHash).map((each) => ({
        proposal: each,
        notarization: certificate(each.block.hash),
      }))
      puppet.tell({ type: 'blocks', requestId, blocks })
    },
    certify(index, hash) {
      const isThick = entryOf(tree, hash).notarized
      if (!isThick && !game.acceptsThinCertificates) return
      puppetAt(index).tell({ type: 'notarization', notarization: certificate(hash) })
      demandBeliefs(puppetAt(index))
    },
    expire: (index) => puppetAt(index).expire(),
    advance(index, epoch) {
      const clockNotarization = clockCertificate(epoch)
      if (clockNotarization !== null) puppetAt(index).tell({ type: 'clockNotarization', clockNotarization })
    },
    restart: (index) => puppetAt(index).restart(random),
    openEpochs: () => [1, ...Array.from({ length: MAX_EPOCH - 1 }, (_, i) => i + 2).filter((e) => clockCertificate(e))],
    finalHeight: () => book.finalHeight,
  }
}

function sessionOf(game: Game): Session {
  const voters = Array.from({ length: game.voters }, (_, i) => ({ key: `voter-${i}`, org: `o${i}`, weight: 1 }))
  const params = { ...SIM_PARAMS, k: game.votersWindow ?? game.k }
  return { session: 1, proposers: [{ key: ADVERSARY, org: ADVERSARY, weight: 1 }], voters, params }
}

/** Plays one random walk. */
export function playWalk(game: Game, seed: number, length = 60): Walk {
  const random = createRandom(seed)
  const table = createTable(game, random)
  const moves: string[] = []
  try {
    for (let i = 0; i < length; i++) moves.push(move(table, game))
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    return { violation: error, finalHeight: table.finalHeight(), moves }
  }
  return { violation: null, finalHeight: table.finalHeight(), moves }
}

function move(table: Table, game: Game): string {
  const { random, puppets } = table
  const who = random.int(puppets.length)
  const die = random.int(game.restarts ? 21 : 20)
  if (die < 4) return proposeSomething(table, game)
  if (die < 14) return showSomething(table, who, game)
  if (die < 17) {
    const { ref } = random.pick(table.blocks)
    table.certify(who, ref.hash)
    return `certify ${formatSn(ref.sn)} to ${who}`
  }
  if (die < 18) {
    table.expire(who)
    return `expire ${who}`
  }
  if (die < 20) {
    const epoch = random.between(2, MAX_EPOCH)
    table.advance(who, epoch)
    return `advance ${who} to ${epoch}`
  }
  table.restart(who)
  return `restart ${who}`
}

function proposeSomething(table: Table, game: Game): string {
  const { random, blocks } = table
  const epoch = random.pick(table.openEpochs())
  const longest = Math.max(game.votersWindow ?? 0, game.k) + 2
  const parents = blocks.filter(({ ref: { sn }, notarized }) =>
    sn.epoch === epoch ? sn.s < Math.min(longest, game.k + 3) : sn.epoch < epoch && notarized,
  )
  if (parents.length === 0) return 'pass'
  const parent = random.pick(parents).ref
  const s = parent.sn.epoch === epoch ? parent.sn.s + 1 : 1
  const rivals = blocks.filter((entry) => snKey(entry.ref.sn) === snKey({ session: 1, epoch, s }))
  if (rivals.length >= MAX_BLOCKS_PER_SLOT) return 'pass'
  table.propose(epoch, parent.hash, `block ${rivals.length}`)
  return `propose (${epoch},${s}) on ${formatSn(parent.sn)}`
}

/** A block of the voter's epoch, mostly; of any epoch for voters that do not look. */
function showSomething(table: Table, who: number, game: Game): string {
  const { state } = table.puppets[who] as Puppet
  const { epoch } = state.epoch.current
  const wanted = table.blocks.filter(
    ({ ref, proposal }) =>
      proposal !== null && (ref.sn.epoch === epoch || (game.mutation?.ignoresEpochs ?? ref.sn.epoch === epoch + 1)),
  )
  if (wanted.length === 0) return 'pass'
  const { ref } = table.random.pick(wanted)
  table.show(who, ref.hash)
  return `show ${formatSn(ref.sn)} to ${who}`
}

/** The adversary's random play (spec/pala.md 21.4): moves drawn from a seed until safety breaks or the walk ends. */
import type { TreeEntry } from '../../../src/pala/chain.ts'
import { compareEpochs, type EpochId, formatSn, snKey } from '../../../src/pala/sn.ts'
import { createTable, type Game, MAX_EPOCH, type Table } from './adversary.ts'
import type { Puppet } from './puppet.ts'
import { createRandom } from './random.ts'
import { Violation } from './violation.ts'

export type Walk = {
  readonly violation: Violation | null
  readonly finalHeight: number
  /** The last session of which a block became notarized. */
  readonly session: number
  readonly moves: readonly string[]
}

const MAX_BLOCKS_PER_SLOT = 2
const MOVES = 60
const SWITCH_MOVES = 100

/** Plays one random walk. */
export function playWalk(game: Game, seed: number): Walk {
  const table = createTable(game, createRandom(seed))
  const moves: string[] = []
  const length = game.stopOffset === undefined ? MOVES : SWITCH_MOVES
  let violation: Violation | null = null
  try {
    for (let i = 0; i < length; i++) moves.push(move(table, game))
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    violation = error
  }
  const session = Math.max(...table.blocks.map(({ ref, notarized }) => (notarized ? ref.sn.session : 0)))
  return { violation, finalHeight: table.finalHeight, session, moves }
}

function move(table: Table, game: Game): string {
  const { random } = table
  if (game.stopOffset !== undefined && random.chance(0.4)) return playRound(table, game)
  const crew = drawCrew(table, game)
  const die = random.int(game.restarts ? 21 : 20)
  if (die < 4) return proposeSomething(table, game)
  if (die < 14) return showSomething(table, crew, game)
  if (die < 17) return certifySomething(table, crew, game)
  if (die < 18) {
    for (const who of crew) table.expire(who)
    return `expire ${crew}`
  }
  if (die < 20) {
    const { session } = puppetAt(table, crew).state.epoch.current
    const epoch = random.between(2, MAX_EPOCH)
    for (const who of crew) table.advance(who, { session, epoch })
    return `advance ${crew} to ${session}/${epoch}`
  }
  for (const who of crew) table.restart(who)
  return `restart ${crew}`
}

/** A leader's whole round, as seen by some: two sessions are too long a way for single steps. */
function playRound(table: Table, game: Game): string {
  const { random, puppets } = table
  const before = table.blocks.length
  const proposed = proposeSomething(table, game)
  const block = table.blocks[before]
  if (block === undefined) return proposed
  const { sn, hash } = block.ref
  const size = puppets.length / 2
  const from = (sn.session - 1) * size
  const voters = Array.from({ length: size }, (_, i) => from + i)
  const shown = voters.filter(() => random.chance(0.8))
  for (const who of shown) table.show(who, hash)
  const told = voters.filter(() => random.chance(0.7))
  for (const who of told) table.certify(who, hash)
  return `${proposed}; show to ${shown}; certify to ${told}`
}

/** One voter; through two sessions, which take twice as many steps, often all voters of one. */
function drawCrew({ random, puppets }: Table, { stopOffset }: Game): readonly number[] {
  const who = random.int(puppets.length)
  if (stopOffset === undefined || random.chance(0.4)) return [who]
  const size = puppets.length / 2
  const from = who < size ? 0 : size
  return Array.from({ length: size }, (_, i) => from + i)
}

const puppetAt = ({ puppets }: Table, [who = 0]: readonly number[]): Puppet => puppets[who] as Puppet

function certifySomething(table: Table, crew: readonly number[], game: Game): string {
  const isWhole = game.stopOffset !== undefined
  const blocks = table.blocks.filter(({ notarized }) => notarized || !isWhole)
  const { ref } = table.random.pick(blocks)
  for (const who of crew) {
    if (isWhole) table.sync(who, ref.hash)
    table.certify(who, ref.hash)
  }
  return `${isWhole ? 'sync' : 'certify'} ${formatSn(ref.sn)} to ${crew}`
}

function proposeSomething(table: Table, game: Game): string {
  const { random, blocks } = table
  const epoch = random.pick(table.openEpochs())
  const parents = blocks.filter((entry) => mayFollow(epoch, entry, game))
  if (parents.length === 0) return 'pass'
  const parent = random.pick(parents).ref
  const s = compareEpochs(parent.sn, epoch) === 0 ? parent.sn.s + 1 : 1
  const rivals = blocks.filter((entry) => snKey(entry.ref.sn) === snKey({ ...epoch, s }))
  if (rivals.length >= MAX_BLOCKS_PER_SLOT) return 'pass'
  table.propose(epoch, parent.hash, rivals.length)
  return `propose ${formatSn({ ...epoch, s })} on ${formatSn(parent.sn)}`
}

/** Blocks that a block of `epoch` could follow in form; whether it may is for the voters to say. */
function mayFollow(epoch: EpochId, { ref: { sn }, notarized }: TreeEntry, { k, votersWindow = 0 }: Game): boolean {
  const longest = Math.min(Math.max(votersWindow, k) + 2, k + 3)
  if (compareEpochs(sn, epoch) === 0) return sn.s < longest
  const isNear = sn.session === epoch.session || sn.session === epoch.session - 1
  return notarized && isNear && compareEpochs(sn, epoch) < 0
}

/** A block of the voter's epoch, mostly; of any epoch for voters that do not look. */
function showSomething(table: Table, crew: readonly number[], game: Game): string {
  const { current } = puppetAt(table, crew).state.epoch
  const wanted = table.blocks.filter(({ ref: { sn }, proposal }) => {
    if (proposal === null) return false
    if (compareEpochs(sn, current) === 0 || game.mutation?.ignoresEpochs) return true
    return sn.session === current.session && sn.epoch === current.epoch + 1
  })
  if (wanted.length === 0) return 'pass'
  const { entries } = puppetAt(table, crew).state.tree
  const unseen = game.stopOffset === undefined ? [] : wanted.filter(({ ref }) => !entries.has(ref.hash))
  const { ref } = table.random.pick(unseen.length > 0 ? unseen : wanted)
  for (const who of crew) table.show(who, ref.hash)
  return `show ${formatSn(ref.sn)} to ${crew}`
}

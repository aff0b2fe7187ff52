/** The shortest traces of spec/pala.md 21.4, played by hand: each breaks the mutant, and cannot be played against the real voter. */
import { describe, expect, it } from 'vitest'
import { createTable, type Game, type Table } from '../helpers/sim/adversary.ts'
import { CHAIN_ID } from '../helpers/sim/blocks.ts'
import { forgetNotarizations, rewindEpoch } from '../helpers/sim/mutants.ts'
import { createRandom } from '../helpers/sim/random.ts'

/** Voters 0, 1, 2 are honest, 3 is the adversary's; with it, two honest votes certify. */
const GAME: Game = { voters: 4, faulty: 1, k: 1, restarts: true }

const ONE = { session: 1, epoch: 1 }
const TWO = { session: 1, epoch: 2 }

type Script = (table: Table, chain: Chain) => void
/** Blocks by name: `b11` is (1,1), `b21` is (2,1) on genesis. */
type Chain = {
  readonly b11: string
  readonly b12: () => string
  readonly b21: () => string
  readonly b22: () => string
}

function play(game: Game, script: Script): string | null {
  const table = createTable(game, createRandom(1))
  const made = (hash: string | null): string => {
    if (hash === null) throw new Error('the block lacks a certificate')
    return hash
  }
  const b11 = made(table.propose(ONE, CHAIN_ID))
  const chain: Chain = {
    b11,
    b12: () => made(table.propose(ONE, b11)),
    b21: () => made(table.propose(TWO, CHAIN_ID)),
    b22: () => made(table.propose(TWO, chain.b21())),
  }
  try {
    script(table, chain)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** Two voters call for epoch 2, and `voters` enter it. */
function enterTwo(table: Table, voters: readonly number[]): void {
  for (const voter of [0, 2]) table.expire(voter)
  for (const voter of voters) table.advance(voter, TWO)
}

function showAll(table: Table, voters: readonly number[], hash: string): void {
  for (const voter of voters) table.show(voter, hash)
}

/** Voter 0 votes (2,1), learns n(1,1), restarts, votes (1,2). */
const rewind: Script = (table, { b11, b12, b21, b22 }) => {
  showAll(table, [0, 1], b11)
  enterTwo(table, [0, 2])
  showAll(table, [0, 2], b21())
  table.certify(0, b11)
  table.restart(0)
  table.certify(1, b11)
  showAll(table, [0, 1], b12())
  table.advance(0, TWO)
  for (const voter of [0, 2]) table.certify(voter, b21())
  showAll(table, [0, 2], b22())
}

/** Voter 0 votes (1,2) having n(1,1), restarts without it, votes (2,1) on genesis. */
const lostFreshestChain: Script = (table, { b11, b12, b21, b22 }) => {
  enterTwo(table, [2])
  showAll(table, [0, 1], b11)
  for (const voter of [0, 1]) table.certify(voter, b11)
  showAll(table, [0, 1], b12())
  table.restart(0)
  table.advance(0, TWO)
  showAll(table, [0, 2], b21())
  for (const voter of [0, 2]) table.certify(voter, b21())
  showAll(table, [0, 2], b22())
}

/** Voter 0 votes (1,2) without having seen n(1,1), then (2,1) on genesis. */
const widerWindow: Script = (table, { b11, b21, b22 }) => {
  enterTwo(table, [2])
  showAll(table, [0, 1], b11)
  const b12 = table.propose(ONE, b11) ?? ''
  showAll(table, [0, 1], b12)
  table.advance(0, TWO)
  showAll(table, [0, 2], b21())
  const b13 = table.propose(ONE, b12)
  if (b13 !== null) showAll(table, [1], b13)
  for (const voter of [0, 2]) table.certify(voter, b21())
  showAll(table, [0, 2], b22())
}

describe('21.4 the shortest useful traces', () => {
  it.each([
    ['P8.1 rewind of the epoch', rewind, { ...GAME, mutation: rewindEpoch }],
    ['P20.1-2 lost notarizations', lostFreshestChain, { ...GAME, mutation: forgetNotarizations }],
    ['P13.5 window k+1', widerWindow, { ...GAME, votersWindow: 2 }],
  ] as const)('%s breaks safety, and the real voter refuses', (_name, script, mutant) => {
    expect(play(mutant, script)).toMatch(/two final blocks at height 1/)
    expect(play(GAME, script) ?? 'no violation').not.toMatch(/final/)
  })
})

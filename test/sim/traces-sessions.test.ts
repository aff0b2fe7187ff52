/**
 * Two sessions without a common voter, k = 2 (spec/pala.md 21.4): for each rule about their change the attack that it stops,
 * played by hand. Random walks find the same for k = 1 (mutants.test.ts); for k = 2 they are too long.
 */
import { describe, expect, it } from 'vitest'
import type { Hash } from '../../src/domain.ts'
import type { EpochId } from '../../src/pala/sn.ts'
import { createTable, type Game, type Table } from '../helpers/sim/adversary.ts'
import { CHAIN_ID } from '../helpers/sim/blocks.ts'
import { noDescent, noSessionFloor, noStopProof } from '../helpers/sim/mutants.ts'
import { createRandom } from '../helpers/sim/random.ts'

/** The second block stops session 1. Of four voters 0, 1, 2 are honest in session 1, and 3, 4, 5 in session 2. */
const GAME: Game = { voters: 4, faulty: 1, k: 2, stopOffset: 2, areSworn: true }

const OLD_1 = { session: 1, epoch: 1 }
const OLD_2 = { session: 1, epoch: 2 }
const NEW_1 = { session: 2, epoch: 1 }
const NEW_2 = { session: 2, epoch: 2 }

type Script = (table: Table) => void

function play(game: Game, script: Script): string {
  try {
    script(createTable(game, createRandom(1)))
    return 'no violation'
  } catch (error) {
    return (error as Error).message
  }
}

type Stretch = {
  readonly epoch: EpochId
  readonly on: Hash
  readonly length: number
  readonly voters: readonly number[]
}

/** `length` blocks, each shown to `voters`, who also learn the certificates of all but the last two. */
function extend(table: Table, { epoch, on, length, voters }: Stretch): Hash[] {
  const hashes: Hash[] = []
  for (const voter of voters) table.sync(voter, on)
  for (let i = 0; i < length; i++) {
    const hash = table.propose(epoch, hashes.at(-1) ?? on)
    if (hash === null) throw new Error(`block ${i + 1} of the stretch lacks a certificate`)
    hashes.push(hash)
    for (const voter of voters) table.show(voter, hash)
    if (i < length - 2) for (const voter of voters) table.certify(voter, hash)
  }
  return hashes
}

/** Voters call for an epoch and enter it. */
function enter(table: Table, epoch: EpochId, voters: readonly number[]): void {
  for (const voter of voters) table.expire(voter)
  for (const voter of voters) table.advance(voter, epoch)
}

const last = (hashes: readonly Hash[], back = 0): Hash => hashes[hashes.length - 1 - back] ?? ''

/** Session 1 stops at (1,2), while session 2 begins on (1,1). */
const beginsBeforeTheStop: Script = (table) => {
  const old = extend(table, { epoch: OLD_1, on: CHAIN_ID, length: 4, voters: [0, 1] })
  extend(table, { epoch: NEW_1, on: last(old, 3), length: 3, voters: [3, 4] })
}

/** The stop block (1,2) is certified but not proven; session 2 begins above it, and (2,1), its rival, becomes final. */
const beginsOnRivalStop: Script = (table) => {
  const first = extend(table, { epoch: OLD_1, on: CHAIN_ID, length: 1, voters: [0, 1, 2] })
  for (const voter of [0, 1, 2]) table.certify(voter, last(first))
  const orphaned = extend(table, { epoch: OLD_1, on: last(first), length: 2, voters: [0, 1] })
  enter(table, OLD_2, [0, 2])
  extend(table, { epoch: OLD_2, on: last(first), length: 3, voters: [0, 2] })
  extend(table, { epoch: NEW_1, on: last(orphaned), length: 3, voters: [3, 4] })
}

/** Session 2 makes (1,4) final, session 1 would make its rival (2,1) final: both stand on the stop block's child (1,3). */
const goesOnAboveTheStop: Script = (table) => {
  const old = extend(table, { epoch: OLD_1, on: CHAIN_ID, length: 4, voters: [0, 1] })
  extend(table, { epoch: NEW_1, on: last(old), length: 3, voters: [3, 4] })
  enter(table, OLD_2, [0, 2])
  extend(table, { epoch: OLD_2, on: last(old, 1), length: 3, voters: [0, 2] })
}

/** Voter 3 helps to make (2,1,1) on (1,4) final, then votes for (2,2,1) on (1,5). */
const beginsTwice: Script = (table) => {
  const old = extend(table, { epoch: OLD_1, on: CHAIN_ID, length: 5, voters: [0, 1] })
  extend(table, { epoch: NEW_1, on: last(old, 1), length: 3, voters: [3, 4] })
  enter(table, NEW_2, [3, 5])
  extend(table, { epoch: NEW_2, on: last(old), length: 3, voters: [3, 5] })
}

describe('21.4 the change of sessions, k = 2', () => {
  it.each([
    ['P16.4-2 a session begins on a chain without a stop block', beginsBeforeTheStop, { mutation: noDescent }],
    ['P16.4-3 a session begins on a stop block that is not proven', beginsOnRivalStop, { mutation: noStopProof }],
    ['P16.6 finality goes on above the stop block', goesOnAboveTheStop, { capsAtStop: false }],
    ['P16.4-4 a session begins twice', beginsTwice, { mutation: noSessionFloor }],
  ] as const)('%s: safety breaks, and the real rules prevent it', (_name, script, mutant) => {
    expect(play({ ...GAME, ...mutant }, script)).toMatch(/two final blocks at height/)
    expect(play(GAME, script)).not.toMatch(/final/)
  })

  it('the real voter of session 2 enters only when the stop block is final for it, which rules out the first two', () => {
    for (const [script, mutation] of [
      [beginsBeforeTheStop, noDescent],
      [beginsOnRivalStop, noStopProof],
    ] as const) {
      expect(play({ ...GAME, areSworn: false, mutation }, script)).not.toMatch(/final/)
    }
  })
})

/** The oracle is tested by breaking the rules one by one (spec/pala.md 21.4): each mutant must be caught. */
import { describe, expect, it } from 'vitest'
import type { Game } from '../helpers/sim/adversary.ts'
import { MUTANTS, NODE_MUTANTS, SOUND, SOUND_SWITCH, SWITCH_MUTANTS } from '../helpers/sim/mutants.ts'
import { runSeed } from '../helpers/sim/scenario.ts'
import { playWalk } from '../helpers/sim/walk.ts'

/** Walks of the sound machine per variant. `SIM_WALKS=1000000` searches deeper. */
const WALKS = Number(process.env.SIM_WALKS ?? 2_000)

/** The first walk that catches each mutant; `SIM_SEARCH=1` looks for them again, up to {@link SEARCH_WALKS}. */
const CAUGHT: Readonly<Record<string, number>> = {
  'no epoch equality': 243,
  'double voting allowed': 0,
  'no window': 616,
  'window k+1': 75,
  'finality depth k-1': 75,
  'no freshness floor': 6,
  'floor of the previous epoch': 6,
  'restart lowers the epoch': 823,
  'restart forgets votes': 6,
  'threshold not checked': 0,
  'f = 2 of 4, k=1': 1,
  'f = 2 of 4, k=2': 1,
  'f = 1 of 3, k=1': 1,
  'f = 1 of 3, k=2': 1,
}
const SEARCH_WALKS = 60_000

function firstCatch(game: Game, isCaught = (_rule: string) => true): number | null {
  for (let seed = 0; seed < SEARCH_WALKS; seed++) {
    const { violation } = playWalk(game, seed)
    if (violation !== null && isCaught(violation.rule)) return seed
  }
  return null
}

describe('mutants of a voter, against an adversary that owns leaders and network', () => {
  it.each(Object.entries(SOUND))(`the rules as they are survive ${WALKS} walks: %s`, (_name, game) => {
    let finals = 0
    for (let seed = 0; seed < WALKS; seed++) {
      const { violation, finalHeight, moves } = playWalk(game, seed)
      expect(violation, `walk ${seed}: ${moves.join('; ')}`).toBeNull()
      if (finalHeight > 0) finals++
    }
    expect(finals).toBeGreaterThan(WALKS / 50)
  })

  it.each(Object.entries(MUTANTS))('is caught: %s', (name, game) => {
    const seed = process.env.SIM_SEARCH === undefined ? (CAUGHT[name] ?? null) : firstCatch(game)
    expect(seed, `no walk below ${SEARCH_WALKS} catches it`).not.toBeNull()
    const { violation, moves } = playWalk(game, seed ?? 0)
    expect(
      violation,
      `walk ${seed} no longer catches it; SIM_SEARCH=1 finds another\n${moves.join('\n')}`,
    ).not.toBeNull()
  })
})

/** Walks of the sound rules through two sessions: these take longer. */
const SWITCH_WALKS = WALKS / 2

const SWITCH_CAUGHT: Readonly<Record<string, number>> = {
  'no in-chain finality proof (P16.4-3)': 497,
  'no descent from the stop block (P16.4-2)': 1,
  'no cap at the stop block (P16.6)': 387,
  'no floor across first blocks (P16.4-4)': 6806,
}

describe('mutants of the change of sessions, two committees without a common voter', () => {
  it.each(Object.entries(SOUND_SWITCH))(`the rules as they are survive ${SWITCH_WALKS} walks: %s`, (_name, game) => {
    let switches = 0
    for (let seed = 0; seed < SWITCH_WALKS; seed++) {
      const { violation, session, moves } = playWalk(game, seed)
      expect(violation, `walk ${seed}: ${moves.join('; ')}`).toBeNull()
      if (session === 2) switches++
    }
    expect(switches).toBeGreaterThan(0)
  })

  it.each(Object.entries(SWITCH_MUTANTS))('makes two blocks final: %s', (name, game) => {
    const isUnsafe = (rule: string): boolean => rule === 'I1'
    const seed = process.env.SIM_SEARCH === undefined ? (SWITCH_CAUGHT[name] ?? null) : firstCatch(game, isUnsafe)
    expect(seed, `no walk below ${SEARCH_WALKS} catches it`).not.toBeNull()
    const { violation, moves } = playWalk(game, seed ?? 0)
    expect(violation?.rule, `walk ${seed} no longer does; SIM_SEARCH=1 finds another\n${moves.join('\n')}`).toBe('I1')
  })
})

/** What catches each mutant of a whole node, within the first {@link NODE_SEEDS} seeds. */
const NODE_CAUGHT: Readonly<Record<string, readonly string[]>> = {
  'sends before it persists': ['I1', 'I3'],
  'never fsyncs': ['I3', 'I4', 'I10'],
  'restart forgets votes and proposals': ['I3', 'I10'],
  'threshold not checked': ['I2', 'I5'],
  'voters never lose patience': ['I7'],
  'nobody catches up': ['I7'],
  'keeps every clock message': ['I8'],
  'restart forgets the sessions': ['assert'],
  'nobody learns of new seats': ['I7'],
  'loses track of the freshest chain': ['I4', 'I5', 'I9'],
}
const NODE_SEEDS = 120

describe('mutants of a node, in random runs', () => {
  it.each(Object.entries(NODE_MUTANTS))('is caught: %s', (name, change) => {
    const rules = new Set<string>()
    const expected = NODE_CAUGHT[name] ?? []
    for (let seed = 0; seed < NODE_SEEDS && !expected.some((rule) => rules.has(rule)); seed++) {
      const { violation } = runSeed(seed, { change })
      if (violation !== null) rules.add('rule' in violation ? String(violation.rule) : violation.message)
    }
    expect(
      expected.some((rule) => rules.has(rule)),
      `seen: ${[...rules]}`,
    ).toBe(true)
  })
})

/**
 * Random pairs of sets, 600 seeds per commit: what agreement means, that both sides tell the same end, the bound on rounds,
 * and how the set rule relates to the literal one (spec/sync.md 0-1, 0-2). `SYNC_SEED=N` replays one.
 */
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/sync/types.ts'
import { createRandom } from '../helpers/sim/random.ts'
import { createFakeSet, fingerprintOf, idOf } from '../helpers/sync/session/fake-set.ts'
import { createPair, FEATURES, type PairRun, type Side } from '../helpers/sync/session/virtual-pair.ts'

const { SYNC_SEED, SYNC_SEEDS = '600' } = process.env
const seeds = SYNC_SEED === undefined ? Array.from({ length: Number(SYNC_SEEDS) }, (_, i) => i) : [Number(SYNC_SEED)]
const FRAMES = 10

type Draw = { readonly alice: string[][]; readonly bob: string[][] }

/** Most ids lie in the same timeframe on both sides; some in another, some on one side only. */
function drawSets(seed: number): Draw {
  const random = createRandom(seed).next
  const [alice, bob] = [0, 1].map(() => Array.from({ length: FRAMES }, (): string[] => []))
  const spread = random() * random()
  const oldest = Math.floor(random() * FRAMES)
  for (let i = 0; i < 60; i++) {
    const id = idOf(`random-${seed}-${i}`)
    const frame = Math.floor(random() * FRAMES)
    const isOdd = frame >= oldest && random() < spread
    const there = isOdd && random() < 0.6 ? Math.min(FRAMES - 1, frame + Math.floor(random() * 4)) : frame
    const side = isOdd ? random() : 0.5
    if (side > 0.15) alice?.[frame]?.push(id)
    if (side < 0.85) bob?.[there]?.push(id)
  }
  return { alice: alice ?? [], bob: bob ?? [] }
}

type PlayOptions = {
  readonly seed: number
  readonly isLiteral?: boolean
  readonly noGainRounds?: number
  readonly hasDeep?: boolean
  readonly isDeepLimited?: boolean
}

function play(draw: Draw, options: PlayOptions): PairRun {
  const { seed, isLiteral = false, noGainRounds = 3, hasDeep = false, isDeepLimited = false } = options
  const limits = { chunkIds: 1 + (seed % 4), rangeFromIds: hasDeep ? 4 : 2_048 }
  const features = { ...FEATURES, setRule: !isLiteral, deepRange: hasDeep }
  const config = { noGainRounds, features, limits }
  const run = createPair({
    alice: { set: createFakeSet({ frames: draw.alice }), hasStepOne: false, config },
    bob: { set: createFakeSet({ frames: draw.bob }), hasStepOne: false, config, isDeepLimited },
    seed,
  })
  run.run()
  return run
}

const MATCHES: Record<string, string> = { 'serve-out': 'serve-in', 'serve-in': 'serve-out' }
const endOf = (outcome: Outcome | null): string => outcome?.kind ?? 'none'
const knownOf = (side: Side): string[] => [...side.set.ids(), ...side.inSession].sort()

/** All that was violated, as text. */
function faultsOf(run: PairRun): string[] {
  const { alice, bob } = run
  const [a, b] = [endOf(alice.outcome), endOf(bob.outcome)]
  const faults: string[] = []
  if ((MATCHES[a] ?? a) !== b) faults.push(`ends differ: ${a}, ${b}`)
  if (a === 'none' || a === 'failed') faults.push(`no honest end: ${JSON.stringify(alice.outcome)}`)
  if (a === 'agreed' && knownOf(alice).join() !== knownOf(bob).join()) faults.push('agreed on different sets')
  if ((alice.outcome?.figures.rounds ?? 0) > 7) faults.push('more than N_1 rounds after round 0')
  if (alice.outcome?.figures.rounds !== bob.outcome?.figures.rounds) faults.push('rounds differ')
  if (alice.outcome?.figures.idsIn !== bob.outcome?.figures.idsOut) faults.push('ids were counted differently')
  if (alice.misbehaved.length + bob.misbehaved.length > 0)
    faults.push(`blamed ${[...alice.misbehaved, ...bob.misbehaved]}`)
  return faults
}

const failing = (check: (seed: number) => string[]): string[] =>
  seeds.flatMap((seed) => check(seed).map((fault) => `SYNC_SEED=${seed}: ${fault}`))

describe('random sessions', () => {
  it('agreement means equal sets, both sides tell the same end, never more than N_1 rounds', () => {
    expect(failing((seed) => faultsOf(play(drawSets(seed), { seed })))).toEqual([])
  })

  it('the same where ranges are reconciled: by round and at the window end', () => {
    const faults = failing((seed) => {
      const run = play(drawSets(seed), { seed, hasDeep: true })
      const isWhole = endOf(run.alice.outcome) !== 'deep' || knownOf(run.alice).join() === knownOf(run.bob).join()
      // Counts of reconciled ids are not those of lists.
      const found = faultsOf(run).filter((fault) => !fault.startsWith('ids were counted'))
      return isWhole ? found : [...found, 'deep reconciliation left a difference']
    })
    expect(faults).toEqual([])
  })

  it('where reconciliation reaches its limit, everything ends as with plain lists, whole sets in mutual serves', () => {
    const figuresOf = ({ alice, bob }: PairRun) =>
      [alice, bob].map(({ outcome }) => [outcome?.figures.rounds, outcome?.figures.gained, outcome?.figures.learned])
    const faults = failing((seed) => {
      const draw = drawSets(seed)
      const limited = play(draw, { seed, hasDeep: true, isDeepLimited: true })
      const lists = play(draw, { seed })
      const isSameEnd = endOf(limited.alice.outcome) === endOf(lists.alice.outcome)
      const isSame = isSameEnd && JSON.stringify(figuresOf(limited)) === JSON.stringify(figuresOf(lists))
      return isSame ? faultsOf(limited) : [...faultsOf(limited), 'not as with lists']
    })
    expect(faults).toEqual([])
  })

  it('literal rule: agreement at k exactly when all older than k timeframes is equal (0-1)', () => {
    const faults = failing((seed) => {
      const draw = drawSets(seed)
      const run = play(draw, { seed, isLiteral: true, noGainRounds: 99 })
      const olderThan = (frames: string[][], back: number) =>
        JSON.stringify(fingerprintOf(frames.slice(0, FRAMES - 1 - back).flat()))
      const backs = Array.from({ length: 7 }, (_, back) => back)
      const expected = backs.find((back) => olderThan(draw.alice, back) === olderThan(draw.bob, back))
      const { outcome } = run.alice
      const actual = outcome?.kind === 'agreed' ? outcome.figures.rounds - 1 : undefined
      return actual === expected ? [] : [`agreed at ${actual} instead of ${expected}`]
    })
    expect(faults).toEqual([])
  })

  it('the set rule never agrees later than the literal rule, and sometimes earlier (0-2)', () => {
    let earlier = 0
    const roundsOf = (run: PairRun): number =>
      run.alice.outcome?.kind === 'agreed' ? run.alice.outcome.figures.rounds : Number.POSITIVE_INFINITY
    const faults = failing((seed) => {
      const draw = drawSets(seed)
      const literal = roundsOf(play(draw, { seed, isLiteral: true, noGainRounds: 99 }))
      const bySets = roundsOf(play(draw, { seed, noGainRounds: 99 }))
      if (bySets < literal) earlier++
      return bySets <= literal ? [] : [`set rule ${bySets}, literal rule ${literal}`]
    })
    expect(faults).toEqual([])
    if (SYNC_SEED === undefined) expect(earlier).toBeGreaterThan(20)
  })

  it('every end occurs', () => {
    const ends = new Set(seeds.map((seed) => endOf(play(drawSets(seed), { seed, hasDeep: true }).alice.outcome)))
    if (SYNC_SEED === undefined) expect([...ends].sort()).toEqual(['agreed', 'deep', 'mutual', 'serve-in', 'serve-out'])
  })
})

/** What a seed draws for a run whose committee changes: participants, and the committees they may form one after another. */
import { type Draw, drawConditions, drawIntervals, drawNodes, plantTraitors } from './draw.ts'
import type { Random } from './random.ts'
import { planOf, type World } from './world.ts'

/** Committees of a run. */
const PLANS = 6
const MOST_TRAITORS = 2

type Committee = Parameters<typeof planOf>[0]

/**
 * Six to ten participants, of whom fewer than a third are traitors in every committee; who is in none follows as a full
 * node. Sessions end at an offset or when somebody asks for another committee.
 */
export function drawSessions(seed: number, random: Random, world: () => World): Draw {
  const keys = Array.from({ length: random.between(6, 10) }, (_, i) => `key-${i}`)
  const nodes = drawNodes(keys, random)
  const places = Array.from({ length: random.int(MOST_TRAITORS + 1) }, (_, i) => (i * 3 + seed) % keys.length)
  const bad = new Set(places.map((at) => keys[at] ?? ''))
  const intervals = drawIntervals(random)
  const committees: Committee[] = []
  for (let i = 0; i < PLANS; i++) {
    const { proposers, voters } = drawSeats({ keys, bad, random, before: committees.at(-1)?.voters ?? [] })
    committees.push({ proposers, voters, params: { ...drawLength(random), ...intervals } })
  }
  const [first, ...others] = committees as [Committee, ...Committee[]]
  const plans = others.map(planOf)
  const traitors = plantTraitors({ nodes, places, random, world })
  const title = `${keys.length} participants, ${committees.map(describe).join(' > ')}; ${traitors.join(', ') || 'all honest'}`
  return {
    options: {
      ...first,
      seed: seed ^ 0x5eed,
      nodes,
      elect: ({ wanted }) => (wanted === null ? null : (plans[Number.parseInt(wanted, 10)] ?? null)),
      conditions: drawConditions(random),
      maxFsyncMs: random.pick([0, 2, 30]),
    },
    title,
    faulty: places.length,
    plans: plans.length,
  }
}

/** k, and when the session ends by itself: soon, later, never. */
function drawLength(random: Random): { readonly k: number; readonly stopOffset: number } {
  const k = random.pick([1, 1, 2, 3])
  return { k, stopOffset: random.pick([2 * k + 2, 2 * k + random.between(3, 8), 30, 0]) }
}

type Seats = {
  readonly keys: readonly string[]
  readonly bad: ReadonlySet<string>
  readonly random: Random
  /** The voters of the committee drawn before. */
  readonly before: readonly string[]
}

/** Voters in any order, sometimes none of those before; one proposer, some of the voters, or anybody. */
function drawSeats({ keys, bad, random, before }: Seats): { readonly proposers: string[]; readonly voters: string[] } {
  const fresh = keys.filter((key) => !before.includes(key))
  const isReplaced = fresh.length >= 4 && random.chance(0.4)
  const voters = drawVoters(isReplaced ? fresh : keys, bad, random)
  const pool = random.chance(0.7) ? voters : keys
  const proposers = shuffle(pool, random).slice(0, random.chance(0.2) ? 1 : random.between(2, pool.length))
  return proposers.some((key) => !bad.has(key)) ? { proposers, voters } : { proposers: voters, voters }
}

/** Four to seven, with fewer traitors than a third. */
function drawVoters(pool: readonly string[], bad: ReadonlySet<string>, random: Random): string[] {
  const voters = shuffle(pool, random).slice(0, random.between(4, 7))
  const traitors = voters.filter((key) => bad.has(key))
  const kept = traitors.slice(0, Math.ceil(voters.length / 3) - 1)
  const honest = voters.filter((key) => !bad.has(key))
  const chosen = voters.filter((key) => honest.includes(key) || kept.includes(key))
  const isSafe = 3 * kept.length < chosen.length
  return isSafe ? chosen : honest
}

function shuffle<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items]
  const out: T[] = []
  while (rest.length > 0) out.push(...rest.splice(random.int(rest.length), 1))
  return out
}

const describe = ({ proposers, voters, params }: Committee): string =>
  `${proposers.length}p ${voters.map((key) => key.slice(4)).join('')} k=${params?.k} stop ${params?.stopOffset}`

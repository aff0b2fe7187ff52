/** One seed, one run: draws a committee, its faults and its traitors, runs until healed, and demands liveness. */
import type { Millis } from '../../../src/domain.ts'
import { electEntry } from './application.ts'
import { drawCommittee } from './draw.ts'
import { drawSessions } from './draw-sessions.ts'
import { plantFaults } from './faults.ts'
import { createRandom } from './random.ts'
import { demand, Violation } from './violation.ts'
import { createWorld, startAll, submitEntry, type World, type WorldOptions } from './world.ts'

/** What a run was and how it went. */
export type Outcome = {
  readonly seed: number
  readonly title: string
  readonly violation: Error | null
  readonly steps: number
  readonly finalHeight: number
  /** How many sessions there were. */
  readonly sessions: number
  /** What happened in it, so that a test can tell that runs are not idle. */
  readonly events: ReadonlySet<string>
  readonly lines: readonly string[]
}

export type RunOptions = { readonly isTraced?: boolean; readonly change?: (options: WorldOptions) => WorldOptions }

/** Final blocks every honest node must gain after healing (I7). */
const BLOCKS_AFTER_HEALING = 3
const SUBMIT_EVERY_MS = 3_000

/** Two of five seeds change their committee while they run. */
export const isReconfigured = (seed: number): boolean => seed % 5 === 0 || seed % 5 === 2

/** Runs the scenario of `seed`. Never throws for a broken invariant: it is in the outcome. */
export function runSeed(seed: number, { isTraced = false, change = (o) => o }: RunOptions = {}): Outcome {
  const random = createRandom(seed)
  const draw = isReconfigured(seed) ? drawSessions : drawCommittee
  const { options, title, faulty, plans = 0 } = draw(seed, random, () => world)
  const world: World = createWorld(change({ ...options, isTraced }))
  const healAtMs = random.between(10, 45) * 1_000
  let violation: Error | null = null
  try {
    plantFaults(world, {
      healAtMs,
      everyMs: random.pick([1_500, 4_000, 9_000]),
      crashHazard: random.pick([0, 0.0005, 0.003]),
      longestOutageMs: random.pick([500, 5_000, 15_000]),
    })
    startAll(world)
    submitUntil(world, healAtMs)
    electUntil(world, healAtMs, plans)
    world.scheduler.runUntil(world.scheduler.now + healAtMs + 1)
    demandLiveness(world, livenessBoundMs(world, faulty), faulty)
  } catch (error) {
    violation = error as Error
    if (!(error instanceof Violation)) world.trace(() => `${(error as Error).stack}`)
  }
  return {
    seed,
    title,
    violation,
    steps: world.steps,
    finalHeight: world.oracle.book.finalHeight,
    sessions: world.sessions.size,
    events: world.events,
    lines: world.lines,
  }
}

function submitUntil(world: World, deadlineMs: Millis): void {
  let count = 0
  function next(): void {
    if (world.elapsed >= deadlineMs) return
    for (let i = world.random.int(5); i > 0; i--) submitEntry(world, `entry ${count++}`)
    world.scheduler.after(world.random.next() * 2 * SUBMIT_EVERY_MS, next)
  }
  next()
}

/** Somebody asks for another of the drawn committees now and then (P16.2). */
function electUntil(world: World, deadlineMs: Millis, plans: number): void {
  if (plans === 0) return
  function next(): void {
    world.scheduler.after(world.random.between(2_000, 12_000), () => {
      if (world.elapsed >= deadlineMs) return
      submitEntry(world, electEntry(`${world.random.int(plans)} at ${Math.floor(world.elapsed)}`))
      next()
    })
  }
  next()
}

/**
 * I7: after healing, at most `faulty` leaders in a row are bad. Each costs the voters' patience twice (once with timers
 * out of step) and the leader's wait; the last term is for catching up and for the blocks themselves.
 */
export function livenessBoundMs({ session }: World, faulty: number): Millis {
  const { maxVoterTimeoutMs, firstProposalLimitMs } = session.params
  return (faulty + 2) * (2 * maxVoterTimeoutMs + firstProposalLimitMs) + 30_000
}

/** I7 and I11 from this instant on, which must be after healing. */
export function demandLiveness(world: World, boundMs: Millis, faulty: number): void {
  const honest = world.nodes.filter((node) => node.setup.isHonest)
  const goal = world.oracle.book.finalHeight + BLOCKS_AFTER_HEALING
  // A traitor that leads a productive epoch may leave entries out for as long as it likes.
  const isDone = (): boolean =>
    honest.every(({ application: { appliedHeight, waiting } }) => {
      return appliedHeight >= goal && (faulty > 0 || waiting.size === 0)
    })
  const isLive = world.scheduler.runUntil(world.scheduler.now + boundMs, isDone)
  const heights = (): string => honest.map((node) => `${node.id}:${node.application.appliedHeight}`).join(' ')
  const left = (): string => honest.map((node) => node.application.waiting.size).join(' ')
  demand(isLive, 'I7', () => `not all reached height ${goal} in ${boundMs} ms: ${heights()}; entries left: ${left()}`)
  for (const { application } of honest) {
    for (const entry of application.waiting) {
      demand(!application.final.has(entry), 'I11', () => `entry ${entry} waits although it is final`)
    }
  }
}

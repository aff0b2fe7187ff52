/** A whole committee in virtual time: nodes, network, disks, an oracle, and one seeded source of every choice. */
import type { CommitteePlan, Millis, PeerId, PublicKeyHex, SessionParams } from '../../../src/domain.ts'
import { roundRobin } from '../../../src/pala/committee.ts'
import type { Message, Schedule, Session } from '../../../src/pala/types.ts'
import { createApplication, type Elect } from './application.ts'
import { CHAIN_ID } from './blocks.ts'
import { createDescriber, type Describer } from './describe.ts'
import { createDisk } from './disk.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import { type Conditions, createNetwork, type Network } from './network.ts'
import { createNode, type Hooks, type SimNode } from './node.ts'
import { createOracle, type Oracle } from './oracle.ts'
import { createRandom, type Random } from './random.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import { createVerifier, type Verifier } from './verifier.ts'

export const GENESIS_TIME: Millis = 1_700_000_000_000

export const SIM_PARAMS: SessionParams = {
  k: 1,
  stopOffset: 0,
  blockIntervalMs: 0,
  emptyBlockIntervalMs: 1_000,
  firstProposalDelayMs: 1_000,
  firstProposalLimitMs: 4_000,
  voterTimeoutMs: 6_000,
  maxVoterTimeoutMs: 12_000,
  heartbeatMs: 5_000,
  maxBlockBytes: 1_048_576,
  maxClockDriftMs: 2_000,
}

/** A process of the run. Two with one key are twins. */
export type NodePlan = {
  readonly id: PeerId
  readonly key: PublicKeyHex
  readonly isHonest?: boolean
  readonly skewMs?: Millis
  readonly hooks?: Hooks
  /** It votes without comparing itself with peers first (P20.6-3): stories begin with the first proposal. */
  readonly isVouchedFor?: boolean
}

export type WorldOptions = {
  readonly seed: number
  readonly proposers: readonly PublicKeyHex[]
  readonly voters: readonly PublicKeyHex[]
  readonly nodes: readonly NodePlan[]
  readonly params?: Partial<SessionParams>
  readonly schedule?: Schedule
  /** Who follows; nobody asks for a change when left out. */
  readonly elect?: Elect
  readonly conditions?: Conditions
  /** Longest fsync. */
  readonly maxFsyncMs?: Millis
  /** Longest thinking of the application; 0 answers at once. */
  readonly maxThinkingMs?: Millis
  readonly checksThreshold?: boolean
  readonly finalityDepth?: number
  readonly isTraced?: boolean
}

export interface World {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly network: Network
  readonly keyring: Keyring
  readonly verifier: Verifier
  readonly oracle: Oracle
  /** The first session. */
  readonly session: Session
  /** Every session that a final stop block started, and the first. */
  readonly sessions: ReadonlyMap<number, Session>
  readonly nodes: readonly SimNode[]
  readonly describe: Describer
  readonly lines: readonly string[]
  /** Kinds of things that happened: messages, notices, crashes, evidence. */
  readonly events: Set<string>
  /** Inputs stepped so far. */
  steps: number
  /** The chance of a crash at each point of a turn. */
  crashHazard: number
  /** Set by scenarios: decides instead of `crashHazard`. */
  crashPoint: ((node: SimNode) => boolean) | null
  onCrash: (node: SimNode) => void
  trace(line: () => string): void
  node(id: PeerId): SimNode
  fsyncMs(): Millis
  /** How long an application thinks about a block; stories fix it. */
  thinkingMs: (most: Millis) => Millis
  crashesHere(node: SimNode): boolean
  /** A message that no honest service lets through. */
  onForgery(from: PeerId, message: Message, to: SimNode): void
  /** Virtual milliseconds since the start. */
  readonly elapsed: Millis
}

const CALM: Conditions = { minDelayMs: 10, maxDelayMs: 10, loss: 0, duplication: 0, reorders: false }

/** Builds a world whose nodes are not started yet. */
export function createWorld(options: WorldOptions): World {
  const random = createRandom(options.seed)
  const scheduler = createScheduler(GENESIS_TIME)
  const session: Session = { session: 1, ...planOf(options) }
  const keyring = createKeyring()
  const isDishonest = (key: PublicKeyHex | undefined): boolean =>
    options.nodes.some((node) => node.key === key && node.isHonest === false)
  const seatHolder = (list: 'voters' | 'proposers', number: number, index: number): PublicKeyHex | undefined =>
    oracle.book.sessions.get(number)?.[list][index]?.key
  const oracle: Oracle = createOracle({
    session,
    ...(options.finalityDepth === undefined ? {} : { k: options.finalityDepth }),
    isHonest: (id) => nodes.find((node) => node.id === id)?.setup.isHonest ?? false,
    isHonestVoter: (number, index) => !isDishonest(seatHolder('voters', number, index)),
    isHonestProposer: (number, index) => !isDishonest(seatHolder('proposers', number, index)),
    isNotarization: (notarization) => strict.isNotarization(notarization),
  })
  const { sessions } = oracle.book
  const strict = createVerifier({ keyring, sessions, checksThreshold: true })
  const lines: string[] = []
  const nodes: SimNode[] = []
  const world: World = {
    scheduler,
    random,
    network: createNetwork(scheduler, random, options.conditions ?? CALM),
    keyring,
    verifier: createVerifier({ keyring, sessions, checksThreshold: options.checksThreshold ?? true }),
    oracle,
    session,
    sessions,
    nodes,
    describe: createDescriber(),
    lines,
    events: new Set(),
    steps: 0,
    crashHazard: 0,
    crashPoint: null,
    onCrash: () => undefined,
    trace(line) {
      if (options.isTraced) lines.push(`${String(world.elapsed.toFixed(1)).padStart(9)} ${line()}`)
    },
    node(id) {
      const found = nodes.find((node) => node.id === id)
      if (found === undefined) throw new Error(`no node ${id}`)
      return found
    },
    fsyncMs: () => random.next() * (options.maxFsyncMs ?? 0),
    thinkingMs: (most) => random.next() * Math.min(most, options.maxThinkingMs ?? most),
    crashesHere: (node) => world.crashPoint?.(node) ?? random.chance(world.crashHazard),
    onForgery: (from, message, to) => {
      world.events.add('forgery refused')
      const sender = world.node(from)
      if (sender.setup.isHonest) throw new Error(`${to.id} refuses a ${message.type} of honest ${from}`)
    },
    get elapsed() {
      return scheduler.now - GENESIS_TIME
    },
  }
  const { schedule = roundRobin, elect = () => null } = options
  for (const plan of options.nodes) nodes.push(joinNode(world, plan, { schedule, elect }))
  return world
}

/** A committee of these keys, each of weight 1, under the simulation's parameters. */
export function planOf({ proposers, voters, params }: Pick<WorldOptions, 'proposers' | 'voters' | 'params'>) {
  const member = (key: PublicKeyHex) => ({ key, org: key, weight: 1 })
  const plan: CommitteePlan = {
    proposers: proposers.map(member),
    voters: voters.map(member),
    params: { ...SIM_PARAMS, ...params },
  }
  return plan
}

type Rules = { readonly schedule: Schedule; readonly elect: Elect }

function joinNode(world: World, plan: NodePlan, { schedule, elect }: Rules): SimNode {
  const { id, key, isHonest = true, skewMs = 0, hooks = {} } = plan
  const config = {
    chainId: CHAIN_ID,
    self: key,
    schedule,
    genesisTime: GENESIS_TIME,
    votesFrom: 1,
    unsafeResetVotes: plan.isVouchedFor ?? false,
  }
  const setup = { id, key, config, session: world.session, isHonest, skewMs, hooks }
  const node = createNode(world, setup, createDisk(), createApplication(elect))
  world.network.join(node)
  return node
}

/** Starts every node that is not up. */
export function startAll(world: World): void {
  for (const node of world.nodes) if (!node.isUp) node.start()
}

/** Gives an entry to every application, as transaction relay does. */
export function submitEntry(world: World, entry: string): void {
  for (const node of world.nodes) {
    node.application.submit(entry)
    if (node.isUp) node.push({ type: 'payloadPending', pending: true })
  }
}

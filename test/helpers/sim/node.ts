/** One simulated node: the real machine, a disk, a queue; turns run as in `machine/driver.ts` and may end in a crash. */

import { AssertionError } from '../../../src/assert.ts'
import type { Millis, PeerId, PublicKeyHex, Role } from '../../../src/domain.ts'
import { rolesOf } from '../../../src/pala/committee.ts'
import { step } from '../../../src/pala/machine.ts'
import { staleReason } from '../../../src/pala/relevance.ts'
import { createState, restoreState } from '../../../src/pala/state.ts'
import type { Config, Durable, Effect, Input, Message, Session, State } from '../../../src/pala/types.ts'
import { createActions } from './actions.ts'
import type { SimApplication } from './application.ts'
import type { Disk } from './disk.ts'
import type { Endpoint } from './network.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/** An input whose instant the node adds. */
export type Bare = Input extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

/** Ways to make a node differ from an honest one: mutants and Byzantine behaviours. */
export type Hooks = {
  /** Replaces an effect before it is carried out. */
  rewrite?: (effect: Effect, node: SimNode) => readonly Effect[]
  /** Sees each genuine message before the machine does. */
  overhear?: (from: PeerId, message: Message, node: SimNode) => void
  afterStep?: (state: State, input: Input) => void
  /** What is left of the disk at a restart. */
  editDurable?: (durable: Durable) => Durable
  /** Persists after sending instead of before. */
  persistsLast?: boolean
}

export type NodeSetup = {
  readonly id: PeerId
  readonly key: PublicKeyHex
  readonly config: Config
  readonly session: Session
  readonly isHonest: boolean
  /** This node's wall clock minus the world's. */
  readonly skewMs: Millis
  readonly hooks: Hooks
}

export interface SimNode extends Endpoint {
  readonly setup: NodeSetup
  readonly state: State
  readonly disk: Disk
  readonly application: SimApplication
  push(input: Bare): void
  start(): void
  crash(): void
}

const MAX_INPUTS_PER_TURN = 256

export function createNode(world: World, setup: NodeSetup, disk: Disk, application: SimApplication): SimNode {
  const { id, config, session, hooks, isHonest } = setup
  const { scheduler, network, oracle } = world
  let state = createState(config, [session])
  let isUp = false
  let isBusy = false
  /** Counts lives and restarts: what an earlier life scheduled does not happen. */
  let life = 0
  let queue: Input[] = []
  const now = (): Millis => scheduler.now + setup.skewMs

  function later(delayMs: Millis, run: () => void): () => void {
    const present = life
    return scheduler.after(delayMs, () => {
      if (present === life && isUp) run()
    })
  }

  /** The seats of a peer in the two newest sessions this node knows: connections prove keys, sessions seat them (P19.3). */
  function seatsOf(peer: PeerId): Role[] {
    const { key } = world.node(peer).setup
    const newest = [...state.sessions.values()].sort((a, b) => a.session - b.session).slice(-2)
    return newest.flatMap((session) => rolesOf(session, key))
  }

  function refreshRoles(): void {
    for (const peer of state.peers.keys()) push({ type: 'peerRolesChanged', peer, roles: seatsOf(peer) })
  }

  const sessions = (): ReadonlyMap<number, Session> => state.sessions
  const actions = createActions({ world, setup, disk, application, push, later, now, sessions, refreshRoles })

  function push(input: Bare): void {
    if (!isUp) return
    queue.push({ ...input, now: now() } as Input)
    if (isBusy) return
    isBusy = true
    later(0, turn)
  }

  function turn(): void {
    const inputs = queue.splice(0, MAX_INPUTS_PER_TURN)
    const effects: Effect[] = []
    for (const input of inputs) {
      world.trace(() => `${id} < ${world.describe.input(input)}`)
      effects.push(...runStep(input))
      hooks.afterStep?.(state, input)
    }
    world.steps += inputs.length
    if (isHonest) oracle.onStep(id, state)
    const wanted = hooks.rewrite === undefined ? effects : effects.flatMap((e) => hooks.rewrite?.(e, node) ?? [])
    execute(arrange(wanted), 0)
  }

  function runStep(input: Input): Effect[] {
    try {
      return step(state, input)
    } catch (error) {
      if (error instanceof AssertionError) throw new Violation('assert', `${id}: ${error.stack}`)
      throw error
    }
  }

  /** One write per turn, where its first record stands (DESIGN.md 4). */
  function arrange(effects: readonly Effect[]): Effect[] {
    const records = effects.flatMap((effect) => (effect.type === 'persist' ? effect.records : []))
    const sync = effects.some((effect) => effect.type === 'persist' && effect.sync)
    const others: Effect[] = effects.filter((effect) => effect.type !== 'persist')
    if (records.length === 0) return others
    const first = effects.findIndex((effect) => effect.type === 'persist')
    others.splice(hooks.persistsLast ? others.length : first, 0, { type: 'persist', records, sync })
    return others
  }

  function execute(effects: readonly Effect[], from: number): void {
    for (let index = from; index < effects.length; index++) {
      if (world.crashesHere(node)) return crash()
      const effect = effects[index] as Effect
      if (isHonest) oracle.onEffect(id, effect, state)
      world.trace(() => `${id} > ${world.describe.effect(effect)}`)
      if (effect.type !== 'persist') actions.carryOut(effect)
      else if (write(effect, () => execute(effects, index + 1))) return
    }
    if (isHonest) oracle.onTurnDone(id, state)
    isBusy = queue.length > 0
    if (isBusy) later(0, turn)
  }

  /** Returns true when the turn goes on later, after the fsync. */
  function write({ records, sync }: Extract<Effect, { type: 'persist' }>, then: () => void): boolean {
    disk.write(records)
    if (!sync) return false
    later(world.fsyncMs(), () => {
      if (world.crashesHere(node)) return crash()
      disk.sync()
      then()
    })
    return true
  }

  /** At start-up the application reads what became final before the crash and was not delivered. */
  function catchUpFromDisk(): void {
    const top = disk.finalized?.height ?? 0
    for (let height = application.appliedHeight + 1; height <= top; height++) {
      const stored = disk.storedBlock(disk.finalHash(height) ?? '')
      if (stored === null) throw new Violation('I5', `${id}: final block ${height} or its certificate is not on disk`)
      actions.takeFinal(stored.proposal.block)
    }
  }

  function start(): void {
    life++
    isUp = true
    isBusy = false
    queue = []
    const durable = disk.load()
    if (life > 1) state = restoreState(config, [session], hooks.editDurable?.(durable) ?? durable)
    if (isHonest && life > 1) oracle.onRestart(id, state)
    catchUpFromDisk()
    push({ type: 'started' })
    if (application.waiting.size > 0) push({ type: 'payloadPending', pending: true })
    network.refresh()
  }

  function crash(): void {
    if (!isUp) return
    world.trace(() => `${id} crashes`)
    world.events.add(isBusy ? 'crash inside a turn' : 'crash')
    isUp = false
    life++
    actions.forgetTimers()
    disk.crash(world.random)
    network.refresh()
    world.onCrash(node)
  }

  const node: SimNode = {
    id,
    setup,
    disk,
    application,
    get state() {
      return state
    },
    get isUp() {
      return isUp
    },
    push,
    start,
    crash,
    receive(from, message) {
      if (!isUp) return
      if (staleReason(state, message) !== null) return
      const genuine = world.verifier.check(message, state.sessions)
      if (genuine === 'unknown') return void world.events.add('of an unknown session')
      if (genuine === 'forged') return world.onForgery(from, message, node)
      world.events.add(message.type)
      hooks.overhear?.(from, message, node)
      push({ type: 'messageReceived', from, message: genuine })
    },
    connected: (peer) => push({ type: 'peerConnected', peer, roles: seatsOf(peer) }),
    disconnected: (peer) => push({ type: 'peerDisconnected', peer }),
  }
  return node
}

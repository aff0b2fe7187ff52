/** What a simulated node does for its machine: messages, signatures, timers, and questions to the application. */
import { asVerified, type Millis } from '../../../src/domain.ts'
import { sessionOf, voterIndex } from '../../../src/pala/committee.ts'
import type { Block, BlockPlan, Effect, Election, Session, TimerName } from '../../../src/pala/types.ts'
import type { SimApplication } from './application.ts'
import { composeBlock, seal } from './blocks.ts'
import type { Disk } from './disk.ts'
import { clockStatement, voteStatement } from './keyring.ts'
import type { Bare, NodeSetup } from './node.ts'
import { demand, Violation } from './violation.ts'
import type { World } from './world.ts'

/** Stored blocks of one answer. */
const MAX_BLOCKS_PER_ANSWER = 10
/** The longest time an application thinks about a block. */
const MAX_THINKING_MS = 4

export type ActionsOptions = {
  readonly world: World
  readonly setup: NodeSetup
  readonly disk: Disk
  readonly application: SimApplication
  readonly push: (input: Bare) => void
  /** Schedules within the present life of the process. */
  readonly later: (delayMs: Millis, run: () => void) => () => void
  /** The node's own clock. */
  readonly now: () => Millis
  /** The sessions the node knows. */
  readonly sessions: () => ReadonlyMap<number, Session>
  /** A session started: seats of peers may be others now. */
  readonly refreshRoles: () => void
}

export interface Actions {
  carryOut(effect: Exclude<Effect, { type: 'persist' }>): void
  takeFinal(block: Block): void
  forgetTimers(): void
}

export function createActions(options: ActionsOptions): Actions {
  const { world, setup, disk, application, push, later, now, sessions, refreshRoles } = options
  const { id, key, isHonest } = setup
  const { network, keyring, oracle } = world
  const timers = new Map<TimerName, () => void>()

  function carryOut(effect: Exclude<Effect, { type: 'persist' }>): void {
    switch (effect.type) {
      case 'send':
        for (const peer of effect.to) network.send(id, peer, effect.message)
        return
      case 'castVote':
        return castVote(effect)
      case 'castClock':
        return castClock(effect)
      case 'publish':
        return network.publish(id, effect.message)
      case 'sendBlocks':
        return sendBlocks(effect)
      case 'setTimer':
        return setTimer(effect)
      case 'cancelTimer':
        timers.get(effect.timer)?.()
        return
      case 'buildBlock':
        return buildBlock(effect)
      case 'checkBlock':
        return checkBlock(effect)
      case 'deliver':
        for (const block of effect.blocks) takeFinal(block)
        return
      case 'notice':
        world.events.add(effect.notice.kind)
        if (effect.notice.kind === 'epochEntered' && application.waiting.size > 0) {
          push({ type: 'payloadPending', pending: true })
        }
        if (effect.notice.kind === 'sessionStarted') onSession(effect.notice.session)
        return
      case 'misbehaviour':
      case 'alarm':
        return
    }
  }

  function onSession({ session, voters }: Session): void {
    refreshRoles()
    const before = new Set(
      sessions()
        .get(session - 1)
        ?.voters.map((voter) => voter.key),
    )
    if (voters.every((voter) => !before.has(voter.key))) world.events.add('disjoint committees')
    if (voterIndex(sessionOf(sessions(), session), key) !== null && !before.has(key)) world.events.add('joined')
  }

  function seat(session: number): number {
    const index = voterIndex(sessionOf(sessions(), session), key)
    if (index === null) throw new Violation('assert', `${id} signs as a voter without being one`)
    return index
  }

  function castVote({ sn, blockHash, to }: Extract<Effect, { type: 'castVote' }>): void {
    const voter = seat(sn.session)
    const vote = { sn, blockHash, voter, signature: keyring.sign(key, voteStatement(sn, blockHash)) }
    oracle.onVote({ voter, sn, hash: blockHash, isHonest })
    if (to === null) push({ type: 'messageReceived', from: null, message: { type: 'vote', vote: asVerified(vote) } })
    else network.send(id, to, { type: 'vote', vote })
  }

  function castClock({ target, since, to, toSelf, publish }: Extract<Effect, { type: 'castClock' }>): void {
    const clock = { target, since, voter: seat(target.session), signature: keyring.sign(key, clockStatement(target)) }
    for (const peer of to) network.send(id, peer, { type: 'clock', clock })
    if (publish) network.publish(id, { type: 'clock', clock })
    if (toSelf) push({ type: 'messageReceived', from: null, message: { type: 'clock', clock: asVerified(clock) } })
  }

  function sendBlocks({ to, requestId, blocks }: Extract<Effect, { type: 'sendBlocks' }>): void {
    const hashes =
      blocks.kind === 'hashes'
        ? blocks.hashes
        : Array.from({ length: blocks.toHeight - blocks.fromHeight + 1 }, (_, i) =>
            disk.finalHash(blocks.fromHeight + i),
          )
    const stored = hashes.slice(0, MAX_BLOCKS_PER_ANSWER).map((hash) => (hash === null ? null : disk.storedBlock(hash)))
    const end = stored.indexOf(null)
    demand(end < 0 || !isHonest, 'I5', () => `${id} holds a block as notarized that its disk cannot serve`)
    const found = (end < 0 ? stored : stored.slice(0, end)).filter((block) => block !== null)
    network.send(id, to, { type: 'blocks', requestId, blocks: found })
  }

  function setTimer({ timer, generation, delayMs }: Extract<Effect, { type: 'setTimer' }>): void {
    timers.get(timer)?.()
    timers.set(
      timer,
      later(delayMs, () => push({ type: 'timerFired', timer, generation })),
    )
  }

  function buildBlock({ plan }: Extract<Effect, { type: 'buildBlock' }>): void {
    const { payload, isMore } = plan.payloadAllowed
      ? application.payloadAfter(plan.pendingAncestors)
      : { payload: [], isMore: false }
    const proposal = seal(keyring, key, composeBlock(plan, payload, { now: now(), election: electionFor(plan) }))
    oracle.onBlock(proposal)
    later(world.thinkingMs(MAX_THINKING_MS), () => {
      push({ type: 'payloadPending', pending: isMore })
      push({ type: 'blockBuilt', proposal: asVerified(proposal) })
    })
  }

  /** P16.2, P16.3, as `pala/builder.ts` does it. */
  function electionFor({ sn, stop, stateHeight }: Pick<BlockPlan, 'sn' | 'stop' | 'stateHeight'>): Election | null {
    if (stop === 'no') return null
    const next = application.electNext(stateHeight)
    if (next !== null) return { plan: next, kept: false }
    const { proposers, voters, params } = sessionOf(sessions(), sn.session)
    return stop === 'may' ? null : { plan: { proposers, voters, params }, kept: true }
  }

  function judge({ block, stop, pendingAncestors }: Extract<Effect, { type: 'checkBlock' }>) {
    const { sn, stateHeight, timestamp } = block.header
    if (timestamp > now() + sessionOf(sessions(), sn.session).params.maxClockDriftMs) return 'retryable'
    const election = JSON.stringify(electionFor({ sn, stop, stateHeight }))
    return election === JSON.stringify(block.election) && application.isValid(block, pendingAncestors)
      ? 'valid'
      : 'invalid'
  }

  function checkBlock(effect: Extract<Effect, { type: 'checkBlock' }>): void {
    const { hash } = effect.block
    const verdict = judge(effect)
    later(world.thinkingMs(MAX_THINKING_MS), () => push({ type: 'blockChecked', hash, verdict }))
  }

  function takeFinal(block: Block): void {
    if (isHonest) oracle.onDeliver(id, [block])
    application.deliver(block)
  }

  return { carryOut, takeFinal, forgetTimers: () => timers.clear() }
}

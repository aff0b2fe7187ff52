/** What a simulated node does for its machine: messages, signatures, timers, and questions to the application. */
import { asVerified, type Millis } from '../../../src/domain.ts'
import { voterIndex } from '../../../src/pala/committee.ts'
import type { Block, Effect, TimerName } from '../../../src/pala/types.ts'
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
}

export interface Actions {
  carryOut(effect: Exclude<Effect, { type: 'persist' }>): void
  takeFinal(block: Block): void
  forgetTimers(): void
}

export function createActions({ world, setup, disk, application, push, later, now }: ActionsOptions): Actions {
  const { id, key, session, isHonest } = setup
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
        return
      case 'misbehaviour':
      case 'alarm':
        return
    }
  }

  function seat(): number {
    const index = voterIndex(session, key)
    if (index === null) throw new Violation('assert', `${id} signs as a voter without being one`)
    return index
  }

  function castVote({ sn, blockHash, to }: Extract<Effect, { type: 'castVote' }>): void {
    const voter = seat()
    const vote = { sn, blockHash, voter, signature: keyring.sign(key, voteStatement(sn, blockHash)) }
    oracle.onVote({ voter, sn, hash: blockHash, isHonest })
    if (to === null) push({ type: 'messageReceived', from: null, message: { type: 'vote', vote: asVerified(vote) } })
    else network.send(id, to, { type: 'vote', vote })
  }

  function castClock({ target, since, to, toSelf, publish }: Extract<Effect, { type: 'castClock' }>): void {
    const clock = { target, since, voter: seat(), signature: keyring.sign(key, clockStatement(target)) }
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
    const proposal = seal(keyring, key, composeBlock(plan, payload, now()))
    oracle.onBlock(proposal)
    later(world.thinkingMs(MAX_THINKING_MS), () => {
      push({ type: 'payloadPending', pending: isMore })
      push({ type: 'blockBuilt', proposal: asVerified(proposal) })
    })
  }

  function checkBlock({ block, pendingAncestors }: Extract<Effect, { type: 'checkBlock' }>): void {
    const isEarly = block.header.timestamp > now() + session.params.maxClockDriftMs
    const verdict = isEarly ? 'retryable' : application.isValid(block, pendingAncestors) ? 'valid' : 'invalid'
    later(world.thinkingMs(MAX_THINKING_MS), () => push({ type: 'blockChecked', hash: block.hash, verdict }))
  }

  function takeFinal(block: Block): void {
    if (isHonest) oracle.onDeliver(id, [block])
    application.deliver(block)
  }

  return { carryOut, takeFinal, forgetTimers: () => timers.clear() }
}

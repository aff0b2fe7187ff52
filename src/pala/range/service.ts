/**
 * Range sync on the live network (P17.6): asks and serves over its own channel, checks what arrives, and gives consensus
 * one proven batch at a time. The blocks wait here; the machine decides by their heights.
 */
import { required } from '../../assert.ts'
import { asVerified, type PeerId, type Verified } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createDriver } from '../../machine/driver.ts'
import { createTimers } from '../../machine/timers.ts'
import { CHANNELS } from '../../protocols/catalogue.ts'
import type { Network } from '../../protocols/network.ts'
import { finalizedOf } from '../chain.ts'
import { sessionAfter } from '../election.ts'
import type { PalaError } from '../errors.ts'
import type { PalaStore } from '../store.ts'
import type { Session, State } from '../types.ts'
import { createVerifier } from '../verify.ts'
import { ANSWER_BYTES, TOLERATED_FAILURES } from './bounds.ts'
import { type Contents, checkProof, readContents } from './check.ts'
import { decodeRangeMessage, encodeRequest, type RangeAsk, type RangeMessage, type RangeProof } from './codec.ts'
import { createRangeState, rangeStep } from './machine.ts'
import { createRangeStore } from './range-store.ts'
import { lowestServed } from './rules/windows.ts'
import { createRangeServer } from './server.ts'
import type { FinalRange, RangeEffect, RangeInput, RangeRequest, RangeState } from './types.ts'

export type RangeSyncOptions = {
  /** The state of consensus, read live. */
  readonly state: State
  readonly store: PalaStore
  readonly network: Network
  readonly clock: Clock
  /** Hands a proven batch to consensus, which answers through {@link RangeSync.taken}. */
  readonly take: (range: Verified<FinalRange>) => void
  /** Whether consensus leaves fetching blocks to range sync. */
  readonly lead: (leads: boolean) => void
  /** The lowest height whose block is still held; 1 when absent. */
  readonly lowestHeight?: () => number
  readonly observer: {
    readonly rejected: (what: string, reason: string) => void
    readonly failed: (error: unknown) => void
  }
}

/** What can be told of catching up by ranges. */
export type RangeProgress = {
  readonly active: boolean
  /** Peers with requests under way, or with blocks that wait. */
  readonly peers: number
  /** Bytes of blocks proven so far. */
  readonly bytes: number
  /** The best claim of peers that did not fail often; null when none is known. */
  readonly target: number | null
  /** When every peer that is ahead has deleted the next block: the lowest height that one still has; else null. */
  readonly lowestServed: number | null
}

export interface RangeSync {
  /** A peer's status named its finalized height. */
  claimed(peer: PeerId, height: number): void
  /** The finalized head grew. */
  finalized(height: number): void
  /** Consensus is done with a batch up to `last`; a `problem` says why it took none of it. */
  taken(outcome: { readonly last: number; readonly problem: string | null }): void
  progress(): RangeProgress
  stop(): Promise<void>
}

/** A checked answer; `isProven` is false while its session is not known. */
type Batch = {
  readonly contents: Contents
  readonly proof: RangeProof
  isProven: boolean
}

/** Registers the channel on `network`, which must not have started. */
export function createRangeSync(options: RangeSyncOptions): RangeSync {
  const { state, network, clock } = options
  const { rejected, failed } = options.observer
  const { chainId } = state.config
  const batches = new Map<number, Batch>()
  /** The committee that the last batch taken elected; consensus knows it a few blocks later. */
  let elected: Session | null = null
  let applied: number | null = null
  let bytes = 0
  const timers = createTimers<'wake'>(() => push({ type: 'woke' }))
  const driver = createDriver<RangeState, RangeInput, RangeEffect>({
    state: createRangeState(finalizedOf(state.tree).ref.height),
    step: rangeStep,
    execute: async (effects) => {
      for (const effect of effects) carryOut(effect)
    },
    onFailure: failed,
  })
  const channel = network.channel(CHANNELS.palaRange, receive)
  const server = createRangeServer({
    store: createRangeStore(options.store, required(state.sessions.get(1), 'genesis starts session 1')),
    clock,
    finalizedHeight: () => finalizedOf(state.tree).ref.height,
    lowestHeight: options.lowestHeight ?? (() => 1),
    send: (peer, message) => void channel.send(peer, message),
    onFailure: failed,
  })
  network.onPeers({
    connected: () => undefined,
    disconnected(peer) {
      server.peerLeft(peer)
      push({ type: 'peerLeft', peer })
    },
  })

  type Bare = RangeInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never
  function push(input: Bare): void {
    driver.push({ ...input, now: clock.now() } as RangeInput)
  }

  // ------------------------------------------------------------ in

  async function receive(from: PeerId, message: Uint8Array): Promise<void> {
    const parsed = parse(from, message)
    if (parsed === null) return
    if (parsed.type === 'request') return serve(from, parsed)
    const request = driver.state.requests.get(parsed.requestId)
    push({ type: 'arrived', peer: from, requestId: parsed.requestId })
    if (request === undefined || request.peer !== from || request.arrived) return
    await weigh(request, parsed)
  }

  function parse(from: PeerId, message: Uint8Array): RangeMessage | null {
    try {
      return decodeRangeMessage(message)
    } catch (error) {
      rejected('range', 'malformed')
      network.penalise(from, 'malformed', (error as PalaError).message)
      return null
    }
  }

  function serve(from: PeerId, ask: RangeAsk): void {
    if (ask.fromHeight < 1 || ask.toHeight < ask.fromHeight) network.penalise(from, 'invalid', 'an impossible range')
    else if (!server.request(from, ask)) network.penalise(from, 'limit', 'too many range requests at once')
  }

  /** Checks an answer as far as the known committees allow; back-pressure for the sender. */
  async function weigh(request: RangeRequest, answer: Exclude<RangeMessage, { type: 'request' }>): Promise<void> {
    const { id: requestId, from, to } = request
    if (answer.type === 'empty') return push({ type: 'empty', requestId })
    if (answer.type === 'pruned') return push({ type: 'pruned', requestId, lowest: answer.lowest })
    const contents = await readContents(answer.blocks, { chainId, from, to })
    if (typeof contents === 'string') return refuse(requestId, contents)
    const batch: Batch = { contents, proof: answer.proof, isProven: false }
    if ((await prove(requestId, batch)) === 'refused') return
    const last = required(contents.blocks.at(-1), 'an answer with blocks has a last one').block.header
    const isFull = contents.bytes > ANSWER_BYTES / 2
    push({ type: 'checked', requestId, last: last.height, end: last.isStop ? 'stop' : isFull ? 'full' : 'none' })
  }

  /** `unknown`: kept for later, because a committee is not known yet. */
  async function prove(requestId: number, batch: Batch): Promise<'proven' | 'unknown' | 'refused'> {
    const outcome = await checkProof(batch.contents, batch.proof, {
      sessions: committees(),
      chainId,
      verifyNotarization,
    })
    if (!outcome.ok && !outcome.unknown) {
      refuse(requestId, outcome.reason)
      return 'refused'
    }
    if (outcome.ok) bytes += batch.contents.bytes
    batch.isProven = outcome.ok
    batches.set(requestId, batch)
    return outcome.ok ? 'proven' : 'unknown'
  }

  function committees(): ReadonlyMap<number, Session> {
    if (elected === null || state.sessions.has(elected.session)) return state.sessions
    return new Map([...state.sessions, [elected.session, elected]])
  }

  async function verifyNotarization(notarization: FinalRange['notarization']): Promise<boolean> {
    const verifier = createVerifier({ chainId, sessions: committees() })
    return (await verifier.message({ type: 'notarization', notarization })).ok
  }

  function refuse(requestId: number, reason: string): void {
    rejected('range', reason)
    push({ type: 'refused', requestId, penalty: 'invalid', reason: `range: ${reason}` })
  }

  // ------------------------------------------------------------ out

  function carryOut(effect: RangeEffect): void {
    switch (effect.type) {
      case 'ask': {
        const { peer, requestId, from, to } = effect
        const isQueued = channel.send(peer, encodeRequest({ requestId, fromHeight: from, toHeight: to }))
        return isQueued ? undefined : push({ type: 'empty', requestId })
      }
      case 'apply':
        return void apply(effect.requestId).catch(failed)
      case 'forget':
        return void batches.delete(effect.requestId)
      case 'penalise':
        return network.penalise(effect.peer, effect.penalty, effect.reason)
      case 'wake':
        return effect.delayMs === null ? timers.cancel('wake') : timers.set('wake', effect.delayMs)
      case 'lead':
        return options.lead(effect.leads)
    }
  }

  /** The blocks below are in place, so a committee that is still unknown will never be known by this batch. */
  async function apply(requestId: number): Promise<void> {
    const batch = required(batches.get(requestId), 'a batch to apply waits here')
    const standing = batch.isProven ? 'proven' : await prove(requestId, batch)
    if (standing === 'unknown') refuse(requestId, 'the committee of its proof is not known')
    if (standing !== 'proven') return
    applied = requestId
    const { blocks } = batch.contents
    options.take(asVerified({ blocks, notarization: batch.proof.notarization }))
  }

  return {
    claimed(peer, height) {
      // Gossip carries the status of nodes that are not connected and so cannot be asked.
      if (state.peers.has(peer)) push({ type: 'claimed', peer, height })
    },
    finalized: (height) => push({ type: 'advanced', height }),
    taken({ last, problem }) {
      if (applied === null) return
      const batch = batches.get(applied)
      const requestId = applied
      applied = null
      if (problem !== null) return refuse(requestId, problem)
      const top = batch?.contents.blocks.at(-1)?.block
      if (top !== undefined && top.election !== null) elected = sessionAfter(top.header.sn.session, top.election)
      push({ type: 'advanced', height: last })
    },
    progress() {
      const { active, requests, windows, peers: known } = driver.state
      const trusted = [...known.values()].filter(({ failures }) => failures <= TOLERATED_FAILURES)
      const peers = new Set([...requests.values()].map((request) => request.peer))
      for (const { batch } of windows) if (batch !== null) peers.add(batch.peer)
      const target = trusted.length === 0 ? null : Math.max(...trusted.map(({ claim }) => claim))
      return { active, peers: peers.size, bytes, target, lowestServed: lowestServed(driver.state) }
    },
    async stop() {
      timers.clear()
      server.stop()
      await driver.stop()
      timers.clear()
    },
  }
}

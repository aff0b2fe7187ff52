/**
 * Pala on the live network: decodes and verifies what comes in, runs the machine, and carries out its effects, writing
 * each turn's records before what depends on them leaves (DESIGN.md 4).
 */
import { randomBytes } from 'node:crypto'
import { pipe } from 'it-pipe'
import { required } from '../assert.ts'
import type { Signer } from '../crypto/keys.ts'
import { asVerified, type Hash, type PeerId, type Role } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { createDriver } from '../machine/driver.ts'
import { createTimers } from '../machine/timers.ts'
import { CHANNELS, TOPICS } from '../protocols/catalogue.ts'
import type { Channel, GossipVerdict, Network, Topic } from '../protocols/network.ts'
import { createBlockBuilder } from './builder.ts'
import { CLOCK_TAG, clockTargetBytes, VOTE_TAG, voteTargetBytes } from './codec.ts'
import { sessionOf, voterIndex } from './committee.ts'
import type { PalaError } from './errors.ts'
import type { VoteJournal } from './journal-store.ts'
import { step } from './machine.ts'
import { decodeMessage, encodeMessage, encodeStoredBlocks } from './message-codec.ts'
import type { Application } from './ports.ts'
import { createRangeSync, type RangeProgress } from './range/service.ts'
import { staleReason } from './relevance.ts'
import { isLeader, leaderPeer } from './rules/turn.ts'
import type { PalaStore, StoredBlock } from './store.ts'
import type {
  AlarmCode,
  DurableRecord,
  Effect,
  Input,
  Message,
  MessageType,
  Notice,
  State,
  TimerName,
} from './types.ts'
import { createVerifier } from './verify.ts'

/** Bytes of one `blocks` answer (P17.4). */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024

export type PalaOptions = {
  /** Fresh or restored; the service owns it from now on. */
  readonly state: State
  readonly store: PalaStore
  /** Null for keys that may not vote. */
  readonly journal: VoteJournal | null
  readonly network: Network
  readonly application: Application
  readonly signer: Signer
  readonly clock: Clock
  readonly observer: PalaObserver
  /** The lowest height whose block is still on disk; 1 when absent (P20.9). */
  readonly lowestHeight?: () => number
}

/** What the rest of the node hears of consensus. */
export type PalaObserver = {
  readonly notice: (notice: Notice) => void
  /** `bytes`: of blocks fetched in bulk since the start. */
  readonly finalized: (height: number, bytes: number) => void
  readonly alarm: (code: AlarmCode, detail: string) => void
  readonly rejected: (what: string, reason: string) => void
  readonly persisted: (durationMs: number, records: number) => void
  readonly leaderChanged: () => void
  /** A vote was signed and left. */
  readonly voted: () => void
  /** The machine or the disk failed: the node must end (P20.7). */
  readonly failed: (error: unknown) => void
}

export interface PalaService {
  readonly state: State
  start(): void
  stop(): Promise<void>
  /** The application has, or no longer has, entries that are not in a proposed block yet; told at each change. */
  payloadPending(pending: boolean): void
  /** The leader of the local epoch; null when it is not connected. */
  leader(): PeerId | 'self' | null
  /** How catching up by ranges stands. */
  rangeProgress(): RangeProgress
  readonly queueLength: number
}

/** Names a process (P19.5). */
const INSTANCE_BYTES = 16

const CHANNEL_OF: Partial<Record<MessageType, 'votes' | 'proposals'>> = {
  proposal: 'proposals',
  vote: 'votes',
  notarization: 'votes',
  clock: 'votes',
  clockNotarization: 'votes',
  getClocks: 'votes',
}

/** Registers Pala's channels and topics on `network` (before it starts) and returns the service. */
export function createPala(options: PalaOptions): PalaService {
  const { state, store, journal, network, application, signer, clock, observer } = options
  const { chainId } = state.config
  state.presence.instance = randomBytes(INSTANCE_BYTES).toString('hex')
  const verifier = createVerifier({ chainId, sessions: state.sessions })
  const builder = createBlockBuilder({ config: state.config, sessions: state.sessions, application, signer, clock })
  const driver = createDriver<State, Input, Effect>({ state, step, execute, onFailure: observer.failed })
  const generations = new Map<TimerName, number>()
  const timers = createTimers<TimerName>((timer) =>
    push({ type: 'timerFired', timer, generation: generations.get(timer) ?? 0 }),
  )
  let lastLeader: PeerId | 'self' | null = null
  let stopped = false

  type Bare = Input extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never
  function push(input: Bare): void {
    driver.push({ ...input, now: clock.now() } as Input)
  }

  // ------------------------------------------------------------ in

  const channels: Record<'votes' | 'proposals' | 'sync', Channel> = {
    votes: network.channel(CHANNELS.palaVotes, (from, bytes) => receive('votes', from, bytes)),
    proposals: network.channel(CHANNELS.palaProposals, (from, bytes) => receive('proposals', from, bytes)),
    sync: network.channel(CHANNELS.palaSync, (from, bytes) => receive('sync', from, bytes)),
  }
  const clockTopic = network.topic(TOPICS.palaClock, (from, bytes) =>
    judge(['clock', 'clockNotarization'], from, bytes),
  )
  const evidenceTopic = network.topic(TOPICS.palaEvidence, (from, bytes) => judge(['evidence'], from, bytes))
  const heartbeatTopic = network.topic(TOPICS.palaHeartbeat, (from, bytes) => judge(['status'], from, bytes))
  const ranges = createRangeSync({
    ...options,
    take: (range) => push({ type: 'finalRangeReceived', range }),
    lead: (leads) => push({ type: 'rangeLeadChanged', leads }),
  })
  network.onPeers({
    connected: (peer: PeerId, roles: readonly Role[]) => push({ type: 'peerConnected', peer, roles }),
    disconnected: (peer: PeerId) => push({ type: 'peerDisconnected', peer }),
    rolesChanged: (peer: PeerId, roles: readonly Role[]) => push({ type: 'peerRolesChanged', peer, roles }),
  })

  function parse(from: PeerId, bytes: Uint8Array): Message | null {
    try {
      return decodeMessage(bytes)
    } catch (error) {
      network.penalise(from, 'malformed', (error as PalaError).message)
      observer.rejected('message', 'malformed')
      return null
    }
  }

  async function receive(channel: 'votes' | 'proposals' | 'sync', from: PeerId, bytes: Uint8Array): Promise<void> {
    const message = parse(from, bytes)
    if (message === null) return
    if ((CHANNEL_OF[message.type] ?? 'sync') !== channel) {
      return network.penalise(from, 'malformed', `a ${message.type} on the ${channel} channel`)
    }
    await admit(from, message)
  }

  /** P6.5: relevance, then signatures, then the machine. */
  async function admit(from: PeerId, message: Message): Promise<GossipVerdict> {
    const stale = staleReason(state, message)
    if (stale !== null) {
      observer.rejected(message.type, stale)
      return 'ignore'
    }
    const check = await verifier.message(message)
    if (check.ok) {
      if (message.type === 'status') ranges.claimed(from, message.status.finalized.height)
      push({ type: 'messageReceived', from, message: check.value })
      return 'accept'
    }
    observer.rejected(message.type, check.reason)
    if (check.offence !== undefined) {
      const evidence = asVerified(check.offence)
      push({ type: 'messageReceived', from: null, message: { type: 'evidence', evidence } })
    }
    if (check.unknown) return 'ignore'
    network.penalise(from, 'invalid', check.reason)
    return 'reject'
  }

  async function judge(types: readonly MessageType[], from: PeerId, bytes: Uint8Array): Promise<GossipVerdict> {
    const message = parse(from, bytes)
    if (message === null || !types.includes(message.type)) return 'reject'
    return admit(from, message)
  }

  // ------------------------------------------------------------ out

  /** Effects in order; the records of a turn are written together where the first of them stands. */
  async function execute(effects: readonly Effect[]): Promise<void> {
    const records = effects.flatMap((effect) => (effect.type === 'persist' ? effect.records : []))
    const sync = effects.some((effect) => effect.type === 'persist' && effect.sync)
    let written = false
    for (const effect of effects) {
      if (effect.type !== 'persist') await carryOut(effect)
      else if (!written) {
        written = true
        await write(records, sync)
      }
    }
    noteLeader()
  }

  async function write(records: readonly DurableRecord[], sync: boolean): Promise<void> {
    const from = clock.now()
    await store.write(records, sync)
    await journal?.append(records)
    observer.persisted(clock.now() - from, records.length)
  }

  async function carryOut(effect: Exclude<Effect, { type: 'persist' }>): Promise<void> {
    switch (effect.type) {
      case 'send':
        return sendTo(effect.to, effect.message)
      case 'castVote':
        return castVote(effect)
      case 'castClock':
        return castClock(effect)
      case 'publish':
        return publish(effect.message)
      case 'sendBlocks':
        return void sendBlocks(effect).catch(observer.failed)
      case 'setTimer':
        generations.set(effect.timer, effect.generation)
        return timers.set(effect.timer, effect.delayMs)
      case 'cancelTimer':
        return timers.cancel(effect.timer)
      case 'buildBlock':
        return void buildBlock(effect).catch(observer.failed)
      case 'checkBlock':
        return void checkBlock(effect).catch(observer.failed)
      case 'deliver':
        for (const block of effect.blocks) await application.deliver(block)
        return noteFinalized(required(effect.blocks.at(-1), 'something was delivered').header.height)
      case 'rangeTaken':
        return ranges.taken(effect)
      case 'misbehaviour':
        observer.rejected('conduct', effect.reason)
        if (effect.peer !== null) network.penalise(effect.peer, effect.penalty, effect.reason)
        return
      case 'alarm':
        return observer.alarm(effect.code, effect.detail)
      case 'notice':
        return noteNotice(effect.notice)
    }
  }

  function sendTo(peers: readonly PeerId[], message: Message): void {
    const bytes = encodeMessage(message)
    const channel = channels[CHANNEL_OF[message.type] ?? 'sync']
    for (const peer of peers) channel.send(peer, bytes)
  }

  function publish(message: Message): void {
    const topics: Partial<Record<MessageType, Topic>> = { status: heartbeatTopic, evidence: evidenceTopic }
    const topic = topics[message.type] ?? clockTopic
    topic.publish(encodeMessage(message)).catch((error: unknown) => observer.rejected('publish', String(error)))
  }

  /** This node's seat in `session`, which the machine checked before it emitted the effect. */
  function seat(session: number): number {
    return required(voterIndex(sessionOf(state.sessions, session), signer.publicKey), 'this node is a voter')
  }

  function castVote({ sn, blockHash, to }: Extract<Effect, { type: 'castVote' }>): void {
    const signature = signer.sign({ tag: VOTE_TAG, chainId, payload: voteTargetBytes({ sn, blockHash }) })
    const vote = { sn, blockHash, voter: seat(sn.session), signature }
    observer.voted()
    if (to === null) push({ type: 'messageReceived', from: null, message: { type: 'vote', vote: asVerified(vote) } })
    else sendTo([to], { type: 'vote', vote })
  }

  function castClock({ target, since, to, toSelf, publish: gossip }: Extract<Effect, { type: 'castClock' }>): void {
    const signature = signer.sign({ tag: CLOCK_TAG, chainId, payload: clockTargetBytes(target) })
    const clockMessage = { target, since, voter: seat(target.session), signature }
    sendTo(to, { type: 'clock', clock: clockMessage })
    if (gossip) publish({ type: 'clock', clock: clockMessage })
    if (!toSelf) return
    push({ type: 'messageReceived', from: null, message: { type: 'clock', clock: asVerified(clockMessage) } })
  }

  async function sendBlocks({ to, requestId, blocks }: Extract<Effect, { type: 'sendBlocks' }>): Promise<void> {
    const source = blocks.kind === 'hashes' ? byHashes(blocks.hashes) : byHeights(blocks)
    const found = await pipe(source, upToAnswerCap, (kept) => Array.fromAsync(kept))
    channels.sync.send(to, encodeStoredBlocks(requestId, found))
  }

  async function* byHashes(hashes: readonly Hash[]): AsyncGenerator<StoredBlock> {
    for (const hash of hashes) {
      const block = await store.storedBlock(hash)
      if (block === null) return
      yield block
    }
  }

  async function* byHeights(range: { fromHeight: number; toHeight: number }): AsyncGenerator<StoredBlock> {
    for (let height = range.fromHeight; height <= range.toHeight; height++) {
      const hash = await store.finalHash(height)
      const block = hash === null ? null : await store.storedBlock(hash)
      if (block === null) return
      yield block
    }
  }

  async function buildBlock({ plan }: Extract<Effect, { type: 'buildBlock' }>): Promise<void> {
    const proposal = await builder.build(plan)
    if (stopped) return
    push({ type: 'blockBuilt', proposal })
  }

  async function checkBlock({ block, ...place }: Extract<Effect, { type: 'checkBlock' }>): Promise<void> {
    const { verdict, reason } = await builder.check(block, place)
    if (verdict !== 'valid') observer.rejected('block', reason ?? verdict)
    if (!stopped) push({ type: 'blockChecked', hash: block.hash, verdict })
  }

  function noteFinalized(height: number): void {
    ranges.finalized(height)
    observer.finalized(height, ranges.progress().bytes)
  }

  function noteNotice(notice: Notice): void {
    if (notice.kind === 'dropped') observer.rejected(notice.what, notice.reason)
    else observer.notice(notice)
  }

  function leader(): PeerId | 'self' | null {
    return isLeader(state) ? 'self' : leaderPeer(state)
  }

  function noteLeader(): void {
    const now = leader()
    if (now === lastLeader) return
    lastLeader = now
    observer.leaderChanged()
  }

  return {
    state,
    start: () => push({ type: 'started' }),
    async stop() {
      stopped = true
      timers.clear()
      await ranges.stop()
      await driver.stop()
      timers.clear()
      await journal?.close()
    },
    payloadPending: (pending) => push({ type: 'payloadPending', pending }),
    leader,
    rangeProgress: ranges.progress,
    get queueLength() {
      return driver.queueLength
    },
  }
}

/** Passes blocks on until the answer is full (P17.4); the first one always goes. */
async function* upToAnswerCap(blocks: AsyncIterable<StoredBlock>): AsyncGenerator<StoredBlock> {
  let bytes = 0
  for await (const block of blocks) {
    const size = block.proposal.byteLength + block.notarization.byteLength
    if (bytes > 0 && bytes + size > MAX_ANSWER_BYTES) return
    bytes += size
    yield block
  }
}

/**
 * Topics over gossipsub: signed by their authors, judged by the concern's validator before they are relayed, with a
 * size cap and a rate per author. A rejected message lowers the score of whoever passed it on.
 */
import {
  type GossipSub,
  type GossipSubComponents,
  gossipsub,
  type Message,
  TopicValidatorResult,
} from '@chainsafe/libp2p-gossipsub'
import { createTopicScoreParams } from '@chainsafe/libp2p-gossipsub/score'
import { assert } from '../assert.ts'
import type { PeerId, PenaltyClass } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { setLatest } from '../machine/latest.ts'
import type { TopicRow } from './catalogue.ts'
import type { Log } from './log.ts'
import type { GossipValidator } from './network.ts'
import { createTokenBucket, type TokenBucket } from './rate-limit.ts'

/** Authors whose rate is remembered per topic; at the bound the oldest is forgotten. */
export const MAX_AUTHORS = 4_096
/** Bytes of an RPC besides the message: topic, author, sequence number, signature, control messages. */
const RPC_OVERHEAD_BYTES = 65_536
/** Bytes that may wait for one gossip peer. */
const MAX_OUTBOUND_BYTES = 8_388_608
/** Repeated entries of one RPC: far above what a network with a handful of topics needs. */
const MAX_RPC_ENTRIES = 1_024

/** A registered topic. */
export type TopicDefinition = { readonly row: TopicRow; readonly validate: GossipValidator }

export type GossipOptions = {
  /** Prefix of every topic name. */
  readonly network: string
  readonly topics: readonly TopicDefinition[]
  readonly clock: Clock
  readonly log: Log
  readonly penalise: (peer: PeerId, penalty: PenaltyClass, reason: string) => void
}

/** The name on the wire. */
export function topicName(network: string, row: TopicRow): string {
  return `${network}/${row.name}`
}

/** The libp2p service for these topics only. */
export function gossipService(options: GossipOptions): (components: GossipSubComponents) => GossipSub {
  const names = options.topics.map(({ row }) => topicName(options.network, row))
  const largest = Math.max(0, ...options.topics.map(({ row }) => row.maxMessageBytes))
  return gossipsub({
    globalSignaturePolicy: 'StrictSign',
    allowPublishToZeroTopicPeers: true,
    fallbackToFloodsub: false,
    emitSelf: false,
    doPX: false,
    allowedTopics: names,
    maxInboundDataLength: largest + RPC_OVERHEAD_BYTES,
    maxOutboundBufferSize: MAX_OUTBOUND_BYTES,
    decodeRpcLimits: {
      maxSubscriptions: MAX_RPC_ENTRIES,
      maxMessages: MAX_RPC_ENTRIES,
      maxIhaveMessageIDs: MAX_RPC_ENTRIES,
      maxIwantMessageIDs: MAX_RPC_ENTRIES,
      maxIdontwantMessageIDs: MAX_RPC_ENTRIES,
      maxControlMessages: MAX_RPC_ENTRIES,
      maxPeerInfos: 0,
    },
    scoreParams: {
      // Many nodes of a test network share an address.
      IPColocationFactorWeight: 0,
      topics: Object.fromEntries(names.map((name) => [name, scoreParams()])),
    },
  })
}

/** Only what a peer does wrong counts: a small quiet committee must not lose points for delivering little. */
function scoreParams() {
  return createTopicScoreParams({
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: -10,
    invalidMessageDeliveriesDecay: 0.9,
  })
}

/** Subscribes to every topic and installs the validators. Call it once gossipsub has started. */
export function joinTopics(pubsub: GossipSub, options: GossipOptions): void {
  for (const definition of options.topics) {
    const name = topicName(options.network, definition.row)
    pubsub.topicValidators.set(name, createValidator(definition, options))
    pubsub.subscribe(name)
  }
}

/** Publishes one message; resolves to the number of peers it went to. */
export async function publishTo(pubsub: GossipSub, name: string, row: TopicRow, message: Uint8Array): Promise<number> {
  assert(message.byteLength <= row.maxMessageBytes, `a message of topic ${row.name} keeps its cap`)
  const { recipients } = await pubsub.publish(name, message)
  return recipients.length
}

type Validator = (source: { toString(): string }, message: Message) => Promise<TopicValidatorResult>

/** A validator as gossipsub wants it: cap, rate, then the concern's judgement. */
export function createValidator(
  definition: TopicDefinition,
  options: Omit<GossipOptions, 'network' | 'topics'>,
): Validator {
  const { row, validate } = definition
  const isWithinRate = createAuthorRate(row, options.clock)
  const reject = (source: PeerId, reason: string): TopicValidatorResult => {
    options.penalise(source, 'malformed', `gossip on ${row.name}: ${reason}`)
    return TopicValidatorResult.Reject
  }
  return async (source, message) => {
    const relay = source.toString()
    if (message.type !== 'signed') return reject(relay, 'unsigned')
    if (message.data.byteLength > row.maxMessageBytes) return reject(relay, 'larger than the topic allows')
    const author = message.from.toString()
    if (!isWithinRate(author)) return TopicValidatorResult.Ignore
    try {
      const verdict = await validate(author, message.data, relay)
      if (verdict === 'reject') return reject(relay, 'rejected')
      return verdict === 'accept' ? TopicValidatorResult.Accept : TopicValidatorResult.Ignore
    } catch (error) {
      options.log.error({ topic: row.name, author, error }, 'a gossip message could not be judged')
      return TopicValidatorResult.Ignore
    }
  }
}

function createAuthorRate(row: TopicRow, clock: Clock): (author: PeerId) => boolean {
  const buckets = new Map<PeerId, TokenBucket>()
  return (author) => {
    let bucket = buckets.get(author)
    if (bucket === undefined) {
      bucket = createTokenBucket({ rate: row.rate, burst: row.burst, clock })
      setLatest(buckets, [author, bucket], MAX_AUTHORS)
    }
    return bucket.tryTake()
  }
}

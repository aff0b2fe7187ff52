/**
 * ATXs over gossip (S8): a published one is announced by its id, with its bytes when they are few. Others judge it whole
 * before they pass it on: what comes without bytes is fetched first, what builds on something unknown waits a while.
 */
import type { Hash, Millis, PeerId } from '../domain.ts'
import type { GossipVerdict, Topic } from '../protocols/network.ts'
import { AtxAnnouncement } from '../protocols/wire/atx.gen.ts'
import type { Arrivals } from './arrivals.ts'
import type { Intake, Verdict } from './intake/types.ts'
import { ID_BYTES } from './set/types.ts'

/** Larger blobs are announced by id alone; the topic's cap is above it. */
export const MAX_INLINE_BYTES = 32_768
/** Gossip remembers a message for some tens of seconds: an announcement that takes longer is not passed on. */
const SETTLE_MS: Millis = 8_000
/** Announced blobs that are judged at once, of all relays and of one; more are left to reconciliation. */
const MAX_JUDGED = 1_000
const MAX_JUDGED_OF_ONE = 250
/** While more are judged nothing is served in bulk (S9.1, which waits for more than are ever judged here). No two peers alone bring it about. */
export const BUSY_AT = 500

export type AnnouncerOptions = {
  readonly topic: Pick<Topic, 'publish'>
  readonly intake: Intake
  readonly now: () => Millis
  /** Whether the ATX is in the set. */
  readonly has: (id: Hash) => boolean
  /** Has the fetcher ask these peers for an ATX; answers with those that it is to ask on this account alone. */
  readonly want: (id: Hash, from: readonly PeerId[]) => readonly PeerId[]
  readonly settled: Arrivals['settled']
  /** Whether the set has nothing to do with the peer for a while (S9.2). */
  readonly isRefused: (peer: PeerId) => boolean
  /** The relay does not have what it announced. */
  readonly useless: (relay: PeerId) => void
  readonly counted: (outcome: GossipVerdict | 'sent') => void
}

export interface Announcer {
  /** Tells the network of an ATX of the set; resolves with how many peers heard it at once. */
  announce(id: Hash, blob: Uint8Array): Promise<number>
  /** Validator of the topic. */
  judge(author: PeerId, message: Uint8Array, relay: PeerId): Promise<GossipVerdict>
  /** Announced blobs that are being judged. */
  readonly pending: number
}

const VERDICTS: Readonly<Record<Exclude<Verdict, 'waiting'>, GossipVerdict>> = {
  inserted: 'accept',
  known: 'ignore',
  mismatch: 'reject',
  'bad-signature': 'reject',
  'too-big': 'reject',
  malformed: 'reject',
  invalid: 'reject',
  early: 'ignore',
  full: 'ignore',
}

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { topic, intake, now, has, want, settled, isRefused, useless, counted } = options
  /** How many blobs of each relay are being judged. */
  const judged = new Map<PeerId, number>()
  let pending = 0

  async function take(id: Hash, blob: Uint8Array, relay: PeerId): Promise<Verdict> {
    const ofRelay = judged.get(relay) ?? 0
    if (pending >= MAX_JUDGED || ofRelay >= MAX_JUDGED_OF_ONE) return 'full'
    pending++
    judged.set(relay, ofRelay + 1)
    try {
      const [verdict = 'full'] = await intake.take([{ id, blob, receivedAt: now(), source: 'gossip', from: relay }])
      return verdict
    } finally {
      pending--
      const left = (judged.get(relay) ?? 1) - 1
      if (left === 0) judged.delete(relay)
      else judged.set(relay, left)
    }
  }

  async function judgeBlob(id: Hash, blob: Uint8Array, relay: PeerId): Promise<GossipVerdict> {
    const verdict = await take(id, blob, relay)
    if (verdict !== 'waiting') return VERDICTS[verdict]
    return (await settled({ id, peer: relay, withinMs: SETTLE_MS })) ? 'accept' : 'ignore'
  }

  /**
   * A relay that does not have what it announced is counted, without rejecting the message: gossip would hold that against
   * everybody who passed it on. A relay that was asked before it announced may have answered before, too.
   */
  async function judgeId(id: Hash, relay: PeerId, tellers: readonly PeerId[]): Promise<GossipVerdict> {
    const asked = want(id, tellers)
    const denied = (by: PeerId): void => {
      if (by === relay && asked.includes(relay)) useless(relay)
    }
    return (await settled({ id, peer: relay, withinMs: SETTLE_MS, denied })) ? 'accept' : 'ignore'
  }

  async function judge(author: PeerId, message: Uint8Array, relay: PeerId): Promise<GossipVerdict> {
    const announcement = parse(message)
    if (announcement === null) return 'reject'
    const { id, blob } = announcement
    if (has(id)) return 'ignore'
    if (intake.isRejected(id)) return 'reject'
    // Gossip takes each message once: what a refused peer passes on of others must not be lost with it.
    const tellers = (relay === author ? [relay] : [relay, author]).filter((peer) => !isRefused(peer))
    if (tellers.length === 0) return 'ignore'
    return blob === null ? judgeId(id, relay, tellers) : judgeBlob(id, blob, relay)
  }

  return {
    async announce(id, blob) {
      const inline = blob.byteLength <= MAX_INLINE_BYTES ? blob : new Uint8Array(0)
      counted('sent')
      return topic.publish(AtxAnnouncement.encode({ id: Buffer.from(id, 'hex'), blob: inline }))
    },
    async judge(author, message, relay) {
      const verdict = await judge(author, message, relay)
      counted(verdict)
      return verdict
    },
    get pending() {
      return pending
    },
  }
}

function parse(message: Uint8Array): { readonly id: Hash; readonly blob: Uint8Array | null } | null {
  try {
    const { id, blob } = AtxAnnouncement.decode(message)
    if (id.byteLength !== ID_BYTES) return null
    return { id: Buffer.from(id).toString('hex'), blob: blob.byteLength === 0 ? null : blob }
  } catch {
    return null
  }
}

/**
 * ATXs over gossip (S8): a published one is announced by its id, with its bytes when they are few. Others judge it whole
 * before they pass it on: what comes without bytes is fetched first, what builds on something unknown waits a while.
 */
import type { Hash, Millis, PeerId } from '../domain.ts'
import type { GossipVerdict, Topic } from '../protocols/network.ts'
import { AtxAnnouncement } from '../protocols/wire/atx.gen.ts'
import type { Intake, Verdict } from './intake/types.ts'
import { ID_BYTES } from './set/types.ts'

/** Larger blobs are announced by id alone; the topic's cap is above it. */
export const MAX_INLINE_BYTES = 32_768
/** Gossip remembers a message for some tens of seconds: an announcement that takes longer is not passed on. */
const SETTLE_MS: Millis = 8_000
/** Announcements judged at once; more are left to reconciliation. */
const MAX_PENDING = 1_000

export type AnnouncerOptions = {
  readonly topic: Pick<Topic, 'publish'>
  readonly intake: Intake
  readonly now: () => Millis
  /** Whether the ATX is in the set. */
  readonly has: (id: Hash) => boolean
  /** Has the fetcher ask for an ATX that these peers said to have. */
  readonly want: (id: Hash, from: readonly PeerId[]) => void
  /** Resolves with true when the ATX is in the set, with false when it is not by then. */
  readonly settled: (id: Hash, withinMs: Millis) => Promise<boolean>
  readonly counted: (outcome: GossipVerdict | 'sent') => void
}

export interface Announcer {
  /** Tells the network of an ATX of the set; resolves with how many peers heard it at once. */
  announce(id: Hash, blob: Uint8Array): Promise<number>
  /** Validator of the topic. */
  judge(from: PeerId, message: Uint8Array, relay: PeerId): Promise<GossipVerdict>
  /** Announcements that are being judged. */
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
  const { topic, intake, now, has, want, settled, counted } = options
  let pending = 0

  async function judgeBlob(id: Hash, blob: Uint8Array, relay: PeerId): Promise<GossipVerdict> {
    const arrival = { id, blob, receivedAt: now(), source: 'gossip' as const, from: relay }
    const [verdict = 'full'] = await intake.take([arrival])
    if (verdict !== 'waiting') return VERDICTS[verdict]
    return (await settled(id, SETTLE_MS)) ? 'accept' : 'ignore'
  }

  async function judgeId(id: Hash, from: PeerId, relay: PeerId): Promise<GossipVerdict> {
    want(id, relay === from ? [relay] : [relay, from])
    return (await settled(id, SETTLE_MS)) ? 'accept' : 'ignore'
  }

  async function judge(from: PeerId, message: Uint8Array, relay: PeerId): Promise<GossipVerdict> {
    const announcement = parse(message)
    if (announcement === null) return 'reject'
    const { id, blob } = announcement
    if (has(id) || pending >= MAX_PENDING) return 'ignore'
    if (intake.isRejected(id)) return 'reject'
    pending++
    try {
      return await (blob === null ? judgeId(id, from, relay) : judgeBlob(id, blob, relay))
    } finally {
      pending--
    }
  }

  return {
    async announce(id, blob) {
      const inline = blob.byteLength <= MAX_INLINE_BYTES ? blob : new Uint8Array(0)
      counted('sent')
      return topic.publish(AtxAnnouncement.encode({ id: Buffer.from(id, 'hex'), blob: inline }))
    },
    async judge(from, message, relay) {
      const verdict = await judge(from, message, relay)
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

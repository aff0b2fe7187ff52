/** The shapes of `/v1/atx` as zod schemas; the compiler proves that they describe the types of `atx-port.ts`. */
import { z } from 'zod'
import type {
  AtxDetail,
  AtxFingerprintView,
  AtxPeerView,
  AtxPublished,
  AtxSessionView,
  AtxStatusView,
  AtxView,
} from './atx-port.ts'
import { count, describing, hash } from './schemas.ts'

/** Base64 characters of the largest blob (256 KiB). */
const MAX_BLOB_CHARS = 349_528

const time = (description: string) => z.string().meta({ description: `${description} RFC 3339.` })
const number = (description: string) => count().meta({ description })

const atxFields = {
  id: hash().meta({ description: 'Hash of the signed payload.' }),
  seq: number('Position in the order of receipt by this node, from 0.'),
  frame: number('The timeframe in which this node received it.'),
  publisher: hash().meta({ description: 'Public key (Ed25519, hex).' }),
  publisherPeerId: z.string(),
  publishEpoch: number('The epoch it was published in; it counts for the next one.'),
  previous: hash().nullable().meta({ description: "The publisher's ATX of an older epoch." }),
  positioning: hash().nullable().meta({ description: 'The ATX whose ticks it goes on from.' }),
  baseTickHeight: number('Ticks before it: where those of `positioning` end.'),
  tickCount: number('Ticks it claims.'),
  receivedAt: time("By this node's clock."),
  source: z.enum(['local', 'gossip', 'sync', 'serve']).meta({
    description: '`local`: published here; `sync`: fetched after a list of ids; `serve`: received in bulk.',
  }),
  bytes: number('Of the whole signed ATX.'),
}

export const atxSchema = describing<AtxView>()(z.strictObject(atxFields))
export const atxListSchema = z.array(atxSchema)
export const atxDetailSchema = describing<AtxDetail>()(
  z.strictObject({
    ...atxFields,
    body: z.string().meta({ description: 'What the publisher put in, base64.' }),
    blob: z.string().meta({ description: 'The whole signed ATX, base64.' }),
  }),
)

const fingerprintSchema = describing<AtxFingerprintView>()(
  z.strictObject({
    suite: z.enum(['xor', 'lthash16']),
    count: number('Ids in the set.'),
    xor: hash().meta({ description: 'XOR of the ids.' }),
    strong: hash().nullable().meta({ description: 'Digest of the LtHash16 sum of the ids; null in the XOR suite.' }),
  }),
)

const sessionSchema = describing<AtxSessionView>()(
  z.strictObject({
    peerId: z.string(),
    intent: z.enum(['sync', 'fetch', 'serve']),
    direction: z.enum(['inbound', 'outbound']).meta({
      description: 'Of a session: who began it. Of a serve: `inbound` when this node is served.',
    }),
    phase: z.string().meta({
      description: '`hello`, `freezing`, `rounds`, `confirming`, `deep` or `stopping` of a session; `serve`.',
    }),
    back: count().nullable().meta({
      description:
        'The timeframe at hand, counted back from the open one; 0 when this node is served, since all that comes goes there.',
    }),
    idsIn: count(),
    idsOut: count(),
    bytesIn: number('Of ids and comparisons in a session, of ATXs in a serve.'),
    bytesOut: count(),
    bytesPerSecond: z.number().min(0).meta({ description: 'Both ways, over the last half minute.' }),
    gained: number('Ids of the peer that were new here; of a serve, ATXs that came into the set.'),
    total: count().nullable().meta({ description: 'Of a serve: how many ATXs the server goes through.' }),
    lists: z.strictObject({ done: count(), total: count() }).nullable().meta({
      description:
        'Of a session: ids of both lists of the timeframe at hand that moved, of how many; null while no lists move.',
    }),
    etaMs: z.number().nullable().meta({
      description: 'Of a serve, or of the lists of the timeframe at hand; null while it cannot be told.',
    }),
  }),
)

const peerSchema = describing<AtxPeerView>()(
  z.strictObject({
    peerId: z.string(),
    outcome: z.enum(['equal', 'agreed', 'learned', 'serving', 'served', 'busy', 'refused', 'failed']).meta({
      description:
        '`equal`: it agreed at once; `agreed`: after an exchange; `learned`: something new is fetched from it; `serving`: it lacks much and is served; `served`: this node was; `busy`: asked to come later.',
    }),
    reason: z.string().nullable().meta({ description: 'Why it was refused or failed, or that the peer is busy.' }),
    at: time('When it ended.'),
    retryAt: time('When a busy peer may be asked again; the node does so by itself.').nullable(),
    gained: number('Ids of the peer that were new here; of a serve, ATXs.'),
    gainedTotal: number('ATXs that it brought since it connected, because a session listed them or in bulk.'),
  }),
)

export const atxStatusSchema = describing<AtxStatusView>()(
  z.strictObject({
    count: number('ATXs in the set.'),
    frame: number('The open timeframe, from `start` until `end`.'),
    start: time('When it began.'),
    end: time('When it closes.'),
    epoch: number('The present epoch; two to a timeframe.'),
    fingerprint: fingerprintSchema.meta({ description: 'Of the whole set: equal sets print equal fingerprints.' }),
    checkpoints: z
      .strictObject({
        curr: fingerprintSchema.meta({ description: 'Of the open timeframe.' }),
        old: fingerprintSchema.meta({ description: 'Of the last one that closed.' }),
        all: fingerprintSchema.meta({ description: 'Of all that closed.' }),
      })
      .meta({
        description: 'By when this node received what is in them: nodes with equal sets may differ near a boundary.',
      }),
    gained: number(
      'ATXs that came since the node started because a session listed them, or in bulk; what gossip announced is not counted.',
    ),
    synced: z.boolean().meta({ description: 'Enough distinct peers agreed within the last quarter of an hour.' }),
    agreements: z.strictObject({
      have: number('Connected peers that agreed within the last quarter of an hour.'),
      need: number('As configured by `atxSyncedPeers`.'),
    }),
    fetching: z
      .strictObject({
        queued: number('Ids that are wanted.'),
        done: number('Ids that came since the node started.'),
        failed: number('Ids that nobody delivered, or that are invalid.'),
        bytes: number('Bytes of ATXs fetched since the node started.'),
        bytesPerSecond: z.number().min(0),
        etaMs: z.number().nullable().meta({ description: 'Null when nothing moves.' }),
      })
      .meta({ description: 'ATXs known by id whose bytes are being fetched.' }),
    sessions: z.array(sessionSchema).meta({ description: 'Conversations that go on now.' }),
    peers: z.array(peerSchema).meta({ description: 'How the last session with each connected peer ended.' }),
    refused: z
      .array(z.strictObject({ peerId: z.string(), until: time('When it is dealt with again.') }))
      .meta({ description: 'Peers that this node does not deal with in matters of the set for a while.' }),
  }),
)

const base64 = (description: string) =>
  z
    .string()
    .min(1)
    .max(MAX_BLOB_CHARS)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/)
    .meta({ description })

export const publishRequestSchema = z
  .strictObject({
    body: base64('What an ATX signed by this node carries; 1 to 261,120 bytes, base64.').optional(),
    blob: base64('A whole signed ATX, at most 256 KiB, base64.').optional(),
  })
  .meta({ description: 'One of the two.' })

export const publishedSchema = describing<AtxPublished>()(
  z.strictObject({
    id: hash(),
    isNew: z.boolean().meta({ description: 'False when the set held it already.' }),
    count: number('ATXs in the set after it.'),
  }),
)

export const atxSyncRequestSchema = z.strictObject({
  peerId: z.string().min(1).max(100).optional().meta({ description: 'A connected peer; all of them when absent.' }),
})
export const atxSyncAnswerSchema = z.strictObject({
  peers: z.array(z.string()).meta({ description: 'With whom sessions begin, or go on.' }),
})

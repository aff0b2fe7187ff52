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

const atxFields = {
  id: hash(),
  seq: count().meta({ description: 'Position in the order of receipt by this node, from 0.' }),
  frame: count().meta({ description: 'The timeframe in which this node received it.' }),
  publisher: hash(),
  publisherPeerId: z.string(),
  publishEpoch: count(),
  previous: hash().nullable(),
  positioning: hash().nullable(),
  baseTickHeight: count(),
  tickCount: count(),
  receivedAt: z.string(),
  source: z.enum(['local', 'gossip', 'sync', 'serve']),
  bytes: count(),
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
    count: count(),
    xor: hash(),
    strong: hash().nullable().meta({ description: 'Null in the XOR suite.' }),
  }),
)

const sessionSchema = describing<AtxSessionView>()(
  z.strictObject({
    peerId: z.string(),
    intent: z.enum(['sync', 'fetch', 'serve']),
    direction: z.enum(['inbound', 'outbound']),
    phase: z.string(),
    back: count().nullable().meta({ description: 'The timeframe at hand, counted back from the open one.' }),
    idsIn: count(),
    idsOut: count(),
    bytesIn: count(),
    bytesOut: count(),
    gained: count(),
    etaMs: z.number().nullable(),
  }),
)

const peerSchema = describing<AtxPeerView>()(
  z.strictObject({
    peerId: z.string(),
    outcome: z.enum(['equal', 'agreed', 'learned', 'serving', 'served', 'busy', 'refused', 'failed']),
    reason: z.string().nullable(),
    at: z.string().meta({ description: 'When it ended.' }),
    retryAt: z
      .string()
      .nullable()
      .meta({ description: 'When a busy peer may be asked again; the node does so by itself.' }),
    gained: count(),
  }),
)

export const atxStatusSchema = describing<AtxStatusView>()(
  z.strictObject({
    count: count(),
    frame: count(),
    start: z.string(),
    end: z.string(),
    epoch: count(),
    fingerprint: fingerprintSchema.meta({ description: 'Of the whole set: equal sets print equal fingerprints.' }),
    checkpoints: z.strictObject({ curr: fingerprintSchema, old: fingerprintSchema, all: fingerprintSchema }),
    synced: z.boolean().meta({ description: 'Enough distinct peers agreed within the last quarter of an hour.' }),
    agreements: z.strictObject({ have: count(), need: count() }),
    fetching: z.strictObject({
      queued: count(),
      done: count(),
      failed: count(),
      bytesPerSecond: z.number().min(0),
      etaMs: z.number().nullable(),
    }),
    sessions: z.array(sessionSchema),
    peers: z.array(peerSchema).meta({ description: 'How the last session with each connected peer ended.' }),
    refused: z.array(z.strictObject({ peerId: z.string(), until: z.string() })),
  }),
)

const base64 = () =>
  z
    .string()
    .min(1)
    .max(MAX_BLOB_CHARS)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/)

export const publishRequestSchema = z
  .strictObject({ body: base64().optional(), blob: base64().optional() })
  .meta({ description: '`body`: base64 of what an ATX signed by this node carries. `blob`: a whole signed ATX.' })

export const publishedSchema = describing<AtxPublished>()(
  z.strictObject({ id: hash(), isNew: z.boolean(), count: count() }),
)

export const atxSyncRequestSchema = z.strictObject({ peerId: z.string().min(1).max(100).optional() })
export const atxSyncAnswerSchema = z.strictObject({
  peers: z.array(z.string()).meta({ description: 'With whom sessions begin.' }),
})

/**
 * The shapes of the HTTP API as zod schemas (CONTRACT, "HTTP API"). Validators, serializers and the OpenAPI document are
 * derived from them; the compiler proves that they describe exactly the types of `node-port.ts`.
 */
import { z } from 'zod'
import type { PeerInfo } from '../../protocols/network.ts'
import type { ProofDocument } from '../../verify/file.ts'
import type {
  BlockPoint,
  BlockView,
  EvidenceDetail,
  EvidenceView,
  FinalEntryView,
  KvView,
  NodeEvent,
  NodeStatus,
  ReadinessCheck,
  TxResult,
  TxView,
} from './node-port.ts'

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Passes the schema on; the call does not compile unless the schema describes exactly `T`. */
export function describing<T>() {
  return <S extends z.ZodType>(schema: Same<Immutable<z.infer<S>>, Immutable<T>> extends true ? S : never): S => schema
}

/** The most blocks of one page. */
export const MAX_PAGE = 100
/** The longest a call waits for finality, in milliseconds. */
export const MAX_WAIT_MS = 300_000
/** The most entries of one batch, as the ledger takes in one transaction. */
export const MAX_BATCH_ENTRIES = 4_096
/** The most signed transactions of one call. */
export const MAX_RAW_TXS = 4_096
/** Base64 characters of the largest transaction (256 KiB). */
const MAX_TX_CHARS = 349_528

export const count = () => z.int().min(0)
export const hash = () => z.string().regex(/^[0-9a-f]{64}$/)

const pointFields = { session: count(), epoch: count(), number: count(), height: count(), hash: hash() }

export const blockPointSchema = describing<BlockPoint>()(z.strictObject(pointFields)).meta({
  description: 'A place in the chain; `number` counts the blocks of an epoch from 1.',
})

const evidenceFields = {
  id: hash(),
  kind: z.enum(['doubleVote', 'doubleProposal', 'amnesia', 'badCertificate', 'conflictingNotarizations']),
  accused: z
    .strictObject({ key: hash(), peerId: z.string(), org: z.string(), seat: z.enum(['voter', 'proposer']) })
    .nullable()
    .meta({ description: 'Null for conflicting certificates, which show that a third of the weight cheated.' }),
  session: count(),
  epoch: count(),
  number: count(),
  recordedAt: count().nullable().meta({ description: 'Height of the block that recorded it on the ledger.' }),
}

const evidenceSchema = describing<EvidenceView>()(z.strictObject(evidenceFields))
export const evidenceListSchema = z.array(evidenceSchema)
export const evidenceDetailSchema = describing<EvidenceDetail>()(
  z.strictObject({ ...evidenceFields, evidence: z.string().meta({ description: 'The transferable proof, base64.' }) }),
)

export const nodeStatusSchema = describing<NodeStatus>()(
  z.strictObject({
    peerId: z.string(),
    chainId: hash(),
    network: z.string(),
    roles: z.array(z.string()),
    version: z.string(),
    engine: z.literal('pala'),
    session: count(),
    epoch: count(),
    committee: z
      .strictObject({ proposers: count(), voters: count(), k: count() })
      .meta({ description: 'Seats and finality depth of the current session.' }),
    reconfiguring: z
      .strictObject({ stopHeight: count() })
      .nullable()
      .meta({ description: 'While one session hands over to the next: the block that ends it.' }),
    head: blockPointSchema,
    finalized: z.strictObject({ ...pointFields, timestamp: z.string().nullable() }),
    peers: count(),
    sync: z.strictObject({
      state: z.enum(['synced', 'catching-up', 'searching']),
      phase: z.enum(['snapshot', 'blocks']).nullable().meta({ description: 'What it fetches while catching up.' }),
      target: count().meta({ description: 'The highest final block that peers claim.' }),
      rate: z.number().min(0).meta({ description: 'Blocks per second over the last seconds.' }),
      bytesPerSecond: z.number().min(0).meta({ description: 'Blocks fetched in bulk over the last seconds.' }),
      etaMs: z.number().nullable(),
      peers: count().meta({ description: 'Peers it is fetching from.' }),
      snapshot: z
        .strictObject({ height: count(), chunks: count(), storedChunks: count(), bytes: count(), storedBytes: count() })
        .optional()
        .meta({ description: 'The snapshot that is fetched, in the phase `snapshot`.' }),
      lowestServed: count()
        .optional()
        .meta({ description: 'All peers that are ahead have deleted the next block; the lowest that one still has.' }),
    }),
    lowestHeight: count().meta({ description: 'The lowest height whose block is still here.' }),
    ledger: z.strictObject({ height: count(), stateRoot: hash() }),
    atx: z
      .strictObject({ count: count(), frame: count(), fingerprint: hash(), synced: z.boolean() })
      .meta({ description: 'The shared set of ATXs in short; equal sets have equal fingerprints.' }),
    finalityMs: z
      .strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), count: count() })
      .nullable()
      .meta({ description: 'Finality of transactions this node admitted, over the last minute.' }),
    txPerSecond: z.number().min(0),
    mempool: z.strictObject({ transactions: count(), bytes: count() }),
    votingStopped: z.string().nullable().meta({ description: 'Why this committee member does not vote, or null.' }),
    evidence: z.array(evidenceSchema).meta({ description: 'Proven misbehaviour of members, oldest first.' }),
    uptimeMs: z.number(),
    rssBytes: count(),
  }),
)

const roleSchema = z.strictObject({ role: z.enum(['proposer', 'voter']), session: count(), index: count() })

export const peerSchema = describing<PeerInfo>()(
  z.strictObject({
    peerId: z.string(),
    multiaddr: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    roles: z.array(roleSchema),
    latencyMs: z.number().nullable(),
    protocols: z.array(z.string()),
    score: z.number(),
  }),
)
export const peersSchema = z.array(peerSchema)

export const connectRequestSchema = z.strictObject({ multiaddr: z.string().min(1).max(1_024) })
export const connectAnswerSchema = z.strictObject({ peerId: z.string() })

export const txResultSchema = describing<TxResult>()(
  z.strictObject({
    ok: z.boolean(),
    entries: z.array(
      z.strictObject({ ok: z.boolean(), code: z.string().optional(), detail: z.string().optional() }).meta({
        description: 'An entry without effect has a stable code, and where its module gives one, the reason.',
      }),
    ),
  }),
)

export const txSchema = describing<TxView>()(
  z.strictObject({
    txId: hash(),
    status: z.enum(['pending', 'final', 'failed']),
    height: count().nullable(),
    blockHash: hash().nullable(),
    index: count().nullable(),
    result: txResultSchema.nullable(),
    reason: z.strictObject({ code: z.string(), detail: z.string() }).optional(),
  }),
)

const entryFields = { module: z.string().min(1).max(64), payload: z.unknown() }
const waitFields = {
  wait: z.enum(['none', 'final']).optional(),
  timeoutMs: z.int().min(1).max(MAX_WAIT_MS).optional(),
}

export const submitRequestSchema = z.strictObject({ ...entryFields, ...waitFields })
export const submitBatchRequestSchema = z.strictObject({
  entries: z.array(z.strictObject(entryFields)).min(1).max(MAX_BATCH_ENTRIES),
  ...waitFields,
})

/** `{txId}`, or the final position after `wait: "final"`. */
export const submitAnswerSchema = z.strictObject({
  txId: hash(),
  height: count().optional(),
  blockHash: hash().optional(),
  index: count().optional(),
  result: txResultSchema.optional(),
})

const signedTx = () =>
  z
    .string()
    .min(4)
    .max(MAX_TX_CHARS)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/)

export const submitRawRequestSchema = z.strictObject({ tx: signedTx() })
export const submitRawsRequestSchema = z.strictObject({ txs: z.array(signedTx()).min(1).max(MAX_RAW_TXS) })
export const submitRawsAnswerSchema = z
  .array(
    z.strictObject({ txId: hash().optional(), code: z.string().optional(), detail: z.string().optional() }).meta({
      description: '`{txId}` of an admitted transaction, `{code, detail}` of a refused one.',
    }),
  )
  .meta({ description: 'One outcome for each transaction, in the order of the request.' })

export const blockSchema = describing<BlockView>()(
  z.strictObject({
    height: count(),
    hash: hash(),
    parentHash: hash(),
    session: count(),
    epoch: count(),
    number: count(),
    proposer: z.string().nullable(),
    timestamp: z.string(),
    txIds: z.array(hash()),
    entries: count(),
    payloadBytes: count(),
    stateHeight: count(),
    stateRoot: hash(),
    notarization: z.strictObject({ signers: z.array(count()), weight: count(), threshold: count() }).nullable(),
    finalized: z.boolean(),
  }),
)
export const blocksSchema = z.array(blockSchema)

export const finalEntriesSchema = z.array(
  describing<FinalEntryView>()(
    z.strictObject({
      height: count(),
      blockHash: hash(),
      timestamp: z.string(),
      index: count(),
      entry: count(),
      txId: hash(),
      sender: z.string(),
      module: z.string(),
      payload: z.unknown(),
      applied: z.boolean(),
    }),
  ).meta({ description: 'A final entry: where it stands, who signed it, and what it says.' }),
)

export const proofSchema = describing<ProofDocument>()(
  z.strictObject({
    type: z.enum(['block', 'tx', 'kv']),
    chainId: hash(),
    height: count(),
    hash: hash(),
    session: count(),
    epoch: count(),
    number: count(),
    timestamp: z.string(),
    txId: hash().optional(),
    index: count().optional(),
    key: z.string().optional(),
    value: z.string().nullable().optional(),
    stateHeight: count().optional(),
    stateRoot: hash().optional(),
    proof: z.string(),
  }),
).meta({
  description: 'A proof file: what it shows, and in `proof` the proof itself in base64. `palaver verify` takes it.',
})

export const kvSchema = describing<KvView>()(
  z.strictObject({ key: z.string(), value: z.string().nullable(), height: count(), proof: proofSchema.optional() }),
)

export const EVENT_TOPICS = ['block', 'tx', 'peer', 'sync', 'atx', 'consensus', 'evidence', 'session'] as const

export const eventSchema = describing<NodeEvent>()(
  z.strictObject({
    id: count(),
    topic: z.enum(EVENT_TOPICS),
    type: z.string(),
    time: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
)

export const readinessCheckSchema = describing<ReadinessCheck>()(
  z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() }),
)
export const aliveSchema = z.strictObject({ alive: z.literal(true) })
export const readySchema = z.strictObject({ ready: z.literal(true), checks: z.array(readinessCheckSchema).optional() })

/** RFC 9457. `code` is stable; members such as `txId` or `checks` may follow. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.string(),
  })
  .meta({ description: 'A problem document (RFC 9457). `code` is stable; `detail` says what to do.' })

export type ProblemDocument = z.infer<typeof problemSchema>
export type SubmitAnswer = Immutable<z.infer<typeof submitAnswerSchema>>

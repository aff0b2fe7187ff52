/**
 * What `genesis.json` may say: the network, session 1 and its parameters, the ATX timeframes and the first state. Bounds are
 * those of spec/pala.md 16.2 and 25; defaults too, except k = 1 and a leader that proposes at once. Runs in browsers.
 */
import { z } from 'zod'
import { isUsableKey } from '../crypto/usable-key.ts'
import {
  MAX_BLOCK_BYTES,
  MAX_K,
  MAX_MS,
  MAX_ORG_CHARACTERS,
  MAX_PROPOSERS,
  MAX_STOP_OFFSET,
  MAX_VOTERS,
  MIN_BLOCK_BYTES,
  MIN_HEARTBEAT_MS,
} from '../pala/plan-rules.ts'

const MAX_KV_KEY_BYTES = 256
const MAX_KV_VALUE_BYTES = 65_536

const millis = () => z.int().min(0).max(MAX_MS)

const utf8Length = (text: string): number => new TextEncoder().encode(text).byteLength

const publicKey = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be an Ed25519 public key, 64 lower-case hex characters; see: palaver id')
  .refine(isUsableKey, { error: 'is not a usable Ed25519 public key; see: palaver id', abort: true })

const seat = z.strictObject({
  publicKey,
  org: z.string().min(1).max(MAX_ORG_CHARACTERS),
  power: z.int().min(1, 'must be at least 1').default(1),
})

const seats = (max: number) =>
  z
    .array(seat)
    .min(1, 'must name at least one member')
    .max(max)
    .refine((list) => new Set(list.map((each) => each.publicKey)).size === list.length, 'names a key twice')
    .refine(
      (list) => Number.isSafeInteger(list.reduce((sum, each) => sum + each.power, 0)),
      'has more voting power in all than 2^53',
    )

const pala = z
  .strictObject({
    k: z.int().min(1).max(MAX_K).default(1),
    stopOffset: z.int().min(0).max(MAX_STOP_OFFSET).default(0),
    blockIntervalMs: millis().default(0),
    emptyBlockIntervalMs: millis().min(1).default(1_000),
    firstProposalDelayMs: millis().default(1_000),
    firstProposalLimitMs: millis().min(1).default(4_000),
    voterTimeoutMs: millis().min(1).default(6_000),
    maxVoterTimeoutMs: millis().min(1).default(60_000),
    heartbeatMs: millis().min(MIN_HEARTBEAT_MS).default(15_000),
    maxBlockBytes: z.int().min(MIN_BLOCK_BYTES).max(MAX_BLOCK_BYTES).default(MAX_BLOCK_BYTES),
    maxClockDriftMs: millis().default(2_000),
  })
  .refine((p) => p.stopOffset === 0 || p.stopOffset >= 2 * p.k + 2, {
    path: ['stopOffset'],
    error: 'must be 0 (the session does not stop) or at least 2k + 2',
  })
  .refine((p) => p.firstProposalLimitMs < p.voterTimeoutMs, {
    path: ['firstProposalLimitMs'],
    error: 'must be below voterTimeoutMs, or voters give every new leader up',
  })
  .refine((p) => p.firstProposalDelayMs <= p.firstProposalLimitMs, {
    path: ['firstProposalDelayMs'],
    error: 'must not exceed firstProposalLimitMs',
  })
  .refine((p) => p.voterTimeoutMs <= p.maxVoterTimeoutMs, {
    path: ['maxVoterTimeoutMs'],
    error: 'must not be below voterTimeoutMs',
  })
  .refine((p) => p.emptyBlockIntervalMs < p.voterTimeoutMs, {
    path: ['emptyBlockIntervalMs'],
    error: 'must be below voterTimeoutMs, or an idle leader is given up',
  })

const atx = z.strictObject({
  /** T: a calendar month (UTC), or milliseconds. */
  timeframe: z.union([z.literal('month'), z.int().min(1_000)]).default('month'),
  /** Start of timeframe 0. */
  start: z.iso.datetime({ offset: true }).default('2025-01-01T09:00:00Z'),
  /** N_1: closed timeframes exchanged at most. */
  n1: z.int().min(1).max(1_200).default(6),
  /** N_2: iterations without gain before a node serves. */
  n2: z.int().min(1).max(1_200).default(3),
})

const kvKey = z.string().refine((key) => key !== '' && utf8Length(key) <= MAX_KV_KEY_BYTES, {
  error: `kv keys have 1 to ${MAX_KV_KEY_BYTES} bytes`,
})
const kvValue = z.string().refine((value) => utf8Length(value) <= MAX_KV_VALUE_BYTES, {
  error: `has more than ${MAX_KV_VALUE_BYTES} bytes`,
})

export const genesisSchema = z.strictObject({
  /** Starts every gossip topic's name. */
  network: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 lower-case letters, digits and dashes'),
  genesisTime: z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time such as 2026-01-31T12:00:00Z' }),
  session: z.strictObject({ proposers: seats(MAX_PROPOSERS), voters: seats(MAX_VOTERS) }),
  pala: pala.prefault({}),
  atx: atx.prefault({}),
  attest: z.looseObject({}).default({}),
  kv: z.record(kvKey, kvValue).default({}),
  /** Smallest units, in decimal, by account. */
  balances: z.record(publicKey, z.string().regex(/^(0|[1-9][0-9]{0,77})$/)).default({}),
})

/** A checked genesis with every default filled in. */
export type Genesis = z.infer<typeof genesisSchema>

/** What a genesis may leave out. */
export type GenesisInput = z.input<typeof genesisSchema>

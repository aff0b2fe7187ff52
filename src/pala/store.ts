/**
 * Pala on disk: blocks by hash, certificates, the final chain by height, epoch and locks. One batch per turn; a synced
 * batch is on the platter before anything that depends on it leaves the node (P20).
 */
import type { BatchOperation, ClassicLevel } from 'classic-level'
import type { Hash } from '../domain.ts'
import { RETAINED_FINAL_BLOCKS } from './bounds.ts'
import {
  decodeEpochRecord,
  decodeNotarization,
  decodeProposal,
  decodeSessionRecord,
  encodeEpochRecord,
  encodeNotarization,
  encodeSessionRecord,
} from './codec.ts'
import { PalaError } from './errors.ts'
import { createEvidenceStore, type EvidenceStore } from './evidence-store.ts'
import { compareSn, type Sn, snKey } from './sn.ts'
import type { BlockRef, Durable, DurableRecord, Notarization, Proposal, SessionRecord, SlotLock } from './types.ts'

/** The database the node opens: text keys, byte values. */
export type Database = ClassicLevel<string, Uint8Array>
type Operation = BatchOperation<Database, string, Uint8Array>

export const BLOCK = 'pala/block/'
export const CERT = 'pala/cert/'
const OPEN = 'pala/open/'
const FINAL = 'pala/final/'
const VOTE_LOCK = 'pala/lock/vote/'
const PROPOSE_LOCK = 'pala/lock/propose/'
const EPOCH = 'pala/meta/epoch'
const FINALIZED = 'pala/meta/finalized'
const SESSION = 'pala/session/'
const AFTER = '\uffff'
const NONE = new Uint8Array(0)

const numberKey = (value: number): string => value.toString(16).padStart(14, '0')
export const heightKey = (height: number): string => FINAL + numberKey(height)
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

/** What is kept of a notarized block, still encoded. */
export type StoredBlock = { readonly proposal: Uint8Array; readonly notarization: Uint8Array }

export interface PalaStore {
  /** Writes one turn's records; with `sync` it resolves only after fsync. */
  write(records: readonly DurableRecord[], sync: boolean): Promise<void>
  /** What {@link write} would write, for a batch of others; null deletes. */
  writesOf(records: readonly DurableRecord[]): readonly { readonly key: string; readonly value: Uint8Array | null }[]
  load(): Promise<Durable>
  /** The finalized head; null while there is none. */
  finalized(): Promise<BlockRef | null>
  storedBlock(hash: Hash): Promise<StoredBlock | null>
  /** The final block at a height; null above the finalized head or at genesis. */
  finalHash(height: number): Promise<Hash | null>
  block(hash: Hash): Promise<Proposal | null>
  /** A block, and a certificate, as they were written. */
  encodedBlock(hash: Hash): Promise<Uint8Array | null>
  encodedNotarization(hash: Hash): Promise<Uint8Array | null>
  notarization(hash: Hash): Promise<Notarization | null>
  readonly evidence: EvidenceStore
  /** Every session after the first, oldest first, each with the stop block that elected it. */
  sessionRecords(): Promise<readonly SessionRecord[]>
  /** One of them; null for the first session and for unknown ones. */
  sessionRecord(session: number): Promise<SessionRecord | null>
}

/** A store on an opened database. */
export function createPalaStore(db: Database): PalaStore {
  const liveLocks = new Set<string>()
  const evidence = createEvidenceStore(db)

  function operationsOf(record: DurableRecord): Operation[] {
    switch (record.type) {
      case 'block': {
        const { hash } = record.proposal.block
        return [put(BLOCK + hash, record.proposal.encoded), put(OPEN + hash, NONE)]
      }
      case 'notarization':
        return [put(CERT + record.notarization.blockHash, encodeNotarization(record.notarization))]
      case 'voteLock':
        return [lock(VOTE_LOCK, record.sn, record.blockHash)]
      case 'proposeLock':
        return [lock(PROPOSE_LOCK, record.sn, record.blockHash)]
      case 'epoch':
        return [
          put(EPOCH, encodeEpochRecord({ current: record.epoch, proof: record.proof, fncAtEntry: record.fncAtEntry })),
        ]
      case 'finalized':
        return finalizedOperations(record.blocks)
      case 'pruned':
        return [...record.blocks.flatMap(deleteBlock), ...staleLocks(record.locksUpTo)]
      case 'session':
        return [
          put(SESSION + numberKey(record.session.session), encodeSessionRecord(record)),
          ...evidence.expire(record.session.session),
        ]
      case 'evidence':
        return evidence.put(record.key, record.evidence)
    }
  }

  function lock(prefix: string, sn: Sn, hash: Hash): Operation {
    liveLocks.add(prefix + snKey(sn))
    return put(prefix + snKey(sn), utf8(hash))
  }

  function staleLocks(upTo: Sn): Operation[] {
    const bound = snKey(upTo)
    const stale: Operation[] = []
    for (const key of liveLocks) {
      if (key.slice(key.lastIndexOf('/') + 1) > bound) continue
      liveLocks.delete(key)
      stale.push(del(key))
    }
    return stale
  }

  async function readLocks(prefix: string): Promise<SlotLock[]> {
    const locks: SlotLock[] = []
    for await (const [key, value] of db.iterator({ gte: prefix, lt: prefix + AFTER })) {
      liveLocks.add(key)
      locks.push({ sn: parseSnKey(key.slice(prefix.length)), blockHash: text(value) })
    }
    return locks
  }

  async function block(hash: Hash): Promise<Proposal | null> {
    const encoded = await db.get(BLOCK + hash)
    return encoded === undefined ? null : decodeProposal(encoded)
  }

  async function notarization(hash: Hash): Promise<Notarization | null> {
    const encoded = await db.get(CERT + hash)
    return encoded === undefined ? null : decodeNotarization(encoded)
  }

  async function finalHash(height: number): Promise<Hash | null> {
    const value = await db.get(heightKey(height))
    return value === undefined ? null : text(value)
  }

  async function finalized(): Promise<BlockRef | null> {
    return parseRef(await db.get(FINALIZED))
  }

  async function sessionRecords(): Promise<SessionRecord[]> {
    const values = await db.values({ gte: SESSION, lt: SESSION + AFTER }).all()
    return values.map(decodeSessionRecord)
  }

  async function loadHashes(finalized: BlockRef | null): Promise<Hash[]> {
    const hashes: Hash[] = []
    if (finalized !== null) {
      const from = Math.max(1, finalized.height - RETAINED_FINAL_BLOCKS)
      for await (const [, value] of db.iterator({ gte: heightKey(from), lte: heightKey(finalized.height) })) {
        hashes.push(text(value))
      }
    }
    for await (const key of db.keys({ gte: OPEN, lt: OPEN + AFTER })) hashes.push(key.slice(OPEN.length))
    return hashes
  }

  return {
    async write(records, sync) {
      await db.batch(lastOfEach(records.flatMap(operationsOf)), { sync })
    },
    writesOf: (records) =>
      records
        .flatMap(operationsOf)
        .map((operation) => ({ key: operation.key, value: operation.type === 'put' ? operation.value : null })),
    finalized,
    async load() {
      const head = await finalized()
      const hashes = await loadHashes(head)
      const blocks = (await Promise.all(hashes.map(block))).filter((found) => found !== null)
      const certs = (await Promise.all(hashes.map(notarization))).filter((found) => found !== null)
      if (head !== null && !blocks.some((b) => b.block.hash === head.hash)) {
        throw new PalaError('store-damaged', `final block ${head.hash} is missing from the database`)
      }
      const epoch = await db.get(EPOCH)
      return {
        blocks: blocks.sort((a, b) => compareSn(a.block.header.sn, b.block.header.sn)),
        notarizations: certs,
        epoch: epoch === undefined ? null : decodeEpochRecord(epoch),
        voteLocks: await readLocks(VOTE_LOCK),
        proposeLocks: await readLocks(PROPOSE_LOCK),
        finalized: head,
        sessions: await sessionRecords(),
      }
    },
    sessionRecords,
    async sessionRecord(session) {
      const value = await db.get(SESSION + numberKey(session))
      return value === undefined ? null : decodeSessionRecord(value)
    },
    async storedBlock(hash) {
      const [proposal, cert] = await Promise.all([db.get(BLOCK + hash), db.get(CERT + hash)])
      return proposal === undefined || cert === undefined ? null : { proposal, notarization: cert }
    },
    finalHash,
    block,
    encodedBlock: async (hash) => (await db.get(BLOCK + hash)) ?? null,
    encodedNotarization: async (hash) => (await db.get(CERT + hash)) ?? null,
    notarization,
    evidence,
  }
}

const put = (key: string, value: Uint8Array): Operation => ({ type: 'put', key, value })
const del = (key: string): Operation => ({ type: 'del', key })
const deleteBlock = (hash: Hash): Operation[] => [del(BLOCK + hash), del(CERT + hash), del(OPEN + hash)]

/** One operation for each key: a turn that catches up opens and closes hundreds of blocks, and moves the head as often. */
function lastOfEach(operations: readonly Operation[]): Operation[] {
  const last = new Map<string, Operation>()
  for (const operation of operations) last.set(operation.key, operation)
  return last.size === operations.length ? [...operations] : [...last.values()]
}

function finalizedOperations(blocks: readonly BlockRef[]): Operation[] {
  const operations = blocks.flatMap((ref) => [put(heightKey(ref.height), utf8(ref.hash)), del(OPEN + ref.hash)])
  const head = blocks.at(-1)
  if (head !== undefined) operations.push(put(FINALIZED, utf8(JSON.stringify(head))))
  return operations
}

function parseRef(bytes: Uint8Array | undefined): BlockRef | null {
  return bytes === undefined ? null : (JSON.parse(text(bytes)) as BlockRef)
}

function parseSnKey(key: string): Sn {
  const part = (at: number): number => Number.parseInt(key.slice(at, at + 8), 16)
  return { session: part(0), epoch: part(8), s: part(16) }
}

/**
 * The vote journal: an append-only file beside the database that remembers the highest slots this key signed. It is
 * written after the database, so a journal ahead of the database means that an old backup was restored (P20.6).
 */
import { type FileHandle, open, readFile, rename, stat, truncate } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { assert } from '../assert.ts'
import type { Hash } from '../domain.ts'
import { PalaError } from './errors.ts'
import { compareEpochs, compareSn, type EpochId, type Sn } from './sn.ts'
import type { Durable, DurableRecord } from './types.ts'

const KIND_EPOCH = 1
const KIND_VOTE = 2
const KIND_PROPOSAL = 3
/** kind(1) session(4) epoch(4) s(4) hash(32) crc(4). */
const RECORD_BYTES = 49
const CRC_AT = RECORD_BYTES - 4
const MAGIC = Buffer.from('palaver votes 1\n', 'ascii')
const CHAIN_ID_BYTES = 32
const HEADER_BYTES = MAGIC.byteLength + CHAIN_ID_BYTES
/** The file is rewritten with its high-water marks alone above this size. */
const MAX_JOURNAL_BYTES = 4 * 1_024 * 1_024

/** The highest slot signed of each kind; null before any. */
export type HighWater = { readonly epoch: EpochId | null; readonly vote: Mark | null; readonly proposal: Mark | null }
export type Mark = { readonly sn: Sn; readonly hash: Hash }

export interface VoteJournal {
  readonly highWater: HighWater
  /** Appends the promises among `records`; call it after they are durable in the database. */
  append(records: readonly DurableRecord[]): Promise<void>
  close(): Promise<void>
}

function header(chainId: Hash): Buffer {
  return Buffer.concat([MAGIC, Buffer.from(chainId, 'hex')])
}

function encodeRecord(kind: number, sn: Sn, hash: Hash): Buffer {
  const record = Buffer.alloc(RECORD_BYTES)
  record.writeUInt8(kind, 0)
  record.writeUInt32BE(sn.session, 1)
  record.writeUInt32BE(sn.epoch, 5)
  record.writeUInt32BE(sn.s, 9)
  record.write(hash, 13, 'hex')
  record.writeUInt32BE(crc32(record.subarray(0, CRC_AT)), CRC_AT)
  return record
}

/** Starts the journal of a key that never signed anything; refuses to replace one. */
export async function createVoteJournal(path: string, chainId: Hash): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.write(header(chainId))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Whether a journal is there at all. */
export async function hasVoteJournal(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Opens the journal, cuts a torn tail, and refuses one that is damaged before its end (P20.6-1). */
export async function openVoteJournal(path: string, chainId: Hash): Promise<VoteJournal> {
  const bytes = await readFile(path)
  if (!bytes.subarray(0, HEADER_BYTES).equals(header(chainId))) {
    throw new PalaError(
      'journal-damaged',
      `${path} is not the vote journal of this network; restore the right one, or start with --unsafe-reset-votes if this key never voted here`,
    )
  }
  const whole = wholeRecords(bytes, path)
  let marks = readMarks(bytes, whole)
  if (HEADER_BYTES + whole * RECORD_BYTES < bytes.byteLength) await truncate(path, HEADER_BYTES + whole * RECORD_BYTES)
  let size = HEADER_BYTES + whole * RECORD_BYTES
  let file: FileHandle = await open(path, 'a', 0o600)

  async function compact(): Promise<void> {
    const fresh = Buffer.concat([header(chainId), ...marksToRecords(marks)])
    const next = `${path}.next`
    const handle = await open(next, 'w', 0o600)
    await handle.write(fresh)
    await handle.sync()
    await handle.close()
    await rename(next, path)
    await file.close()
    file = await open(path, 'a', 0o600)
    size = fresh.byteLength
  }

  return {
    get highWater() {
      return marks
    },
    async append(records) {
      const promises = records.flatMap(toRecord)
      if (promises.length === 0) return
      for (const record of promises) marks = raise(marks, record, 0)
      const { bytesWritten } = await file.write(Buffer.concat(promises))
      assert(bytesWritten === promises.length * RECORD_BYTES, 'the journal took the whole record')
      size += bytesWritten
      if (size > MAX_JOURNAL_BYTES) await compact()
    },
    close: () => file.close(),
  }
}

export type LateJournal = { readonly path: string; readonly chainId: Hash; readonly mayBegin: () => boolean }

/**
 * The journal of a key that has none. It begins with the first promises after `mayBegin` is true: a session has started
 * in which the key cannot have signed anything yet (P20.6-3). The promises before are of no session it may vote in.
 */
export function lateVoteJournal({ path, chainId, mayBegin }: LateJournal): VoteJournal {
  let journal: VoteJournal | null = null
  return {
    get highWater() {
      return journal?.highWater ?? { epoch: null, vote: null, proposal: null }
    },
    async append(records) {
      if (journal === null) {
        if (!mayBegin()) return
        await createVoteJournal(path, chainId)
        journal = await openVoteJournal(path, chainId)
      }
      await journal.append(records)
    },
    close: async () => journal?.close(),
  }
}

/** Whether nothing was ever written. */
export function isEmptyJournal({ epoch, vote, proposal }: HighWater): boolean {
  return epoch === null && vote === null && proposal === null
}

/** A journal that is empty where it should not be stays so, and suspect, until `mayBegin` is true (P20.6-3). */
export function suspectVoteJournal(journal: VoteJournal, mayBegin: () => boolean): VoteJournal {
  return {
    get highWater() {
      return journal.highWater
    },
    async append(records) {
      if (isEmptyJournal(journal.highWater) && !mayBegin()) return
      await journal.append(records)
    },
    close: () => journal.close(),
  }
}

function wholeRecords(bytes: Buffer, path: string): number {
  const count = Math.floor((bytes.byteLength - HEADER_BYTES) / RECORD_BYTES)
  for (let index = 0; index < count; index++) {
    const at = HEADER_BYTES + index * RECORD_BYTES
    const right = crc32(bytes.subarray(at, at + CRC_AT)) === bytes.readUInt32BE(at + CRC_AT)
    if (right) continue
    if (index === count - 1) return index
    throw new PalaError(
      'journal-damaged',
      `${path}: record ${index} is damaged; restore the file from where it was damaged, or start with --unsafe-reset-votes if this key cannot have voted elsewhere`,
    )
  }
  return count
}

function readMarks(bytes: Buffer, count: number): HighWater {
  let marks: HighWater = { epoch: null, vote: null, proposal: null }
  for (let index = 0; index < count; index++) marks = raise(marks, bytes, HEADER_BYTES + index * RECORD_BYTES)
  return marks
}

function raise(marks: HighWater, bytes: Buffer, at: number): HighWater {
  const kind = bytes.readUInt8(at)
  const sn = { session: bytes.readUInt32BE(at + 1), epoch: bytes.readUInt32BE(at + 5), s: bytes.readUInt32BE(at + 9) }
  const mark = { sn, hash: bytes.toString('hex', at + 13, at + CRC_AT) }
  const higher = (old: Mark | null): Mark => (old === null || compareSn(sn, old.sn) >= 0 ? mark : old)
  if (kind === KIND_VOTE) return { ...marks, vote: higher(marks.vote) }
  if (kind === KIND_PROPOSAL) return { ...marks, proposal: higher(marks.proposal) }
  const epoch = marks.epoch === null || compareEpochs(sn, marks.epoch) > 0 ? sn : marks.epoch
  return { ...marks, epoch: { session: epoch.session, epoch: epoch.epoch } }
}

const ZERO_HASH = '0'.repeat(64)

function toRecord(record: DurableRecord): Buffer[] {
  if (record.type === 'voteLock') return [encodeRecord(KIND_VOTE, record.sn, record.blockHash)]
  if (record.type === 'proposeLock') return [encodeRecord(KIND_PROPOSAL, record.sn, record.blockHash)]
  if (record.type === 'epoch') return [encodeRecord(KIND_EPOCH, { ...record.epoch, s: 0 }, ZERO_HASH)]
  return []
}

function marksToRecords({ epoch, vote, proposal }: HighWater): Buffer[] {
  const records: Buffer[] = []
  if (epoch !== null) records.push(encodeRecord(KIND_EPOCH, { ...epoch, s: 0 }, ZERO_HASH))
  if (vote !== null) records.push(encodeRecord(KIND_VOTE, vote.sn, vote.hash))
  if (proposal !== null) records.push(encodeRecord(KIND_PROPOSAL, proposal.sn, proposal.hash))
  return records
}

/** Where every key starts, without a record of it in the database. */
const FIRST_EPOCH: EpochId = { session: 1, epoch: 1 }

/** Why a key with this journal must not vote on this database; null when the two agree (P20.6-3). */
export function staleDatabaseReason(marks: HighWater, durable: Durable): string | null {
  if (marks.epoch !== null && compareEpochs(durable.epoch?.current ?? FIRST_EPOCH, marks.epoch) < 0) {
    return 'the database is older than the vote journal'
  }
  for (const mark of [marks.vote, marks.proposal]) {
    if (mark !== null && !remembers(durable, mark)) return 'the database has forgotten a block this key signed'
  }
  return null
}

function remembers(durable: Durable, mark: Mark): boolean {
  if (durable.finalized !== null && compareSn(mark.sn, durable.finalized.sn) <= 0) return true
  const locks = [...durable.voteLocks, ...durable.proposeLocks]
  return locks.some((lock) => compareSn(lock.sn, mark.sn) === 0 && lock.blockHash === mark.hash)
}

/** Evidence on disk (P24.2): offences by key in their transferable form, conflicting certificates, and what went to the ledger. */
import type { BatchOperation } from 'classic-level'
import type { Hash } from '../domain.ts'
import { EVIDENCE_SESSIONS } from './bounds.ts'
import type { CertificateConflict, Evidence, Offence } from './evidence.ts'
import { decodeConflict, decodeEvidence, encodeConflict, encodeEvidence, evidenceIdOf } from './evidence-codec.ts'
import type { Database } from './store.ts'

type Operation = BatchOperation<Database, string, Uint8Array>

const OFFENCE = 'pala/evidence/'
const CONFLICT = 'pala/conflict/'
const SUBMITTED = 'pala/evidence-tx/'
const HALT = 'pala/meta/halt'
const AFTER = '\uffff'
const SESSION_DIGITS = 8

/** An offence as it travels. `key` is what makes two the same; `id` names these bytes. */
export type StoredOffence = {
  readonly key: string
  readonly id: Hash
  readonly bytes: Uint8Array
  readonly offence: Offence
}

export interface EvidenceStore {
  /** What writes one record. */
  put(key: string, evidence: Evidence): Operation[]
  /** What forgets the offences that are too old in `session`; conflicts stay. */
  expire(session: number): Operation[]
  /** Offences by session. */
  offences(): Promise<StoredOffence[]>
  /** Pairs of certificates for one slot: a node that holds any votes no more. */
  conflicts(): Promise<CertificateConflict[]>
  /** The transaction in which this node submitted an offence; null when it did not. */
  submission(key: string): Promise<Hash | null>
  noteSubmission(key: string, txId: Hash): Promise<void>
  /** Why this node stopped voting for good; null when it did not. */
  halt(): Promise<string | null>
  /** Remembers a halt across restarts; null forgets it, which is the operator's decision. */
  noteHalt(detail: string | null): Promise<void>
}

/** Evidence in an opened database. */
export function createEvidenceStore(db: Database): EvidenceStore {
  /** Keys by now on disk, so that old ones are found without reading. Bounded as the machine's book is. */
  const live = new Set<string>()

  return {
    put(key, evidence) {
      if (evidence.kind === 'conflictingNotarizations') {
        return [{ type: 'put', key: CONFLICT + key, value: encodeConflict(evidence) }]
      }
      live.add(key)
      return [{ type: 'put', key: OFFENCE + key, value: encodeEvidence(evidence) }]
    },
    expire(session) {
      const oldest = Math.max(0, session - EVIDENCE_SESSIONS)
        .toString(16)
        .padStart(SESSION_DIGITS, '0')
      const stale = [...live].filter((key) => key < oldest)
      for (const key of stale) live.delete(key)
      return stale.flatMap((key): Operation[] => [
        { type: 'del', key: OFFENCE + key },
        { type: 'del', key: SUBMITTED + key },
      ])
    },
    async offences() {
      const found: StoredOffence[] = []
      for await (const [path, bytes] of db.iterator({ gte: OFFENCE, lt: OFFENCE + AFTER })) {
        const key = path.slice(OFFENCE.length)
        live.add(key)
        found.push({ key, id: evidenceIdOf(bytes), bytes, offence: decodeEvidence(bytes) })
      }
      return found
    },
    async conflicts() {
      const values = await db.values({ gte: CONFLICT, lt: CONFLICT + AFTER }).all()
      return values.map(decodeConflict)
    },
    async submission(key) {
      const value = await db.get(SUBMITTED + key)
      return value === undefined ? null : Buffer.from(value).toString('hex')
    },
    noteSubmission: (key, txId) => db.put(SUBMITTED + key, Buffer.from(txId, 'hex')),
    async halt() {
      const value = await db.get(HALT)
      return value === undefined ? null : Buffer.from(value).toString('utf8')
    },
    noteHalt: (detail) =>
      detail === null ? db.del(HALT, { sync: true }) : db.put(HALT, Buffer.from(detail, 'utf8'), { sync: true }),
  }
}

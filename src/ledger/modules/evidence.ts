/**
 * The `evidence` module: records proofs of misbehaviour (spec/pala.md 24.2), each offence once. Members submit them; every
 * node proves them again against the roster in the state, so a record is the word of the whole committee.
 */
import { Buffer } from 'node:buffer'
import type { CommitteePlan, Hash, PublicKeyHex } from '../../domain.ts'
import { EvidenceEntry, EvidenceMark } from '../../protocols/wire/evidence.gen.ts'
import { LedgerError } from '../errors.ts'
import { refusal } from '../refusals.ts'
import type { StateView } from '../types.ts'
import { isSeated, planOf } from './committee-roster.ts'
import type { EntryOutcome, ExecutionContext, LedgerModule, ParsedEntry } from './module.ts'

const EVIDENCE = 'evidence'
/** Members of the offence's session, or of this many after it, may record it. */
const SUBMITTER_SESSIONS = 2

/** Whom evidence accuses, with the key under which an offence is recorded once. */
export type Offender = {
  readonly mark: string
  readonly kind: string
  readonly key: PublicKeyHex
  readonly org: string
  readonly session: number
  readonly epoch: number
  readonly s: number
}

export type PlanOf = (session: number) => CommitteePlan | null

/** One piece of evidence, parsed. Its answers are the same on every node. */
export interface EvidenceCase {
  readonly id: Hash
  readonly bytes: Uint8Array
  readonly session: number
  /** Whom it accuses; null when no such seat exists. Cheap. */
  offender(plans: PlanOf): Offender | null
  /** Null when it proves the offence, otherwise why it does not. Checks signatures. */
  problem(plans: PlanOf): string | null
}

/** What this module needs of consensus: reads evidence, or says what is wrong with the bytes. Never throws. */
export type ReadEvidence = (bytes: Uint8Array) => EvidenceCase | string

/** A recorded offence. */
export type RecordedOffence = Omit<Offender, 'mark'> & { readonly id: Hash; readonly height: number }

/** The state key of an offence's record. */
export function offenceStateKey(mark: string): string {
  return `${EVIDENCE}/${mark}`
}

/** The record in a state value. */
export function readMark(value: Uint8Array): RecordedOffence {
  const { id, key, ...rest } = EvidenceMark.decode(value)
  return { ...rest, id: hex(id), key: hex(key) }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The module; `read` comes from consensus. */
export function createEvidenceModule(read: ReadEvidence): LedgerModule<EvidenceCase> {
  function parse(payload: Uint8Array): ParsedEntry<EvidenceCase> {
    try {
      const { evidence } = EvidenceEntry.decode(payload)
      if (Buffer.compare(EvidenceEntry.encode({ evidence }), payload) !== 0) throw new Error('not canonical')
      const found = read(evidence)
      return typeof found === 'string' ? { ok: false, detail: `evidence: ${found}` } : { ok: true, entry: found }
    } catch {
      return { ok: false, detail: 'evidence: not an encoded EvidenceEntry' }
    }
  }

  function encode(input: unknown): Uint8Array {
    const { evidence } = (typeof input === 'object' && input !== null ? input : {}) as { evidence?: unknown }
    if (typeof evidence !== 'string') throw badEntry('evidence: the payload is {"evidence": BASE64}')
    const bytes = Buffer.from(evidence, 'base64')
    const found = read(bytes)
    if (typeof found === 'string') throw badEntry(`evidence: ${found}`)
    return EvidenceEntry.encode({ evidence: bytes })
  }

  return {
    name: EVIDENCE,
    parse,
    apply,
    show: ({ id, bytes }) => ({ id, evidence: Buffer.from(bytes).toString('base64') }),
    encode,
  }
}

function badEntry(about: string): LedgerError {
  return new LedgerError('bad-entry', refusal('bad-entry', about).detail)
}

/** Cheap questions come first: signatures are checked for members, and for news, only. */
function apply(view: StateView, found: EvidenceCase, { sender, height }: ExecutionContext): EntryOutcome {
  const plans: PlanOf = (session) => planOf(view, session)
  if (plans(found.session) === null) {
    return refuse('other-session', `session ${found.session} is too old, or has not begun on this ledger`)
  }
  const offender = found.offender(plans)
  if (offender === null) return refuse('no-such-seat', `session ${found.session} has no such seat`)
  if (!maySubmit(plans, found.session, sender)) {
    return refuse('not-a-member', 'members record evidence: bring it to one of them, any connection will do')
  }
  const key = offenceStateKey(offender.mark)
  if (view.get(key) !== undefined) return refuse('known', 'this offence is recorded already')
  const problem = found.problem(plans)
  if (problem !== null) return refuse('not-proven', `it proves nothing: ${problem}`)
  return { ok: true, writes: [{ key, value: writeMark(offender, found.id, height) }] }
}

function refuse(code: string, detail: string): EntryOutcome {
  return { ok: false, code, detail }
}

function writeMark({ mark: _, ...named }: Offender, id: Hash, height: number): Uint8Array {
  const bytes = { id: Buffer.from(id, 'hex'), key: Buffer.from(named.key, 'hex') }
  return EvidenceMark.encode({ ...named, ...bytes, height })
}

function maySubmit(plans: PlanOf, session: number, sender: PublicKeyHex): boolean {
  for (let later = 0; later <= SUBMITTER_SESSIONS; later++) {
    const plan = plans(session + later)
    if (plan !== null && isSeated(plan, sender)) return true
  }
  return false
}

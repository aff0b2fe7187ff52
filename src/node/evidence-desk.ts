/**
 * What a node does with evidence beside keeping it (P24.2): shows it, and as a member submits to the ledger what is not
 * recorded there yet: the leader at once, the others in turn, so that one of them usually is enough.
 */
import { Buffer } from 'node:buffer'
import type { Signer } from '../crypto/keys.ts'
import type { Hash, Millis } from '../domain.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { planOf } from '../ledger/modules/committee-roster.ts'
import { offenceStateKey, readMark } from '../ledger/modules/evidence.ts'
import type { Clock } from '../machine/clock.ts'
import { proposerIndex, sessionOf, voterIndex } from '../pala/committee.ts'
import { type Accused, accusationOf, accusedBy, type CertificateConflict, type Offence } from '../pala/evidence.ts'
import { encodeConflict, encodeEvidence, evidenceIdOf } from '../pala/evidence-codec.ts'
import type { EvidenceStore } from '../pala/evidence-store.ts'
import type { Sn } from '../pala/sn.ts'
import type { Notice, State } from '../pala/types.ts'
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import type { EvidenceDetail, EvidenceView } from './api/node-port.ts'

/** How long each next member waits for those before it. */
const TURN_MS: Millis = 2_000
/** A submission that came to nothing is made again after this time, this often. */
const RETRY_MS: Millis = 60_000
const MAX_ATTEMPTS = 5

export type DeskOptions = {
  readonly state: State
  readonly store: Pick<EvidenceStore, 'submission' | 'noteSubmission' | 'conflicts'>
  readonly ledger: Pick<Ledger, 'stateValue' | 'encodeEntry' | 'submit' | 'transaction'>
  readonly signer: Signer
  readonly clock: Clock
  /** A submission failed; it is made again. */
  readonly onFailure: (error: unknown) => void
}

export interface EvidenceDesk {
  /** Newest last; conflicting certificates, which name nobody by themselves, come first. */
  list(): EvidenceView[]
  show(id: Hash): EvidenceDetail | null
  /** Hears of conflicting certificates, which name nobody and stay out of the machine's book. */
  noticed(notice: Notice): void
  /** Submits what is due. Call it about twice a second. */
  tick(): void
}

/** What is known of one offence's way to the ledger. Bounded by the machine's book. */
type Case = { readonly since: Millis; notBefore: Millis; attempts: number; isRecorded: boolean }

/** Reads what the disk holds of conflicts; the rest is in the machine's state. */
export async function openEvidenceDesk(options: DeskOptions): Promise<EvidenceDesk> {
  const { state, store, ledger, signer, clock } = options
  const conflicts = await store.conflicts()
  const cases = new Map<string, Case>()
  let isBusy = false

  async function submitDue(): Promise<void> {
    const { offences } = state.evidence
    for (const key of cases.keys()) if (!offences.has(key)) cases.delete(key)
    for (const [key, { offence }] of offences) {
      const known = cases.get(key) ?? { since: clock.now(), notBefore: 0, attempts: 0, isRecorded: false }
      cases.set(key, known)
      if (isDue(key, offence, known)) await submit(key, offence, known)
    }
  }

  function isDue(key: string, offence: Offence, known: Case): boolean {
    if (known.isRecorded || known.attempts >= MAX_ATTEMPTS || clock.now() < known.notBefore) return false
    known.isRecorded = ledger.stateValue(offenceStateKey(key)) !== undefined
    if (known.isRecorded) return false
    const turn = turnOf(state, signer.publicKey)
    const session = accusedBy(state.sessions, offence)?.slot.session
    if (turn === null || session === undefined || clock.now() < known.since + turn * TURN_MS) return false
    return planOf({ get: ledger.stateValue }, session) !== null
  }

  async function submit(key: string, offence: Offence, known: Case): Promise<void> {
    known.notBefore = clock.now() + RETRY_MS
    const before = await store.submission(key)
    // Waiting transactions outlive a restart: this one may be among them.
    if (before !== null && (await ledger.transaction(before))?.status === 'pending') return
    known.attempts += 1
    const evidence = Buffer.from(encodeEvidence(offence)).toString('base64')
    const txId = await ledger.submit([ledger.encodeEntry('evidence', { evidence })], signer)
    await store.noteSubmission(key, txId)
  }

  function viewOf(key: string, offence: Offence): EvidenceDetail {
    const bytes = encodeEvidence(offence)
    const accused = accusedBy(state.sessions, offence)
    const value = ledger.stateValue(offenceStateKey(key))
    const recordedAt = value === undefined ? null : readMark(value).height
    return detailOf({ bytes, kind: offence.kind, accused, slot: accusationOf(offence).slot, recordedAt })
  }

  function all(): EvidenceDetail[] {
    return [
      ...conflicts.map(conflictView),
      ...[...state.evidence.offences].map(([key, { offence }]) => viewOf(key, offence)),
    ]
  }

  return {
    list: () => all().map(({ evidence: _, ...view }) => view),
    show: (id) => all().find((view) => view.id === id) ?? null,
    noticed(notice) {
      if (notice.kind !== 'evidence' || notice.evidence.kind !== 'conflictingNotarizations') return
      conflicts.push(notice.evidence)
    },
    tick() {
      if (isBusy) return
      isBusy = true
      submitDue()
        .catch(options.onFailure)
        .finally(() => {
          isBusy = false
        })
    },
  }
}

/** 0 for the leader, then the proposers after it, then the voters; null for a key without a seat. */
function turnOf({ sessions, epoch, config }: State, key: string): number | null {
  const session = sessionOf(sessions, epoch.current.session)
  const size = session.proposers.length
  const place = proposerIndex(session, key)
  if (place !== null) return (place - config.schedule(session, epoch.current.epoch) + size) % size
  const voter = voterIndex(session, key)
  return voter === null ? null : size + voter
}

type Parts = {
  readonly bytes: Uint8Array
  readonly kind: EvidenceView['kind']
  readonly accused: Accused | null
  readonly slot: Sn
  readonly recordedAt: number | null
}

function detailOf({ bytes, kind, accused, slot, recordedAt }: Parts): EvidenceDetail {
  const who = accused === null ? null : { key: accused.key, org: accused.org, seat: accused.seat }
  return {
    id: evidenceIdOf(bytes),
    kind,
    accused: who === null ? null : { ...who, peerId: peerIdFromPublicKeyHex(who.key) },
    session: slot.session,
    epoch: slot.epoch,
    number: slot.s,
    recordedAt,
    evidence: Buffer.from(bytes).toString('base64'),
  }
}

function conflictView(conflict: CertificateConflict): EvidenceDetail {
  const { kind, first } = conflict
  return detailOf({ bytes: encodeConflict(conflict), kind, accused: null, slot: first.sn, recordedAt: null })
}

/** The committee module's part of the replicated state: its keys, and records to and from bytes. */
import { Buffer } from 'node:buffer'
import { required } from '../../assert.ts'
import type { CommitteePlan, Hash, Hex } from '../../domain.ts'
import { decodePlan, encodePlan } from '../../protocols/committee-plan.ts'
import * as wire from '../../protocols/wire/ledger-committee.gen.ts'
import type { StateView, StateWrite } from '../types.ts'
import { readChange, writeChange } from './committee-entry.ts'
import {
  type Accepted,
  type Agenda,
  type Ended,
  KEPT_SESSIONS,
  PROPOSAL_STATUSES,
  type Proposal,
  type Roster,
  type SessionRecord,
  type SessionStart,
} from './committee-types.ts'

export const COMMITTEE = 'committee'
const CURRENT = `${COMMITTEE}/current`
const AGENDA = `${COMMITTEE}/agenda`
const ENDED = `${COMMITTEE}/ended`

const planKey = (session: number): string => `${COMMITTEE}/session/${session}`
const proposalKey = (id: Hash): string => `${COMMITTEE}/proposal/${id}`
const historyKey = (session: number): string => `${COMMITTEE}/history/${session}`

/** The present session and its committee. */
export function readRoster(view: StateView): Roster {
  return rosterOf(view, readCurrent(view))
}

/** The committee of a session; null when it has not begun, or is older than what the state keeps. */
export function readPlan(view: StateView, session: number): CommitteePlan | null {
  const value = view.get(planKey(session))
  return value === undefined ? null : decodePlan(value)
}

/** A session that the state still knows, with its plan. */
export function rosterOf(view: StateView, { session, since }: SessionStart): Roster {
  return {
    session,
    since,
    plan: required(readPlan(view, session), `the state has the committee of session ${session}`),
  }
}

/** The present session; its committee is not read. */
export function readCurrent(view: StateView): SessionStart {
  return wire.CommitteeSession.decode(required(view.get(CURRENT), 'the state has a session'))
}

export function readAgenda(view: StateView): Agenda {
  const { proposals, accepted } = wire.CommitteeAgenda.decode(view.get(AGENDA) ?? new Uint8Array(0))
  return {
    proposals: proposals.map(({ id, author }) => ({ id: hex(id), author: hex(author) })),
    accepted: accepted.map(readAccepted),
  }
}

export function writeAgenda({ proposals, accepted }: Agenda): StateWrite {
  const message = {
    proposals: proposals.map(({ id, author }) => ({ id: bytes(id), author: bytes(author) })),
    accepted: accepted.map(writeAccepted),
  }
  return { key: AGENDA, value: wire.CommitteeAgenda.encode(message) }
}

/** The session before; null in session 1. */
export function readEnded(view: StateView): Ended | null {
  const value = view.get(ENDED)
  if (value === undefined) return null
  const { session, accepted } = wire.CommitteeEnded.decode(value)
  return { ...required(session, 'an ended session has a number'), accepted: accepted.map(readAccepted) }
}

export function writeEnded({ session, since, accepted }: Ended): StateWrite {
  const message = { session: { session, since }, accepted: accepted.map(writeAccepted) }
  return { key: ENDED, value: wire.CommitteeEnded.encode(message) }
}

export function readProposal(view: StateView, id: Hash): Proposal | null {
  const value = view.get(proposalKey(id))
  if (value === undefined) return null
  const { author, change, approvals, status, ...rest } = wire.CommitteeProposal.decode(value)
  return {
    ...rest,
    id,
    author: hex(author),
    change: readChange(change),
    approvals: approvals.map(hex),
    status: required(
      PROPOSAL_STATUSES.find((known) => known === status),
      'the status of a proposal',
    ),
  }
}

export function writeProposal({ id, author, change, approvals, ...rest }: Proposal): StateWrite {
  const message = { ...rest, author: bytes(author), change: writeChange(change), approvals: approvals.map(bytes) }
  return { key: proposalKey(id), value: wire.CommitteeProposal.encode(message) }
}

export function deleteProposal(id: Hash): StateWrite {
  return { key: proposalKey(id), value: null }
}

/** How `session` came to be; null when it has not begun, or is older than what the state keeps. */
export function readSessionRecord(view: StateView, session: number): SessionRecord | null {
  const value = view.get(historyKey(session))
  if (value === undefined) return null
  const { since, elected, outcomes } = wire.CommitteeRecord.decode(value)
  return {
    ...rosterOf(view, { session, since }),
    how: since === 0 ? 'genesis' : elected ? 'elected' : 'kept',
    outcomes: outcomes.map(({ id, author, reason }) => ({ id: hex(id), author: hex(author), reason })),
  }
}

/** Starts the session of `record`, and forgets the oldest. */
export function writeSession({ session, since, plan, how, outcomes }: SessionRecord): StateWrite[] {
  const message = {
    since,
    elected: how === 'elected',
    outcomes: outcomes.map(({ id, author, reason }) => ({ id: bytes(id), author: bytes(author), reason })),
  }
  const oldest = session - KEPT_SESSIONS
  const forgotten = oldest < 1 ? [] : [planKey(oldest), historyKey(oldest)]
  return [
    { key: CURRENT, value: wire.CommitteeSession.encode({ session, since }) },
    { key: planKey(session), value: encodePlan(plan) },
    { key: historyKey(session), value: wire.CommitteeRecord.encode(message) },
    ...forgotten.map((key) => ({ key, value: null })),
  ]
}

function readAccepted({ id, height }: wire.AcceptedChange): Accepted {
  return { id: hex(id), height }
}

function writeAccepted({ id, height }: Accepted): wire.AcceptedChange {
  return { id: bytes(id), height }
}

function bytes(text: Hex): Uint8Array {
  return Buffer.from(text, 'hex')
}

function hex(value: Uint8Array): Hex {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
}

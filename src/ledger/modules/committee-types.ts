/** Nouns of the committee module: what may be proposed, what becomes of it, and what the state keeps of each session. */
import type { CommitteePlan, Hash, PublicKeyHex, RoleName, SessionParams } from '../../domain.ts'

/** Members one change may add; likewise for removing and replacing. */
export const MAX_CHANGED_MEMBERS = 128
/** Places for proposals that the voters share evenly; each has at least one (see `allowanceOf`). */
export const SHARED_PROPOSALS = 64
/** Above it nothing is proposed until a session ends. Shares alone keep the number below it. */
export const MAX_PROPOSALS = 1_000
/** A proposal that was not accepted may wait through this many session ends. */
export const PROPOSAL_SESSIONS = 2
/** Committees of fewer voters tolerate no fault: going below needs `allowFewer` (P16.2). */
export const SAFE_VOTERS = 4
/** Sessions whose plans and records the state keeps. */
export const KEPT_SESSIONS = 256

export type Addition = {
  readonly key: PublicKeyHex
  readonly org: string
  readonly weight: number
  readonly roles: readonly RoleName[]
}

/** `key` takes the seats of `old`, in place; `weight` null keeps that of the old one. */
export type Replacement = {
  readonly old: PublicKeyHex
  readonly key: PublicKeyHex
  readonly org: string
  readonly weight: number | null
}

/** A change of the committee: removals come first, then replacements, then additions. */
export type Change = {
  readonly add: readonly Addition[]
  readonly remove: readonly PublicKeyHex[]
  readonly replace: readonly Replacement[]
  readonly params: Partial<SessionParams>
  /** Fewer than {@link SAFE_VOTERS} voters are meant. */
  readonly allowFewer: boolean
}

export type CommitteeEntry =
  | { readonly type: 'propose'; readonly change: Change }
  | { readonly type: 'approve'; readonly id: Hash }
  | { readonly type: 'withdraw'; readonly id: Hash }

/** Why an entry has no effect, or a change none any more. */
export type CommitteeRefusalCode =
  | 'not-voter'
  | 'not-author'
  | 'unknown-proposal'
  | 'not-open'
  | 'already-approved'
  | 'already-member'
  | 'not-member'
  | 'no-voters'
  | 'no-proposers'
  | 'too-few-voters'
  | 'too-many-proposals'
  | 'no-change'
  | 'bad-plan'

export type CommitteeRefusal = { readonly ok: false; readonly code: CommitteeRefusalCode; readonly detail: string }

/** Whether no session may have a plan, for people; null when one may (P16.2). */
export type PlanProblem = (plan: CommitteePlan) => string | null

/** A session; `since` is the height of the stop block before it, 0 for genesis. */
export type SessionStart = { readonly session: number; readonly since: number }

/** A session with its committee. */
export type Roster = SessionStart & { readonly plan: CommitteePlan }

/** `accepted` ends with its session; `applied` and `dropped` are for good, like `withdrawn`. */
export const PROPOSAL_STATUSES = ['open', 'accepted', 'applied', 'withdrawn', 'dropped'] as const
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number]

export type Proposal = {
  readonly id: Hash
  readonly author: PublicKeyHex
  /** Session and height in which it was made. */
  readonly session: number
  readonly height: number
  readonly change: Change
  /** In order; only those of present voters count. */
  readonly approvals: readonly PublicKeyHex[]
  readonly status: ProposalStatus
  /** Why it was dropped, else empty. */
  readonly reason: string
}

/** An accepted change and the height of the block that accepted it. */
export type Accepted = { readonly id: Hash; readonly height: number }

/** What is before the committee: proposals made or still open in this session, and accepted changes in order. */
export type Agenda = {
  readonly proposals: readonly { readonly id: Hash; readonly author: PublicKeyHex }[]
  readonly accepted: readonly Accepted[]
}

/** The session before, as its stop block found it. */
export type Ended = SessionStart & { readonly accepted: readonly Accepted[] }

/** What became of an accepted change when its session ended; an empty reason: it took effect. */
export type Outcome = { readonly id: Hash; readonly author: PublicKeyHex; readonly reason: string }

/** How a session came to be: from genesis or an election, or with the committee of the one before (`kept`). */
export type SessionRecord = Roster & {
  readonly how: 'genesis' | 'elected' | 'kept'
  readonly outcomes: readonly Outcome[]
}

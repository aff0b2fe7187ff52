/** The committee as the HTTP API shows it (CONTRACT, "HTTP API"): members with their peer ids, proposals with what they lack. */
import type { Hash, PeerId, PublicKeyHex, RoleName, SessionParams } from '../../domain.ts'

export type MemberView = {
  readonly key: PublicKeyHex
  readonly peerId: PeerId
  readonly org: string
  readonly weight: number
}

export type PlanView = {
  readonly proposers: readonly MemberView[]
  readonly voters: readonly MemberView[]
  readonly params: SessionParams
}

/** A change as an entry `propose` writes it, with every default filled in. */
export type ChangeView = {
  readonly add: readonly {
    readonly key: PublicKeyHex
    readonly org: string
    readonly weight: number
    readonly roles: readonly RoleName[]
  }[]
  readonly remove: readonly PublicKeyHex[]
  readonly replace: readonly {
    readonly old: PublicKeyHex
    readonly key: PublicKeyHex
    readonly org: string
    /** Null keeps that of the old member. */
    readonly weight: number | null
  }[]
  readonly params: Partial<SessionParams>
  readonly allowFewer: boolean
}

export type CommitteeProposalView = {
  readonly id: Hash
  /** Who made it; `org` is null when it is no member any more. */
  readonly author: { readonly key: PublicKeyHex; readonly peerId: PeerId; readonly org: string | null }
  /** Session and height in which it was made. */
  readonly session: number
  readonly height: number
  readonly change: ChangeView
  /** The change in sentences. */
  readonly summary: readonly string[]
  /** Approvals by present voters, in order; their weight in all, and the weight that accepts. */
  readonly approvals: readonly { readonly key: PublicKeyHex; readonly org: string; readonly weight: number }[]
  readonly weight: number
  readonly needed: number
  /** `accepted` waits for the end of the session. */
  readonly status: 'open' | 'accepted' | 'applied' | 'withdrawn' | 'dropped'
  /** Why it was dropped. */
  readonly reason: string | null
}

export type CommitteeView = {
  readonly session: number
  /** Height of the stop block before the session; 0 for genesis. */
  readonly since: number
  readonly plan: PlanView
  /** The next session's committee by what is accepted so far; null when it would be the same. */
  readonly next: PlanView | null
  readonly proposals: readonly CommitteeProposalView[]
}

/** How a session came to be, and what became of the changes accepted before it. */
export type SessionRecordView = {
  readonly session: number
  readonly since: number
  readonly how: 'genesis' | 'elected' | 'kept'
  readonly plan: PlanView
  readonly changes: readonly {
    readonly id: Hash
    readonly author: PublicKeyHex
    readonly applied: boolean
    /** Why it was not applied. */
    readonly reason: string | null
  }[]
}

/**
 * What one SYNC session remembers, hears and does (S6, S7). Both sides run the same machine. It sees no ids: the service
 * weighs them and tells it numbers, fingerprints and whether a rule was kept.
 */
import type { Millis, PeerId } from '../domain.ts'
import type { AtxMessage, Features, Hello, ProblemCode, ServeOffer, StopReason } from './messages.ts'
import type { Fingerprint, Suite } from './set/types.ts'

export type SessionRole = 'initiator' | 'responder'

/** Bounds of one session (S1). */
export type SessionLimits = {
  readonly maxIdsPerFrame: number
  readonly maxIdsPerSession: number
  /** Learned ids that may wait to be fetched; above it a session brings no more than a window of chunks. */
  readonly maxUnknownIds: number
  /** Ids in one chunk, as sender and as receiver. */
  readonly chunkIds: number
  /** Unacknowledged chunks in flight, each way. */
  readonly chunkWindow: number
  readonly openTimeoutMs: Millis
  readonly idleTimeoutMs: Millis
  readonly sessionTimeoutMs: Millis
  /** Bytes of ids a second that a list must bring, averaged over `rateWindowMs`. */
  readonly minRate: number
  readonly rateWindowMs: Millis
  readonly clockToleranceMs: Millis
  readonly boundaryGuardMs: Millis
  /** With range reconciliation, lists still go out when both counts of a round are below this (S12). */
  readonly rangeFromIds: number
}

export type SessionConfig = {
  readonly self: PeerId
  readonly peer: PeerId
  readonly role: SessionRole
  /** 16 bytes; the responder takes over the initiator's. */
  readonly sessionId: Uint8Array
  /** 32 bytes. */
  readonly networkId: Uint8Array
  /** The suite of this node's fingerprints; the strongest common one is used. */
  readonly suite: Suite
  /** What this node offers. Without `setRule` it speaks the literal variant of S7.2, and only with its like. */
  readonly features: Features
  /** N_1: closed timeframes exchanged at most. */
  readonly maxRounds: number
  /** N_2: rounds in a row without gain before a serve. */
  readonly noGainRounds: number
  readonly limits: SessionLimits
}

/** The set at the instant of a Hello. A fingerprint is null when it is not to be compared: step 1 is off, or a full run is due. */
export type Present = {
  readonly wallMs: Millis
  /** k. */
  readonly frame: number
  readonly frameStart: Millis
  readonly frameEnd: Millis
  readonly fast: Fingerprint | null
  readonly all: Fingerprint
  readonly total: Fingerprint
}

/** What a responder knows of who calls (S6). `live`: this node's own session with the peer. */
export type Standing = {
  readonly isBanned: boolean
  /** Above 0 when the peer calls too often, or this node has enough sessions. */
  readonly retryAfterMs: Millis
  readonly live: 'none' | 'dialling' | 'running'
}

/** What became of ids that a peer listed (S7.2). */
export type Weighed = {
  /** New to the fingerprint. */
  readonly learned: number
  /** New to the live set. */
  readonly gained: number
  /** In the live set, but not in the frozen one. */
  readonly fresh: number
  /** Learned ids of all peers that wait to be fetched now. */
  readonly waiting: number
}

export type FailureCode = ProblemCode | 'timeout' | 'closed' | 'mismatch' | 'superseded'

/** How a session ended. `by`: whose word it was. */
export type Ending =
  /** `isUnsettled`: only ids whose grade is not settled differ; after a while of that a full run is due (S6). */
  | {
      readonly kind: 'fast-equal'
      readonly isUnsettled: boolean
      /** The open timeframes differ, which step 1 does not look at (S12.2). */
      readonly isOpenDifferent: boolean
    }
  | { readonly kind: 'all-equal'; readonly isOpenDifferent: boolean }
  | { readonly kind: 'total-equal' | 'agreed' | 'deep' | 'serve-out' }
  /** The peer serves us; when `mutual`, each serves the other. */
  | { readonly kind: 'serve-in' | 'mutual'; readonly offer: ServeOffer | null }
  | { readonly kind: 'stopped'; readonly why: Exclude<StopReason, 'serve'>; readonly by: 'us' | 'peer' }
  | {
      readonly kind: 'failed'
      readonly code: FailureCode
      readonly text: string
      readonly retryAfterMs: Millis
      readonly by: 'us' | 'peer'
    }

/** What a session moved. Bytes are those of ids and of deep reconciliation. */
export type Figures = {
  /** Rounds completed, round 0 among them. */
  rounds: number
  idsIn: number
  idsOut: number
  bytesIn: number
  bytesOut: number
  learned: number
  gained: number
  /** Ids in rounds >= 1 that reached this node only after its freeze: post-freeze claims. */
  claims: number
}

export type Outcome = Ending & { readonly figures: Readonly<Figures> }

/** What is decided once both results of a round are known (S7.7). */
export type Decision = 'agreed' | 'limit' | 'policy' | 'serve-out' | 'serve-in' | 'mutual' | 'deep' | 'next'

/** What a side says of a round (S5). */
export type RoundReport = { readonly known: Fingerprint; readonly noGainRun: number; readonly gainedTotal: number }

export type Round = {
  readonly back: number
  /** 'undecided' until both counts are known, where range reconciliation is agreed (S12). */
  scheme: 'undecided' | 'lists' | 'range'
  readonly own: {
    /** Null until the list is open. */
    count: number | null
    /** Chunks below this index may go out. */
    credit: number
    isSent: boolean
  }
  readonly their: {
    /** Null before their FrameOpen. */
    count: number | null
    chunks: number
    ids: number
    /** Chunks acknowledged. */
    acked: number
    isEnded: boolean
  }
  gained: number
  ownReport: RoundReport | null
  theirReport: RoundReport | null
}

/**
 * `hello`: hellos are due. `freezing`: the service pins the view. `rounds`: lists move. `confirming`: the decision is made,
 * the peer's word is due. `deep`: reconciliation of the whole set. `stopping`: we asked the peer to stop, what is under
 * way is thrown away.
 */
export type Phase = 'idle' | 'hello' | 'freezing' | 'rounds' | 'confirming' | 'deep' | 'stopping' | 'ended'

export type SessionState = {
  readonly config: SessionConfig
  phase: Phase
  startedAt: Millis
  /** When the peer last said something. */
  heardAt: Millis
  /** The peer has ended its half: nothing more is to be heard of it. */
  isPeerOver: boolean
  /** Hellos so far, each way: more than one after a roll between Hello and freeze (S7.1). */
  hellosSent: number
  hellosReceived: number
  sessionId: Uint8Array
  /** What we said last of ourselves. */
  present: Present | null
  /** The peer's last Hello. */
  theirs: Hello | null
  round: Round | null
  /** Fingerprint of the frozen set and all that was learned, as of the last list; null before one (S7.2). */
  known: Fingerprint | null
  noGainRun: number
  /** Post-freeze claims in the rounds of `noGainRun`, and in the one under way (S7.5). */
  idleClaims: number
  /** The latest decision that the peer's next message must confirm. */
  decision: Decision | null
  /** How the session ends once a stop is answered. */
  stopEnding: Ending | null
  /** Messages thrown away since a stop or a restart: bounded by what may be under way. */
  strayChunks: number
  strayOthers: number
  /** Too many ids wait to be fetched: nothing is acknowledged or reported (S8). */
  isPaused: boolean
  /** When this side last said something, the chunks of its list left out. */
  saidAt: Millis
  /** Signs of life from the peer: bounded by the session's age. */
  keepAlivesHeard: number
  /** Window in which the rate of the peer's list is measured. */
  rateSince: Millis
  rateBytes: number
  /** The instant the service will wake us at; null for none. */
  alarmAt: Millis | null
  readonly figures: Figures
}

export type SessionInput = { readonly now: Millis } /** The stream is there. */ & (
  | { readonly type: 'started'; readonly present: Present }
  | {
      readonly type: 'helloReceived'
      readonly hello: Hello
      readonly present: Present
      readonly standing: Standing
    }
  /** The view is pinned; `present` is the set at that instant. */
  | { readonly type: 'frozen'; readonly frame: number; readonly present: Present }
  | { readonly type: 'listOpened'; readonly back: number; readonly count: number }
  /** Our list has left, its end too. */
  | { readonly type: 'listSent'; readonly back: number }
  /** Any message but those that have an input of their own. */
  | {
      readonly type: 'messageReceived'
      readonly message: Exclude<AtxMessage, { type: 'hello' | 'ids' | 'frameEnd' | 'deep' }>
    }
  /** `count` is no whole number when the bytes were no whole ids. */
  | { readonly type: 'chunkReceived'; readonly index: number; readonly count: number; readonly isAscending: boolean }
  | ({ readonly type: 'chunkWeighed' } & Weighed)
  /** `known`: the fingerprint with all of this list in it (S7.3). */
  | {
      readonly type: 'frameEnded'
      readonly back: number
      readonly count: number
      readonly isDigestGood: boolean
      readonly known: Fingerprint
    }
  | { readonly type: 'deepReceived'; readonly bytes: number }
  /** Deep reconciliation brought ids that we lack. */
  | ({ readonly type: 'deepWeighed' } & Weighed)
  | { readonly type: 'reconciled'; readonly known: Fingerprint; readonly bytesOut: number }
  | { readonly type: 'reconcileFailed'; readonly text: string }
  /** A bound of reconciliation is reached, as both sides know: plain lists, or a serve, go on from here (S12.3). */
  | { readonly type: 'reconcileLimited'; readonly bytesOut: number }
  /** How many learned ids wait to be fetched. */
  | { readonly type: 'backlogChanged'; readonly waiting: number }
  /** This node wants the session to end. */
  | { readonly type: 'stopRequested'; readonly why: Exclude<StopReason, 'serve'> }
  /** The peer's own session with us goes on instead of this one (S6, glare). */
  | { readonly type: 'superseded' }
  | { readonly type: 'malformedReceived'; readonly reason: string }
  | { readonly type: 'peerEnded' }
  | { readonly type: 'disconnected'; readonly reason: string }
  | { readonly type: 'woke' }
)

export type SessionEffect =
  | { readonly type: 'send'; readonly message: AtxMessage }
  /** Pin the view and answer with `frozen`. */
  | { readonly type: 'freeze' }
  /** Answer with `listOpened`. */
  | { readonly type: 'openList'; readonly back: number }
  /** Send the chunks below `credit` of the open list, later the others, then its end; answer with `listSent`. */
  | { readonly type: 'sendList'; readonly back: number; readonly chunkIds: number; readonly credit: number }
  | { readonly type: 'extendCredit'; readonly credit: number }
  /** Send nothing more of the list. */
  | { readonly type: 'dropList' }
  /** The peer's list of this timeframe begins. */
  | { readonly type: 'readList'; readonly back: number; readonly frame: number }
  /** The chunk just received is in order: answer with `chunkWeighed`. */
  | { readonly type: 'weigh' }
  /** Send StopSync with an offer to serve (S9.1). */
  | { readonly type: 'offerServe' }
  /** Reconcile the scope (S12.3) and answer with `reconciled`; `frame` is null for the whole set. */
  | { readonly type: 'reconcile'; readonly scope: number; readonly frame: number | null }
  /** The deep message just received belongs to the reconciliation under way. */
  | { readonly type: 'passOn' }
  /** Our own session with this peer, still unanswered, gives way to this one. */
  | { readonly type: 'supersede' }
  /** A violation of class P (S9.2). */
  | { readonly type: 'misbehaved'; readonly reason: string }
  /** Give `woke` after this time, instead of any earlier such wish. */
  | { readonly type: 'wake'; readonly delayMs: Millis }
  /** Send what waits, close our half and report. */
  | { readonly type: 'end'; readonly outcome: Outcome }

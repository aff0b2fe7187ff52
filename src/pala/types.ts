/**
 * The nouns of Pala (spec/pala.md 3 to 8): what is proposed, voted, certified and asked, and the machine's state,
 * inputs and effects. Hashes are hex text; signatures are opaque bytes that services made or checked.
 */
import type { CommitteePlan, Hash, Millis, PeerId, PenaltyClass, PublicKeyHex, Role, Verified } from '../domain.ts'
import type { BlockTree } from './chain.ts'
import type { Accused, Evidence, EvidenceBook, Offence } from './evidence.ts'
import type { FinalRange } from './range/types.ts'
import type { EpochId, Sn } from './sn.ts'
import type { LeaderState, PeerState, PendingRequest, Presence, PresenceState } from './state-parts.ts'

// ---------------------------------------------------------------- sessions

/** A session: a fixed committee and its parameters (P16.1). */
export type Session = CommitteePlan & { readonly session: number }

/**
 * What the stop block of a session says of the next one (P16.2). `kept`: the present committee goes on, because no
 * valid change was due.
 */
export type Election = { readonly plan: CommitteePlan; readonly kept: boolean }

/** Which proposer leads an epoch: a function of session data only (P10.1). */
export type Schedule = (session: Session, epoch: number) => number

// ---------------------------------------------------------------- certificates and blocks

export type Vote = { readonly sn: Sn; readonly blockHash: Hash; readonly voter: number; readonly signature: Uint8Array }

/** Votes of at least the threshold weight for one block (P4.4). `signers` ascend; `signatures[i]` is by `signers[i]`. */
export type Notarization = {
  readonly sn: Sn
  readonly blockHash: Hash
  readonly signers: readonly number[]
  readonly signatures: readonly Uint8Array[]
}

/** "I want to enter `target`", signed by a voter whose timer expired. `since` is an unsigned hint (P14.5). */
export type ClockMessage = {
  readonly target: EpochId
  readonly voter: number
  readonly signature: Uint8Array
  readonly since: Sn
}

export type ClockNotarization = {
  readonly target: EpochId
  readonly signers: readonly number[]
  readonly signatures: readonly Uint8Array[]
}

/**
 * What moves a node to a later epoch (P8.2). `session`: the stop block of the session before is final here (P8.2-c);
 * it is never sent, because whoever is behind a session fetches the blocks that prove it.
 */
export type EpochProof =
  | { readonly kind: 'clocks'; readonly clockNotarization: ClockNotarization }
  | { readonly kind: 'block'; readonly notarization: Notarization }
  | { readonly kind: 'session'; readonly session: number }

export type BlockHeader = {
  readonly version: number
  readonly chainId: Hash
  readonly sn: Sn
  readonly height: number
  /** Blocks of this session up to and including this one (P3.6). */
  readonly sessionCount: number
  readonly parentHash: Hash
  readonly parentSn: Sn
  readonly proposer: number
  /** Milliseconds since the Unix epoch, greater than the parent's. */
  readonly timestamp: Millis
  readonly payloadRoot: Hash
  readonly certsRoot: Hash
  readonly isStop: boolean
  /** 32 zero bytes unless `isStop`. */
  readonly electionRoot: Hash
  /** The height this chain proves final by the certificates it carries (`inChainFinalHeight`), and ... */
  readonly stateHeight: number
  /** ... the application's state root after that height. */
  readonly stateRoot: Hash
}

/** Certificates a block must carry (P5.2). */
export type EmbeddedCerts = {
  readonly notarizations: readonly Notarization[]
  readonly clockNotarization: ClockNotarization | null
}

/** A block. `hash` names it; the header commits to the certificates and the payload. */
export type Block = EmbeddedCerts & {
  readonly hash: Hash
  readonly header: BlockHeader
  /** Opaque application entries, in order. */
  readonly payload: readonly Uint8Array[]
  /** In a stop block only: who follows. The header's `electionRoot` commits to it. */
  readonly election: Election | null
}

/** A block with its leader's signature and its wire form, which is stored and passed on unchanged. */
export type Proposal = { readonly block: Block; readonly signature: Uint8Array; readonly encoded: Uint8Array }

export type NotarizedBlock = { readonly proposal: Proposal; readonly notarization: Notarization }

/** A name for a block that survives pruning: where it is and what it is. */
export type BlockRef = { readonly sn: Sn; readonly hash: Hash; readonly height: number }

// ---------------------------------------------------------------- messages

/** A node's summary for reconciliation (P6.2, P17.1). An unproven claim. */
export type Status = {
  readonly epoch: EpochId
  readonly fnc: BlockRef
  readonly finalized: BlockRef
  readonly fncAtEntry: Sn
}

/** What one node says to another. Own votes and clocks leave as `castVote` / `castClock`, which the service signs. */
export type Message =
  | { readonly type: 'proposal'; readonly proposal: Proposal }
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'notarization'; readonly notarization: Notarization }
  | { readonly type: 'clock'; readonly clock: ClockMessage }
  | { readonly type: 'clockNotarization'; readonly clockNotarization: ClockNotarization }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'getStatus' }
  | { readonly type: 'getEpoch'; readonly epoch: EpochId }
  | { readonly type: 'epochProof'; readonly proof: EpochProof }
  /** `locator` runs from the FNC head down to the finalized head: dense for ten, then sparse, at most 32. */
  | {
      readonly type: 'getFresher'
      readonly requestId: number
      readonly locator: readonly BlockRef[]
      /** A block the asker needs, e.g. the parent of a proposal; null for whatever is freshest. */
      readonly wanted: Hash | null
    }
  | { readonly type: 'getRange'; readonly requestId: number; readonly fromHeight: number; readonly toHeight: number }
  | { readonly type: 'blocks'; readonly requestId: number; readonly blocks: readonly NotarizedBlock[] }
  | { readonly type: 'inconsistent'; readonly requestId: number; readonly finalized: BlockRef }
  | { readonly type: 'getProposals'; readonly epoch: EpochId; readonly fnc: Sn }
  | { readonly type: 'getClocks'; readonly target: EpochId }
  | { readonly type: 'evidence'; readonly evidence: Offence }
  | { readonly type: 'presence'; readonly presence: Presence }

export type MessageType = Message['type']

// ---------------------------------------------------------------- inputs

/** A message as an input: signatures checked by the service wherever the type carries any. */
export type VerifiedMessage =
  | { readonly type: 'proposal'; readonly proposal: Verified<Proposal> }
  | { readonly type: 'vote'; readonly vote: Verified<Vote> }
  | { readonly type: 'notarization'; readonly notarization: Verified<Notarization> }
  | { readonly type: 'clock'; readonly clock: Verified<ClockMessage> }
  | { readonly type: 'clockNotarization'; readonly clockNotarization: Verified<ClockNotarization> }
  | { readonly type: 'epochProof'; readonly proof: Verified<EpochProof> }
  | { readonly type: 'blocks'; readonly requestId: number; readonly blocks: readonly Verified<NotarizedBlock>[] }
  | { readonly type: 'evidence'; readonly evidence: Verified<Offence> }
  | Exclude<Message, { type: SignedType }>

type SignedType =
  | 'proposal'
  | 'vote'
  | 'notarization'
  | 'clock'
  | 'clockNotarization'
  | 'epochProof'
  | 'blocks'
  | 'evidence'

export type TimerName =
  | 'voterTimeout'
  | 'voteResend'
  | 'firstProposalDelay'
  | 'firstProposalLimit'
  | 'proposeAgain'
  | 'heartbeat'
  | 'statusSoon'
  | 'epochRequest'
  | 'blocksRequest'
  | 'guard'

/** Every input carries the instant at which it was taken (`Clock.now`). */
export type Input = { readonly now: Millis } & (
  | { readonly type: 'started' }
  /** `from` is null when the node delivers its own signed vote or clock to itself. */
  | { readonly type: 'messageReceived'; readonly from: PeerId | null; readonly message: VerifiedMessage }
  | { readonly type: 'peerConnected'; readonly peer: PeerId; readonly roles: readonly Role[] }
  | { readonly type: 'peerDisconnected'; readonly peer: PeerId }
  /** The seats a connected peer holds changed with the sessions this node knows (P19.3). */
  | { readonly type: 'peerRolesChanged'; readonly peer: PeerId; readonly roles: readonly Role[] }
  | { readonly type: 'timerFired'; readonly timer: TimerName; readonly generation: number }
  /** Answers `buildBlock`. */
  | { readonly type: 'blockBuilt'; readonly proposal: Verified<Proposal> }
  /** Answers `checkBlock`. `retryable`: not provably bad, only not checkable now (e.g. timestamp ahead of our clock). */
  | { readonly type: 'blockChecked'; readonly hash: Hash; readonly verdict: 'valid' | 'invalid' | 'retryable' }
  /** A batch that range sync fetched and proved; and whether it fetches the missing blocks now. */
  | { readonly type: 'finalRangeReceived'; readonly range: Verified<FinalRange> }
  | { readonly type: 'rangeLeadChanged'; readonly leads: boolean }
  /** The application has, or no longer has, entries to propose. */
  | { readonly type: 'payloadPending'; readonly pending: boolean }
)

// ---------------------------------------------------------------- effects

/** One thing to remember. Records with `sync` semantics are fsynced before the effects after them run (P20). */
export type DurableRecord =
  | { readonly type: 'block'; readonly proposal: Proposal }
  | { readonly type: 'notarization'; readonly notarization: Notarization }
  | { readonly type: 'voteLock'; readonly sn: Sn; readonly blockHash: Hash }
  | { readonly type: 'proposeLock'; readonly sn: Sn; readonly blockHash: Hash }
  | {
      readonly type: 'epoch'
      readonly epoch: EpochId
      readonly proof: EpochProof | null
      readonly fncAtEntry: BlockRef
    }
  /** `blocks` became final, oldest first; the last one is the new finalized head. */
  | { readonly type: 'finalized'; readonly blocks: readonly BlockRef[] }
  /** Blocks on dead forks, and locks of slots at or below a final one: nobody can ask for them again (P20.9). */
  | { readonly type: 'pruned'; readonly blocks: readonly Hash[]; readonly locksUpTo: Sn }
  /** `key` names the offence (P24.2). */
  | { readonly type: 'evidence'; readonly key: string; readonly evidence: Evidence }
  /** A session whose committee is known because the stop block of the one before is final (P16.5). */
  | ({ readonly type: 'session' } & SessionRecord)

/**
 * Whether a block ends its session (P16.3): `must` at the stop offset, `may` before it (it does exactly when the
 * application has an accepted change at its `stateHeight`), `no` above a stop block.
 */
export type StopRule = 'must' | 'may' | 'no'

/** What the service needs to build the block of a slot; it adds payload, roots, hash, timestamp and signature. */
export type BlockPlan = {
  readonly sn: Sn
  readonly height: number
  readonly sessionCount: number
  readonly parent: BlockRef
  readonly parentTimestamp: Millis
  readonly proposer: number
  readonly stop: StopRule
  readonly certs: EmbeddedCerts
  readonly stateHeight: number
  /** False for blocks that must be empty (after the stop block). */
  readonly payloadAllowed: boolean
  /** Blocks from the parent down to, not including, the finalized head; newest first. */
  readonly pendingAncestors: readonly Block[]
}

export type Effect =
  /** `sync`: fsync before the following effects run. */
  | { readonly type: 'persist'; readonly records: readonly DurableRecord[]; readonly sync: boolean }
  | { readonly type: 'send'; readonly to: readonly PeerId[]; readonly message: Message }
  /** Sign a vote and give it to `to`; null = this node leads, deliver it to itself. */
  | { readonly type: 'castVote'; readonly sn: Sn; readonly blockHash: Hash; readonly to: PeerId | null }
  /** Sign a clock message and give it to `to`, to gossip when `publish`, and to itself when `toSelf`. */
  | {
      readonly type: 'castClock'
      readonly target: EpochId
      readonly since: Sn
      readonly to: readonly PeerId[]
      readonly toSelf: boolean
      readonly publish: boolean
    }
  /** Gossip: clock notarizations and heartbeats (DESIGN.md 7). */
  | { readonly type: 'publish'; readonly message: Message }
  /** Send stored notarized blocks: those named, or the final ones of a height range, up to the byte cap. */
  | {
      readonly type: 'sendBlocks'
      readonly to: PeerId
      readonly requestId: number
      readonly blocks:
        | { readonly kind: 'hashes'; readonly hashes: readonly Hash[] }
        | { readonly kind: 'final'; readonly fromHeight: number; readonly toHeight: number }
    }
  | { readonly type: 'setTimer'; readonly timer: TimerName; readonly generation: number; readonly delayMs: Millis }
  | { readonly type: 'cancelTimer'; readonly timer: TimerName }
  | { readonly type: 'buildBlock'; readonly plan: BlockPlan }
  | {
      readonly type: 'checkBlock'
      readonly block: Block
      readonly stop: StopRule
      readonly pendingAncestors: readonly Block[]
    }
  /** Hand final blocks to the application, oldest first, each once per run; it keeps its own durable cursor. */
  | { readonly type: 'deliver'; readonly blocks: readonly Block[] }
  /** A clue about a peer's conduct; evidence is persisted by a `persist` beside it. */
  | {
      readonly type: 'misbehaviour'
      readonly peer: PeerId | null
      readonly penalty: PenaltyClass
      readonly reason: string
    }
  /** Answers `finalRangeReceived`: taken up to height `last`, or not, and why. */
  | { readonly type: 'rangeTaken'; readonly last: number; readonly problem: string | null }
  /** Safety is in doubt: tell the operator. The machine has stopped voting. */
  | { readonly type: 'alarm'; readonly code: AlarmCode; readonly detail: string }
  /** Something observers like to know; carries no obligation. */
  | { readonly type: 'notice'; readonly notice: Notice }

export type AlarmCode = 'conflicting-notarizations' | 'conflicting-finality' | 'own-equivocation' | 'key-used-elsewhere'

export type Notice =
  | { readonly kind: 'epochEntered'; readonly epoch: EpochId; readonly cause: EpochProof['kind'] }
  | { readonly kind: 'notarized'; readonly block: BlockRef }
  /** The stop block of the session before became final: this committee takes over (P16.5). */
  | ({ readonly kind: 'sessionStarted' } & SessionRecord)
  /** `accused` is null for conflicting certificates: the double votes in them follow. */
  | { readonly kind: 'evidence'; readonly accused: Accused | null; readonly evidence: Evidence }
  /** One key runs in two processes: the peer's, or this node's own as the peer tells (P19.5). */
  | { readonly kind: 'duplicateKey'; readonly peer: PeerId; readonly isSelf: boolean }
  | { readonly kind: 'dropped'; readonly what: string; readonly reason: string }

// ---------------------------------------------------------------- state

/** Durable facts about the epoch (P7): D in the spec's table. */
export type EpochState = {
  readonly current: EpochId
  readonly proof: EpochProof | null
  /** The freshness floor of P11.3. */
  readonly fncAtEntry: BlockRef
}

export type Config = {
  readonly chainId: Hash
  readonly self: PublicKeyHex
  readonly schedule: Schedule
  /** Milliseconds since the Unix epoch: the timestamp of the genesis block. */
  readonly genesisTime: Millis
  /** The first session in which this key may vote and propose; beyond all when its journal is missing (P20.6-3), ... */
  readonly votesFrom: number
  /** ... until a session starts after this instant, in which the key cannot have signed what nobody remembers. */
  readonly votesAfter?: Millis
  /** `--unsafe-reset-votes`: the operator vouches that this key signed nothing its disk forgot. */
  readonly unsafeResetVotes: boolean
}

/** What the disk holds after a crash, from which `restoreState` rebuilds the machine (P20.6). */
export type Durable = {
  /** The finalized head, the final blocks kept below it, and every block above it; any order. */
  readonly blocks: readonly Proposal[]
  readonly notarizations: readonly Notarization[]
  readonly epoch: EpochState | null
  readonly voteLocks: readonly SlotLock[]
  readonly proposeLocks: readonly SlotLock[]
  readonly finalized: BlockRef | null
  /** Sessions after the first, oldest first; the last of them may be the current one. */
  readonly sessions: readonly SessionRecord[]
}

/** A session and the stop block of the one before, which elected it. */
export type SessionRecord = { readonly session: Session; readonly stop: BlockRef }

/** A durable promise about one slot. */
export type SlotLock = { readonly sn: Sn; readonly blockHash: Hash }

/** The whole memory of the machine. Only `step` changes it. */
export type State = {
  readonly config: Config
  readonly sessions: Map<number, Session>
  readonly tree: BlockTree
  epoch: EpochState
  /** snKey -> hash of the block this node voted for; every vote of epochs >= the current one. */
  readonly voteLocks: Map<string, Hash>
  /** snKey -> hash of the block this node proposed. */
  readonly proposeLocks: Map<string, Hash>
  /** Leader: blockHash -> voter -> vote, of the current epoch, for own outstanding proposals. */
  readonly votes: Map<Hash, Map<number, Vote>>
  /** Proposers: epochKey(target) -> voter -> clock message. At most two targets. */
  readonly clocks: Map<string, Map<number, ClockMessage>>
  /** Proposals of this or a later epoch that cannot be voted yet; at most k per epoch (P11.2). */
  readonly parked: Map<Hash, Verified<Proposal>>
  /** Blocks handed to `checkBlock` and not answered. */
  readonly checking: Set<Hash>
  /** Blocks the application found valid, invalid: votes need 'valid'. */
  readonly verdicts: Map<Hash, 'valid' | 'invalid'>
  readonly peers: Map<PeerId, PeerState>
  /** Running timers: a `timerFired` of another generation is stale. */
  readonly timers: Map<TimerName, { readonly generation: number; readonly dueAt: Millis }>
  nextGeneration: number
  readonly requests: { epoch: PendingRequest | null; blocks: PendingRequest | null; nextId: number }
  readonly leader: LeaderState
  /** Consecutive epochs entered without finality in between: the back-off exponent j (P14.4). */
  unproductiveEpochs: number
  /** Height of the finalized head when the present epoch was entered. */
  finalizedAtEntry: number
  /** Whether this voter's timer expired in the current epoch (it then answers GetClocks). */
  clockCast: boolean
  payloadPending: boolean
  rangeLeads: boolean
  /** Set by an alarm: this node votes and proposes no more. */
  halted: boolean
  /** The configured one, or the first session that started after this node did. */
  votesFrom: number
  /** P20.6-3: closed until this node has compared itself with peers after its start; it makes no new promise before. */
  readonly guard: { isOpen: boolean; readonly heard: Set<PeerId> }
  readonly evidence: EvidenceBook
  readonly presence: PresenceState
}

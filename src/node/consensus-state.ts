/** Consensus as this node's disk remembers it: the machine's state, what the key may sign, and standing alarms (P20.6). */
import type { Hash, Millis, PublicKeyHex } from '../domain.ts'
import { roundRobin } from '../pala/committee.ts'
import { noteOffence } from '../pala/evidence.ts'
import type { VoteJournal } from '../pala/journal-store.ts'
import { restoreState } from '../pala/state.ts'
import type { PalaStore } from '../pala/store.ts'
import type { Durable, Session, State } from '../pala/types.ts'
import { judgeMemory, type VotePermission } from './vote-permission.ts'

export type ConsensusOptions = {
  readonly chainId: Hash
  readonly genesisTime: Millis
  /** The first session: genesis. */
  readonly session: Session
  /** Null when this key has no journal here (P20.6-3); one may begin at `journalPath` later. */
  readonly journal: VoteJournal | null
  readonly journalPath: string
  /** Ignores a stale or missing journal: the operator's `--unsafe-reset-votes`. */
  readonly unsafeResetVotes: boolean
}

export type RestoredConsensus = {
  readonly state: State
  readonly durable: Durable
  readonly permission: VotePermission
  /** Why an earlier run stopped voting for good; null when it did not. */
  readonly alarm: string | null
}

export type Restoring = { readonly store: PalaStore; readonly self: PublicKeyHex; readonly now: Millis }

/** Reads the store. */
export async function restoreConsensus(
  options: ConsensusOptions,
  { store, self, now }: Restoring,
): Promise<RestoredConsensus> {
  const { chainId, genesisTime, session, unsafeResetVotes } = options
  const durable = await store.load()
  const memory = { ...options, path: options.journalPath, unsafeReset: unsafeResetVotes }
  const permission = await judgeMemory(memory, durable, now)
  const { votesFrom, votesAfter } = permission
  const config = { chainId, self, schedule: roundRobin, genesisTime, unsafeResetVotes, votesFrom, votesAfter }
  const state = restoreState(config, [session], durable)
  for (const { offence } of await store.evidence.offences()) noteOffence(state, offence)
  if (unsafeResetVotes) await store.evidence.noteHalt(null)
  const alarm = await store.evidence.halt()
  state.halted = alarm !== null
  return { state, durable, permission, alarm }
}

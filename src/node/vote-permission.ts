/** From which session on this node's key may vote, judged at start-up by the memory of what it signed (P20.6-3). */
import type { Hash, Millis } from '../domain.ts'
import {
  isEmptyJournal,
  lateVoteJournal,
  staleDatabaseReason,
  suspectVoteJournal,
  type VoteJournal,
} from '../pala/journal-store.ts'
import type { Durable } from '../pala/types.ts'

export type VotingMemory = {
  /** Null when this key has no journal here. */
  readonly journal: VoteJournal | null
  readonly path: string
  readonly chainId: Hash
  /** The operator vouches that the key signed nothing its disk forgot: `--unsafe-reset-votes`. */
  readonly unsafeReset: boolean
}

export type VotePermission = {
  /** Why the key must not vote in the sessions that have started by now; null when it may. */
  readonly reason: string | null
  /** For the machine's configuration. */
  readonly votesFrom: number
  readonly votesAfter: Millis
  /** The journal to write; a missing one begins when `mayBegin` is true. */
  journal(mayBegin: () => boolean): VoteJournal
}

/** Compares the journal with the database. A journal at genesis is marked, so that an empty one is suspect from then on. */
export async function judgeMemory(memory: VotingMemory, durable: Durable, now: Millis): Promise<VotePermission> {
  const reason = memory.unsafeReset ? null : reasonAgainst(memory.journal, durable)
  if (isAtGenesis(durable)) await markGenesis(memory.journal)
  return {
    reason,
    votesFrom: reason === null ? 1 : Number.MAX_SAFE_INTEGER,
    votesAfter: now,
    journal(mayBegin) {
      if (memory.journal === null) return lateVoteJournal({ ...memory, mayBegin })
      return reason === null ? memory.journal : suspectVoteJournal(memory.journal, mayBegin)
    },
  }
}

function reasonAgainst(journal: VoteJournal | null, durable: Durable): string | null {
  if (journal === null) return 'the vote journal of this key is missing'
  if (isEmptyJournal(journal.highWater) && !isAtGenesis(durable)) return 'the vote journal of this key is empty'
  return staleDatabaseReason(journal.highWater, durable)
}

function isAtGenesis({ epoch, finalized }: Durable): boolean {
  return epoch === null && finalized === null
}

async function markGenesis(journal: VoteJournal | null): Promise<void> {
  if (journal === null || journal.highWater.epoch !== null) return
  const first = { sn: { session: 0, epoch: 0, s: 1 }, hash: '0'.repeat(64), height: 0 }
  await journal.append([{ type: 'epoch', epoch: { session: 1, epoch: 1 }, proof: null, fncAtEntry: first }])
}

/** The committee module on a state in memory: each act is one block, entries go through their JSON and wire forms. */
import { required } from '../../../src/assert.ts'
import { taggedHashHex, u64be } from '../../../src/crypto/tagged-hash.ts'
import type { CommitteePlan, Hash } from '../../../src/domain.ts'
import { createOverlay, endBlock } from '../../../src/ledger/execute.ts'
import { createCommitteeModule, electedAfter } from '../../../src/ledger/modules/committee.ts'
import { type CommitteeBook, readBook, readHistory } from '../../../src/ledger/modules/committee-book.ts'
import { proposalIdOf } from '../../../src/ledger/modules/committee-id.ts'
import { readCurrent, readProposal } from '../../../src/ledger/modules/committee-state.ts'
import type { Proposal, SessionRecord } from '../../../src/ledger/modules/committee-types.ts'
import type { EntryOutcome } from '../../../src/ledger/modules/module.ts'
import type { LedgerBlock, StateView } from '../../../src/ledger/types.ts'
import { planProblem } from '../../../src/pala/election.ts'
import { planOf, signerOf } from './fixtures.ts'

/** Deriving a key costs more than all the rules. */
const KEYS = Array.from({ length: 48 }, (_, index) => signerOf(index).publicKey)

export type Act = EntryOutcome & { readonly id: Hash; readonly height: number }

export interface Chamber {
  readonly view: StateView
  /** The height of the last block. */
  readonly height: number
  /** Does what a signed entry of `signerOf(sender)` does, in a block of its own. */
  act(sender: number, payload: unknown): Act
  propose(sender: number, change: unknown): Act
  approve(sender: number, id: Hash): Act
  withdraw(sender: number, id: Hash): Act
  /** Proposes and has senders approve until it is accepted. */
  accept(change: unknown, senders: readonly number[]): Act
  /** What a stop block at this moment says when its state is that of `stateHeight`. */
  elect(stateHeight?: number): CommitteePlan | null
  /** A stop block; it elects what the state at `stateHeight` says unless told otherwise. */
  stop(options?: { readonly stateHeight?: number; readonly election?: CommitteePlan | null }): LedgerBlock
  book(): CommitteeBook
  history(): readonly SessionRecord[]
  proposal(id: Hash): Proposal
  /** The state keys that have a value. */
  keys(): string[]
}

/** A chamber in session 1 of `initial`. */
export function createChamber(initial: CommitteePlan = planOf(4)): Chamber {
  const module = createCommitteeModule({ initial, planProblem })
  const overlay = createOverlay({ get: () => undefined })
  for (const { key, value } of module.genesis?.() ?? []) overlay.changes.set(key, value)
  let height = 0

  const chamber: Chamber = {
    view: overlay,
    get height() {
      return height
    },
    act(sender, payload) {
      height += 1
      const parsed = module.parse(module.encode(payload))
      if (!parsed.ok) throw new Error(parsed.detail)
      const txId = taggedHashHex('test/tx', u64be(height))
      const context = { height, timestamp: height, sender: required(KEYS[sender], `signer ${sender}`), txId, entry: 0 }
      const outcome = module.apply(overlay, parsed.entry, context)
      if (outcome.ok) for (const { key, value } of outcome.writes) overlay.changes.set(key, value)
      return { ...outcome, id: proposalIdOf(txId, 0), height }
    },
    propose: (sender, change) => chamber.act(sender, { propose: change }),
    approve: (sender, id) => chamber.act(sender, { approve: { id } }),
    withdraw: (sender, id) => chamber.act(sender, { withdraw: { id } }),
    accept(change, [first = 0, ...others]) {
      const made = chamber.propose(first, change)
      for (const other of others) chamber.approve(other, made.id)
      return made
    },
    elect: (stateHeight = height) => electedAfter(overlay, stateHeight, planProblem),
    stop({ stateHeight = height, election = chamber.elect(stateHeight) } = {}) {
      height += 1
      const { session } = readCurrent(overlay)
      const place = { height, hash: taggedHashHex('test/block', u64be(height)), timestamp: height, payload: [] }
      const block = { ...place, session, stateHeight, isStop: true, election }
      endBlock(overlay, [module], block)
      return block
    },
    book: () => readBook(overlay, planProblem),
    history: () => readHistory(overlay, 1_000),
    keys: () => [...overlay.changes].flatMap(([key, value]) => (value === null ? [] : [key])),
    proposal: (id) => required(readProposal(overlay, id), `proposal ${id} is known`),
  }
  return chamber
}

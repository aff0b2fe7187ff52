/**
 * A store that begins in the middle of the chain (P17.6, P20.6): what it must hold of a final block, of the blocks below it
 * and of the sessions before it, so that consensus restores from it and goes on.
 */
import { required } from '../assert.ts'
import { compareEpochs, type EpochId } from './sn.ts'
import type { BlockRef, Durable, DurableRecord, EpochProof, Notarization, Proposal, SessionRecord } from './types.ts'

/** Everything here is proven final. */
export type Seed = {
  /** Each the parent of the next, as many as later blocks may embed certificates of; consensus goes on from the last. */
  readonly blocks: readonly Proposal[]
  /** One of each block. */
  readonly notarizations: readonly Notarization[]
  /** Every session that a stop block at or below the last block started, oldest first. */
  readonly sessions: readonly SessionRecord[]
}

const refOf = ({ block: { hash, header } }: Proposal): BlockRef => ({ sn: header.sn, hash, height: header.height })

/** What a store without final blocks must write; open blocks of its own give way, locks above the seed stay. */
export function seedRecords({ blocks, notarizations, sessions }: Seed, before: Durable): readonly DurableRecord[] {
  const refs = blocks.map(refOf)
  const head = required(refs.at(-1), 'a seed has a block')
  return [
    { type: 'pruned', blocks: before.blocks.map(({ block }) => block.hash), locksUpTo: head.sn },
    ...blocks.map((proposal): DurableRecord => ({ type: 'block', proposal })),
    ...notarizations.map((notarization): DurableRecord => ({ type: 'notarization', notarization })),
    ...sessions.map((record): DurableRecord => ({ type: 'session', ...record })),
    { type: 'finalized', blocks: refs },
    ...epochRecord(head, { notarizations, sessions, before }),
  ]
}

type Known = Pick<Seed, 'notarizations' | 'sessions'> & { readonly before: Durable }

/** P20.6: the epoch that the seed proves, unless this node was in a later one: it is never lowered. */
function epochRecord(head: BlockRef, { notarizations, sessions, before }: Known): readonly DurableRecord[] {
  const started = sessions.at(-1)?.session.session ?? 1
  const isBetween = started > head.sn.session
  const epoch: EpochId = isBetween ? { session: started, epoch: 1 } : { session: head.sn.session, epoch: head.sn.epoch }
  if (before.epoch !== null && compareEpochs(before.epoch.current, epoch) >= 0) return []
  const notarization = notarizations.find(({ blockHash }) => blockHash === head.hash)
  const proof: EpochProof = isBetween
    ? { kind: 'session', session: started }
    : { kind: 'block', notarization: required(notarization, 'the last block has its certificate') }
  return [{ type: 'epoch', epoch, proof, fncAtEntry: head }]
}

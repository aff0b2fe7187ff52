/** Blocks as the API shows them. */
import type { Hash } from '../domain.ts'
import { parseTransaction } from '../ledger/codec.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isRefusal } from '../ledger/refusals.ts'
import type { Transaction } from '../ledger/types.ts'
import { thresholdWeight, weightOf } from '../pala/committee.ts'
import type { PalaStore } from '../pala/store.ts'
import type { BlockRef, Notarization, Proposal, Session } from '../pala/types.ts'
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import type { BlockPoint, BlockView, FinalEntryView } from './api/node-port.ts'

/** Milliseconds since the Unix epoch as RFC 3339. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString()
}

/** A block's place, in the API's words. */
export function pointOf({ sn, height, hash }: BlockRef): BlockPoint {
  return { session: sn.session, epoch: sn.epoch, number: sn.s, height, hash }
}

export type BlockViewOptions = {
  readonly chainId: Hash
  readonly genesisTime: number
  /** A session by number, however old; null when this node does not know it. */
  readonly sessionAt: (session: number) => Promise<Session | null>
  readonly store: Pick<PalaStore, 'block' | 'notarization' | 'finalHash'>
  readonly ledger: Pick<Ledger, 'showEntry' | 'transaction'>
}

export interface BlockViews {
  byHeight(height: number): Promise<BlockView | null>
  byHash(hash: Hash): Promise<BlockView | null>
  /** Entries of a final block; null when it is not here or not final. */
  entriesOf(hash: Hash): Promise<readonly FinalEntryView[] | null>
}

/** Reads blocks from the store and shows them. */
export function createBlockViews(options: BlockViewOptions): BlockViews {
  const { chainId, store, sessionAt, ledger } = options

  async function byHash(hash: Hash): Promise<BlockView | null> {
    if (hash === chainId) return genesisView(options)
    const [proposal, notarization] = await Promise.all([store.block(hash), store.notarization(hash)])
    if (proposal === null) return null
    const { height, sn } = proposal.block.header
    const [finalHash, session] = await Promise.all([store.finalHash(height), sessionAt(sn.session)])
    return viewOf({ proposal, notarization, session, finalized: finalHash === hash })
  }

  async function entriesOf(hash: Hash): Promise<readonly FinalEntryView[] | null> {
    if (hash === chainId) return []
    const proposal = await store.block(hash)
    if (proposal === null || (await store.finalHash(proposal.block.header.height)) !== hash) return null
    const views = await Promise.all(transactionsOf(proposal).map((tx, index) => entriesOfTx(proposal, tx, index)))
    const known = views.filter((view) => view !== null)
    return known.length === views.length ? known.flat() : null
  }

  /** Null for what was executed before this node began: it has the block from its snapshot, and not what came of it. */
  async function entriesOfTx(
    { block }: Proposal,
    { txId, sender, entries }: Transaction,
    index: number,
  ): Promise<FinalEntryView[] | null> {
    const record = await ledger.transaction(txId)
    if (record === null) return null
    const where = {
      height: block.header.height,
      blockHash: block.hash,
      timestamp: rfc3339(block.header.timestamp),
      index,
      txId,
      sender: peerIdFromPublicKeyHex(sender),
      applied: record.result?.ok ?? false,
    }
    return entries.map((entry, at) => ({
      ...where,
      entry: at,
      module: entry.module,
      payload: ledger.showEntry(entry),
    }))
  }

  function transactionsOf({ block }: Proposal): Transaction[] {
    return block.payload.flatMap((bytes) => {
      const tx = parseTransaction(bytes, chainId)
      return isRefusal(tx) ? [] : [tx]
    })
  }

  return {
    byHash,
    entriesOf,
    async byHeight(height) {
      if (height === 0) return genesisView(options)
      const hash = await store.finalHash(height)
      return hash === null ? null : byHash(hash)
    },
  }

  function viewOf(found: FoundBlock): BlockView {
    const { hash, header, payload } = found.proposal.block
    const transactions = transactionsOf(found.proposal)
    const { notarization, session } = found
    const leader = session?.proposers[header.proposer]
    return {
      ...pointOf({ sn: header.sn, hash, height: header.height }),
      parentHash: header.parentHash,
      proposer: leader === undefined ? null : peerIdFromPublicKeyHex(leader.key),
      timestamp: rfc3339(header.timestamp),
      txIds: transactions.map((tx) => tx.txId),
      entries: transactions.reduce((sum, tx) => sum + tx.entries.length, 0),
      payloadBytes: payload.reduce((sum, bytes) => sum + bytes.byteLength, 0),
      stateHeight: header.stateHeight,
      stateRoot: header.stateRoot,
      notarization: notarization === null || session === null ? null : certificateView(session, notarization),
      finalized: found.finalized,
    }
  }
}

type FoundBlock = {
  readonly proposal: Proposal
  readonly notarization: Notarization | null
  /** Of the block. */
  readonly session: Session | null
  readonly finalized: boolean
}

function certificateView(session: Session, { signers }: Notarization): BlockView['notarization'] {
  return { signers, weight: weightOf(session, signers) ?? 0, threshold: thresholdWeight(session) }
}

function genesisView({ chainId, genesisTime }: BlockViewOptions): BlockView {
  return {
    ...pointOf({ sn: { session: 0, epoch: 0, s: 1 }, hash: chainId, height: 0 }),
    parentHash: '0'.repeat(64),
    proposer: null,
    timestamp: rfc3339(genesisTime),
    txIds: [],
    entries: 0,
    payloadBytes: 0,
    stateHeight: 0,
    stateRoot: '0'.repeat(64),
    notarization: null,
    finalized: true,
  }
}

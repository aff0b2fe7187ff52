/** Blocks as the API shows them. */
import type { Hash } from '../domain.ts'
import { parseTransaction } from '../ledger/codec.ts'
import { isRefusal } from '../ledger/refusals.ts'
import { thresholdWeight, weightOf } from '../pala/committee.ts'
import type { PalaStore } from '../pala/store.ts'
import type { BlockRef, Notarization, Proposal, Session } from '../pala/types.ts'
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import type { BlockPoint, BlockView } from './api/node-port.ts'

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
  readonly session: Session
  readonly store: PalaStore
  readonly finalizedHeight: () => number
}

export interface BlockViews {
  byHeight(height: number): Promise<BlockView | null>
  byHash(hash: Hash): Promise<BlockView | null>
}

/** Reads blocks from the store and shows them. */
export function createBlockViews(options: BlockViewOptions): BlockViews {
  const { chainId, store, session } = options

  async function byHash(hash: Hash): Promise<BlockView | null> {
    if (hash === chainId) return genesisView(options)
    const [proposal, notarization] = await Promise.all([store.block(hash), store.notarization(hash)])
    if (proposal === null) return null
    const finalHash = await store.finalHash(proposal.block.header.height)
    return viewOf(options, { proposal, notarization, finalized: finalHash === hash })
  }

  return {
    byHash,
    async byHeight(height) {
      if (height === 0) return genesisView(options)
      const hash = await store.finalHash(height)
      return hash === null ? null : byHash(hash)
    },
  }

  function viewOf(
    { chainId: chain }: BlockViewOptions,
    found: { proposal: Proposal; notarization: Notarization | null; finalized: boolean },
  ): BlockView {
    const { hash, header, payload } = found.proposal.block
    const transactions = payload.flatMap((bytes) => {
      const tx = parseTransaction(bytes, chain)
      return isRefusal(tx) ? [] : [tx]
    })
    const leader = session.proposers[header.proposer]
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
      notarization: found.notarization === null ? null : certificateView(session, found.notarization),
      finalized: found.finalized,
    }
  }
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

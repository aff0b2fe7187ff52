/** A disk in memory: what was written is readable at once, but a crash loses whatever no later fsync covered. */
import type { Hash } from '../../../src/domain.ts'
import { RETAINED_FINAL_BLOCKS } from '../../../src/pala/bounds.ts'
import { type Sn, snKey } from '../../../src/pala/sn.ts'
import type {
  BlockRef,
  Durable,
  DurableRecord,
  EpochState,
  Notarization,
  NotarizedBlock,
  Proposal,
  SessionRecord,
  SlotLock,
} from '../../../src/pala/types.ts'
import type { Random } from './random.ts'

export interface Disk {
  /** Appends one batch; it survives a crash for sure only after `sync`. */
  write(records: readonly DurableRecord[]): void
  /** Everything written so far becomes safe. */
  sync(): void
  /** Power fails: an unsynced tail of batches is gone; how much of it, `random` decides. */
  crash(random: Random): void
  load(): Durable
  storedBlock(hash: Hash): NotarizedBlock | null
  finalHash(height: number): Hash | null
  readonly finalized: BlockRef | null
}

type Content = {
  blocks: Map<Hash, Proposal>
  open: Set<Hash>
  certs: Map<Hash, Notarization>
  voteLocks: Map<string, SlotLock>
  proposeLocks: Map<string, SlotLock>
  epoch: EpochState | null
  final: Map<number, Hash>
  finalized: BlockRef | null
  sessions: Map<number, SessionRecord>
}

export function createDisk(): Disk {
  const safe = emptyContent()
  let live = emptyContent()
  let unsynced: Array<readonly DurableRecord[]> = []

  function flush(batches: number): void {
    for (const batch of unsynced.slice(0, batches)) for (const record of batch) apply(safe, record)
    unsynced = unsynced.slice(batches)
  }

  return {
    write(records) {
      for (const record of records) apply(live, record)
      unsynced.push(records)
    },
    sync: () => flush(unsynced.length),
    crash(random) {
      flush(random.int(unsynced.length + 1))
      unsynced = []
      live = copyContent(safe)
    },
    load: () => loadContent(live),
    storedBlock(hash) {
      const proposal = live.blocks.get(hash)
      const notarization = live.certs.get(hash)
      return proposal === undefined || notarization === undefined ? null : { proposal, notarization }
    },
    finalHash: (height) => live.final.get(height) ?? null,
    get finalized() {
      return live.finalized
    },
  }
}

function emptyContent(): Content {
  return {
    blocks: new Map(),
    open: new Set(),
    certs: new Map(),
    voteLocks: new Map(),
    proposeLocks: new Map(),
    epoch: null,
    final: new Map(),
    finalized: null,
    sessions: new Map(),
  }
}

function copyContent(from: Content): Content {
  return {
    ...from,
    blocks: new Map(from.blocks),
    open: new Set(from.open),
    certs: new Map(from.certs),
    voteLocks: new Map(from.voteLocks),
    proposeLocks: new Map(from.proposeLocks),
    final: new Map(from.final),
    sessions: new Map(from.sessions),
  }
}

function apply(content: Content, record: DurableRecord): void {
  switch (record.type) {
    case 'block':
      content.blocks.set(record.proposal.block.hash, record.proposal)
      content.open.add(record.proposal.block.hash)
      return
    case 'notarization':
      content.certs.set(record.notarization.blockHash, record.notarization)
      return
    case 'voteLock':
      content.voteLocks.set(snKey(record.sn), record)
      return
    case 'proposeLock':
      content.proposeLocks.set(snKey(record.sn), record)
      return
    case 'epoch':
      content.epoch = { current: record.epoch, proof: record.proof, fncAtEntry: record.fncAtEntry }
      return
    case 'finalized':
      for (const ref of record.blocks) {
        content.final.set(ref.height, ref.hash)
        content.open.delete(ref.hash)
        content.finalized = ref
      }
      return
    case 'pruned':
      prune(content, record.blocks, record.locksUpTo)
      return
    case 'session':
      content.sessions.set(record.session.session, record)
      return
    case 'evidence':
      return
  }
}

function prune(content: Content, blocks: readonly Hash[], locksUpTo: Sn): void {
  for (const hash of blocks) {
    content.blocks.delete(hash)
    content.certs.delete(hash)
    content.open.delete(hash)
  }
  for (const locks of [content.voteLocks, content.proposeLocks]) {
    for (const slot of locks.keys()) if (slot <= snKey(locksUpTo)) locks.delete(slot)
  }
}

function loadContent(content: Content): Durable {
  const { finalized } = content
  const hashes = [...content.open]
  const from = Math.max(1, (finalized?.height ?? 0) - RETAINED_FINAL_BLOCKS)
  for (let height = from; finalized !== null && height <= finalized.height; height++) {
    const hash = content.final.get(height)
    if (hash !== undefined) hashes.push(hash)
  }
  return {
    blocks: hashes.flatMap((hash) => content.blocks.get(hash) ?? []),
    notarizations: hashes.flatMap((hash) => content.certs.get(hash) ?? []),
    epoch: content.epoch,
    voteLocks: [...content.voteLocks.values()],
    proposeLocks: [...content.proposeLocks.values()],
    finalized,
    sessions: [...content.sessions.values()],
  }
}

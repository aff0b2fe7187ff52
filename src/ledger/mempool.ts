/**
 * Transactions that wait for a block: a queue per sender, ordered by nonce, under fixed bounds. Nothing is evicted to
 * make room: whoever comes to a full pool is told so. Pure but for its own memory; instants come in as arguments.
 */
import type { Hash, Millis, PublicKeyHex } from '../domain.ts'
import { type Refusal, refusal } from './refusals.ts'
import {
  addToQueue,
  advanceQueue,
  createSenderQueue,
  hasUnproposed,
  type PooledTx,
  removeFromQueue,
  type SenderQueue,
  type TxOrigin,
} from './sender-queue.ts'

const MIB = 1_048_576
/** Bounds; at each the newcomer is refused. */
export const POOL_LIMITS = {
  txs: 65_536,
  bytes: 64 * MIB,
  senderTxs: 4_096,
  senderBytes: 8 * MIB,
  /** What one peer may bring: a quarter, so that no peer shuts the others out. */
  peerTxs: 16_384,
  peerBytes: 16 * MIB,
  /** How far above the sender's next nonce a transaction may be. */
  nonceGap: 4_096,
} as const
/** How long a transaction that a peer brought may wait. Local ones wait until they are final or void. */
export const FOREIGN_TTL_MS: Millis = 600_000
/** What a block's encoding adds to a transaction, at most. */
const FRAME_BYTES = 6

export interface Mempool {
  /** Why `tx` cannot be taken, or null. `next` is its sender's next nonce in the executed state. */
  check(tx: Omit<PooledTx, 'admittedAt'>, next: number): Refusal | null
  /** Takes `tx`, or says why not. */
  admit(tx: PooledTx, next: number): Refusal | null
  /**
   * Transactions for a block whose un-final ancestors have moved senders to the nonces `above`: each sender's in the
   * order of nonces, senders in turn, at most `maxBytes` in all.
   */
  build(above: ReadonlyMap<PublicKeyHex, number>, maxBytes: number): PooledTx[]
  /** Forgets what was put into blocks: they may have died with their leader. */
  resetProposed(): void
  /** The executed state moved `sender` on to `next`: removes and returns what waited below. */
  advance(sender: PublicKeyHex, next: number): PooledTx[]
  /** Removes and returns what peers brought too long ago. */
  expire(now: Millis): PooledTx[]
  /** The first nonce of `sender` that is not taken, given its next nonce in the executed state. */
  nextFree(sender: PublicKeyHex, next: number): number
  get(txId: Hash): PooledTx | undefined
  /** Transactions that came through this node, oldest first. */
  locals(): Iterable<PooledTx>
  /** Whether something waits that could go into a block and was not put there yet. */
  readonly hasReady: boolean
  readonly size: number
  readonly bytes: number
}

type Share = { txs: number; bytes: number }

/** What waits, by sender, by id and by origin. */
type Pool = {
  readonly queues: Map<PublicKeyHex, SenderQueue>
  readonly byId: Map<Hash, PooledTx>
  readonly locals: Map<Hash, PooledTx>
  readonly shares: Map<TxOrigin, Share>
  readonly ready: Set<SenderQueue>
  bytes: number
}

function noteReady(pool: Pool, queue: SenderQueue): void {
  if (hasUnproposed(queue)) pool.ready.add(queue)
  else pool.ready.delete(queue)
}

function addToPool(pool: Pool, tx: PooledTx): void {
  pool.byId.set(tx.txId, tx)
  if (tx.origin === 'local') pool.locals.set(tx.txId, tx)
  const share = pool.shares.get(tx.origin) ?? { txs: 0, bytes: 0 }
  share.txs += 1
  share.bytes += tx.bytes.byteLength
  pool.shares.set(tx.origin, share)
  pool.bytes += tx.bytes.byteLength
}

function removeFromPool(pool: Pool, tx: PooledTx): void {
  pool.byId.delete(tx.txId)
  pool.locals.delete(tx.txId)
  pool.bytes -= tx.bytes.byteLength
  const share = pool.shares.get(tx.origin)
  if (share === undefined) return
  share.txs -= 1
  share.bytes -= tx.bytes.byteLength
  if (share.txs === 0) pool.shares.delete(tx.origin)
}

function settleQueue(pool: Pool, sender: PublicKeyHex, queue: SenderQueue): void {
  if (queue.txs.size === 0) pool.queues.delete(sender)
  noteReady(pool, queue)
}

function checkRoom(pool: Pool, tx: Omit<PooledTx, 'admittedAt'>, queue: SenderQueue | undefined): Refusal | null {
  const bytes = tx.bytes.byteLength
  if (queue !== undefined) {
    const isFull = queue.txs.size >= POOL_LIMITS.senderTxs || queue.bytes + bytes > POOL_LIMITS.senderBytes
    if (isFull) return refusal('sender-full', `${queue.txs.size} transactions`)
  }
  if (pool.byId.size >= POOL_LIMITS.txs || pool.bytes + bytes > POOL_LIMITS.bytes) return refusal('pool-full')
  const share = tx.origin === 'local' ? undefined : pool.shares.get(tx.origin)
  if (share !== undefined && (share.txs >= POOL_LIMITS.peerTxs || share.bytes + bytes > POOL_LIMITS.peerBytes)) {
    return refusal('pool-full', "this peer's share is used up")
  }
  return null
}

function checkTx(pool: Pool, tx: Omit<PooledTx, 'admittedAt'>, next: number): Refusal | null {
  if (pool.byId.has(tx.txId)) return refusal('duplicate')
  if (tx.nonce < next) return refusal('nonce-used', `nonce ${tx.nonce}, next ${next}`)
  if (tx.nonce - next >= POOL_LIMITS.nonceGap) return refusal('nonce-too-far', `nonce ${tx.nonce}, next ${next}`)
  const queue = pool.queues.get(tx.sender)
  if (queue?.txs.has(tx.nonce)) return refusal('nonce-taken', `nonce ${tx.nonce}`)
  return checkRoom(pool, tx, queue)
}

/** The queues in turn, one transaction each, until nobody has one that fits. */
function pickInTurn(queues: SenderQueue[], maxBytes: number): PooledTx[] {
  const picked: PooledTx[] = []
  let room = maxBytes
  let turn = queues
  while (turn.length > 0) {
    const rest: SenderQueue[] = []
    for (const queue of turn) {
      const tx = queue.txs.get(queue.proposed)
      if (tx === undefined || tx.bytes.byteLength + FRAME_BYTES > room) continue
      room -= tx.bytes.byteLength + FRAME_BYTES
      picked.push(tx)
      queue.proposed += 1
      rest.push(queue)
    }
    turn = rest
  }
  return picked
}

/** The pool; see {@link Mempool}. */
class QueuedMempool implements Mempool {
  readonly #pool: Pool = {
    queues: new Map(),
    byId: new Map(),
    locals: new Map(),
    shares: new Map(),
    ready: new Set(),
    bytes: 0,
  }
  #firstTurn = 0

  check(tx: Omit<PooledTx, 'admittedAt'>, next: number): Refusal | null {
    return checkTx(this.#pool, tx, next)
  }

  admit(tx: PooledTx, next: number): Refusal | null {
    const pool = this.#pool
    const refused = checkTx(pool, tx, next)
    if (refused !== null) return refused
    const queue = pool.queues.get(tx.sender) ?? createSenderQueue(next)
    pool.queues.set(tx.sender, queue)
    addToQueue(queue, tx)
    addToPool(pool, tx)
    noteReady(pool, queue)
    return null
  }

  build(above: ReadonlyMap<PublicKeyHex, number>, maxBytes: number): PooledTx[] {
    const { queues } = this.#pool
    for (const [sender, queue] of queues) queue.proposed = Math.max(above.get(sender) ?? 0, queue.next)
    const ready = [...queues.values()].filter(hasUnproposed)
    if (ready.length > 0) ready.push(...ready.splice(0, this.#firstTurn++ % ready.length))
    const picked = pickInTurn(ready, maxBytes)
    // What does not fit an empty block must not keep the leader building.
    if (picked.length === 0) for (const queue of ready) queue.proposed = queue.readyEnd
    for (const queue of queues.values()) noteReady(this.#pool, queue)
    return picked
  }

  resetProposed(): void {
    for (const queue of this.#pool.queues.values()) {
      queue.proposed = queue.next
      noteReady(this.#pool, queue)
    }
  }

  advance(sender: PublicKeyHex, next: number): PooledTx[] {
    const queue = this.#pool.queues.get(sender)
    if (queue === undefined) return []
    const removed = advanceQueue(queue, next)
    for (const tx of removed) removeFromPool(this.#pool, tx)
    settleQueue(this.#pool, sender, queue)
    return removed
  }

  expire(now: Millis): PooledTx[] {
    const expired: PooledTx[] = []
    for (const tx of this.#pool.byId.values()) {
      if (tx.origin === 'local') continue
      if (now - tx.admittedAt < FOREIGN_TTL_MS) break
      expired.push(tx)
    }
    for (const tx of expired) {
      const queue = this.#pool.queues.get(tx.sender)
      removeFromPool(this.#pool, tx)
      if (queue === undefined) continue
      removeFromQueue(queue, tx)
      settleQueue(this.#pool, tx.sender, queue)
    }
    return expired
  }

  nextFree(sender: PublicKeyHex, next: number): number {
    return Math.max(this.#pool.queues.get(sender)?.readyEnd ?? next, next)
  }

  get(txId: Hash): PooledTx | undefined {
    return this.#pool.byId.get(txId)
  }

  locals(): Iterable<PooledTx> {
    return this.#pool.locals.values()
  }

  get hasReady(): boolean {
    return this.#pool.ready.size > 0
  }

  get size(): number {
    return this.#pool.byId.size
  }

  get bytes(): number {
    return this.#pool.bytes
  }
}

/** An empty pool. */
export function createMempool(): Mempool {
  return new QueuedMempool()
}

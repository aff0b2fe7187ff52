/** The waiting transactions of one sender, by nonce, and how far they follow each other without a gap. */
import type { Hash, Millis, PeerId, PublicKeyHex } from '../domain.ts'

/** Where a waiting transaction came from: through this node's API, or from a peer. */
export type TxOrigin = 'local' | PeerId

/** A transaction that waits for a block. */
export type PooledTx = {
  readonly txId: Hash
  readonly sender: PublicKeyHex
  readonly nonce: number
  readonly bytes: Uint8Array
  readonly origin: TxOrigin
  readonly admittedAt: Millis
}

export type SenderQueue = {
  readonly txs: Map<number, PooledTx>
  bytes: number
  /** The sender's next nonce in the executed state. */
  next: number
  /** The first nonce from `next` on that does not wait here. */
  readyEnd: number
  /** The first nonce that is not in the newest block this node built, nor in the blocks beneath it. */
  proposed: number
}

/** An empty queue of a sender whose next nonce is `next`. */
export function createSenderQueue(next: number): SenderQueue {
  return { txs: new Map(), bytes: 0, next, readyEnd: next, proposed: next }
}

/** Whether there is something that could go into a block and was not put there yet. */
export function hasUnproposed(queue: SenderQueue): boolean {
  return queue.readyEnd > Math.max(queue.proposed, queue.next)
}

function extendReady(queue: SenderQueue): void {
  while (queue.txs.has(queue.readyEnd)) queue.readyEnd += 1
}

/** Adds a transaction whose nonce is free. */
export function addToQueue(queue: SenderQueue, tx: PooledTx): void {
  queue.txs.set(tx.nonce, tx)
  queue.bytes += tx.bytes.byteLength
  extendReady(queue)
}

/** Removes a transaction that will not be executed from here, leaving a gap when others wait above it. */
export function removeFromQueue(queue: SenderQueue, tx: PooledTx): void {
  if (!queue.txs.delete(tx.nonce)) return
  queue.bytes -= tx.bytes.byteLength
  queue.readyEnd = Math.min(queue.readyEnd, Math.max(tx.nonce, queue.next))
}

/** The executed state moved on: removes and returns every transaction below `next`. */
export function advanceQueue(queue: SenderQueue, next: number): PooledTx[] {
  const removed: PooledTx[] = []
  for (let nonce = queue.next; nonce < next; nonce += 1) {
    const tx = queue.txs.get(nonce)
    if (tx === undefined) continue
    queue.txs.delete(nonce)
    queue.bytes -= tx.bytes.byteLength
    removed.push(tx)
  }
  queue.next = Math.max(queue.next, next)
  queue.readyEnd = Math.max(queue.readyEnd, queue.next)
  extendReady(queue)
  return removed
}

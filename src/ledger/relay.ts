/**
 * The way of local transactions to the proposer: straight to the leader, by gossip when there is no direct way, again
 * after a change of leader or two seconds without finality. Only proposers keep what peers bring; nobody forwards it.
 */
import type { Hash, Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { GossipVerdict } from '../protocols/network.ts'
import { encodeTxMessage, parseTxMessage, type TxRefusal } from './codec.ts'
import type { TxTransport } from './ports.ts'
import { isRefusal, type Refusal, type RefusalCode } from './refusals.ts'
import type { PooledTx } from './sender-queue.ts'

/** Bytes of transactions in one message: below the caps of the channel (1 MiB) and the topic (512 KiB). */
const DIRECT_BYTES = 917_504
const GOSSIP_BYTES = 458_752
/** Transactions in one message. */
const MESSAGE_TXS = 4_096
/** What the encoding adds to a transaction, at most. */
const FRAME_BYTES = 6
export const RESEND_AFTER_MS: Millis = 2_000
/** Bytes sent again per second in the long run, and at once. */
const RESEND_BYTES = 4_194_304
/** What an honest peer never sends, since it checks the same before. */
const GRAVE: ReadonlySet<RefusalCode> = new Set(['malformed', 'other-chain', 'bad-signature', 'too-large'])
const REJECTED: ReadonlySet<RefusalCode> = new Set([...GRAVE, 'unknown-module', 'bad-entry'])

/** What admission answers, in order. */
export type AdmitOutcome = { readonly txId: Hash } | (Refusal & { readonly txId?: Hash })

/** The ledger, as the relay sees it. */
export type RelayOptions = {
  readonly transport: TxTransport
  readonly clock: Clock
  /** Whether this node is a proposer and so keeps what peers bring. */
  readonly keepsForeign: () => boolean
  readonly admit: (transactions: readonly Uint8Array[], from: PeerId) => Promise<readonly AdmitOutcome[]>
  /** Checks without keeping: structure and signature. */
  readonly examine: (transaction: Uint8Array) => Promise<Refusal | null>
  /** Waiting local transactions, oldest first. */
  readonly locals: () => Iterable<PooledTx>
}

export type RelayCounters = {
  sent: number
  sentAgain: number
  gossiped: number
  received: number
  refusedByPeers: number
}

export interface Relay {
  /** Sends a local transaction, with all others of this turn of the event loop. */
  enqueue(tx: PooledTx): void
  /** A message of the direct channel. Resolves when the next one may come. */
  receive(from: PeerId, message: Uint8Array): Promise<void>
  /** A message of the topic. */
  receiveGossip(from: PeerId, message: Uint8Array): Promise<GossipVerdict>
  /** Sends again what waits for long. Call it about twice a second. */
  tick(now: Millis): void
  /** Sends what waits to the new leader. */
  leaderChanged(): void
  readonly counters: Readonly<RelayCounters>
}

function chunk(txs: readonly PooledTx[], maxBytes: number): Uint8Array[][] {
  const chunks: Uint8Array[][] = []
  let current: Uint8Array[] = []
  let room = 0
  for (const { bytes } of txs) {
    const size = bytes.byteLength + FRAME_BYTES
    if (size > room || current.length >= MESSAGE_TXS) {
      current = []
      room = maxBytes
      chunks.push(current)
    }
    room -= size
    current.push(bytes)
  }
  return chunks
}

class LeaderRelay implements Relay {
  readonly counters: RelayCounters = { sent: 0, sentAgain: 0, gossiped: 0, received: 0, refusedByPeers: 0 }
  readonly #options: RelayOptions
  /** When each waiting local transaction was sent last. */
  readonly #sentAt = new WeakMap<PooledTx, Millis>()
  #leaderSince: Millis = 0
  #queue: PooledTx[] = []
  #isScheduled = false
  #resendRoom = RESEND_BYTES
  #refilledAt: Millis

  constructor(options: RelayOptions) {
    this.#options = options
    this.#refilledAt = options.clock.now()
  }

  enqueue(tx: PooledTx): void {
    this.#queue.push(tx)
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#flush())
  }

  async receive(from: PeerId, message: Uint8Array): Promise<void> {
    const { transport, keepsForeign, admit } = this.#options
    const parsed = parseTxMessage(message)
    if (parsed === null) return transport.penalise(from, 'malformed', 'not a transaction message')
    // A refusal is a hint at best: only the final state tells that a transaction is void.
    this.counters.refusedByPeers += parsed.refusals.length
    this.counters.received += parsed.transactions.length
    if (parsed.transactions.length > 0 && keepsForeign()) this.#answer(from, await admit(parsed.transactions, from))
  }

  async receiveGossip(from: PeerId, message: Uint8Array): Promise<GossipVerdict> {
    const parsed = parseTxMessage(message)
    if (parsed === null || parsed.transactions.length === 0 || parsed.refusals.length > 0) return 'reject'
    this.counters.received += parsed.transactions.length
    const { keepsForeign, admit, examine } = this.#options
    const outcomes = keepsForeign()
      ? await admit(parsed.transactions, from)
      : await Promise.all(parsed.transactions.map((bytes) => examine(bytes)))
    const codes = outcomes.flatMap((outcome) => (outcome !== null && isRefusal(outcome) ? [outcome.code] : []))
    if (codes.some((code) => REJECTED.has(code))) return 'reject'
    return codes.length < parsed.transactions.length ? 'accept' : 'ignore'
  }

  tick(now: Millis): void {
    const isOverdue = (last: Millis): boolean => last < this.#leaderSince || now - last >= RESEND_AFTER_MS
    this.#sendAgain(now, (last) => last === undefined || isOverdue(last))
  }

  leaderChanged(): void {
    const since = this.#options.clock.now()
    this.#leaderSince = since
    // What was never sent leaves with this turn's queue or the next tick.
    this.#sendAgain(since, (last) => last !== undefined && last < since)
  }

  #flush(): void {
    this.#isScheduled = false
    const txs = this.#queue
    this.#queue = []
    this.#sendAll(txs)
  }

  #sendAll(txs: readonly PooledTx[]): void {
    const { transport, clock } = this.#options
    const now = clock.now()
    for (const tx of txs) this.#sentAt.set(tx, now)
    const leader = transport.leader()
    if (txs.length === 0 || leader === 'self') return
    this.counters.sent += txs.length
    if (leader === null) return this.#gossip(txs)
    let reached = 0
    for (const transactions of chunk(txs, DIRECT_BYTES)) {
      if (!transport.send(leader, encodeTxMessage({ transactions }))) break
      reached += transactions.length
    }
    this.#gossip(txs.slice(reached))
  }

  #gossip(txs: readonly PooledTx[]): void {
    for (const transactions of chunk(txs, GOSSIP_BYTES)) {
      this.counters.gossiped += transactions.length
      // A publish that fails is made up for by sending again.
      this.#options.transport.publish(encodeTxMessage({ transactions })).catch(() => 0)
    }
  }

  #sendAgain(now: Millis, isDue: (last: Millis | undefined) => boolean): void {
    const refill = (RESEND_BYTES * Math.max(0, now - this.#refilledAt)) / 1_000
    this.#resendRoom = Math.min(RESEND_BYTES, this.#resendRoom + refill)
    this.#refilledAt = now
    const due: PooledTx[] = []
    for (const tx of this.#options.locals()) {
      if (!isDue(this.#sentAt.get(tx))) continue
      if (tx.bytes.byteLength > this.#resendRoom) break
      this.#resendRoom -= tx.bytes.byteLength
      due.push(tx)
    }
    this.counters.sentAgain += due.length
    this.#sendAll(due)
  }

  #answer(to: PeerId, outcomes: readonly AdmitOutcome[]): void {
    const { transport } = this.#options
    const refusals: TxRefusal[] = []
    for (const outcome of outcomes) {
      if (!isRefusal(outcome)) continue
      const { code, detail, txId } = outcome
      if (GRAVE.has(code)) transport.penalise(to, 'invalid', `relayed a transaction that is ${code}`)
      else if (txId !== undefined && code !== 'duplicate') refusals.push({ txId, code, detail })
    }
    for (let at = 0; at < refusals.length; at += MESSAGE_TXS) {
      transport.send(to, encodeTxMessage({ refusals: refusals.slice(at, at + MESSAGE_TXS) }))
    }
  }
}

/** A relay with nothing to send. */
export function createRelay(options: RelayOptions): Relay {
  return new LeaderRelay(options)
}

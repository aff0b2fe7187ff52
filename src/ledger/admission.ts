/** How a transaction gets into the pool: decoded, in turn, verified, remembered on disk when it is local, passed on. */
import type { Signer } from '../crypto/keys.ts'
import type { Hash } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { signTransaction } from './codec.ts'
import { LedgerError } from './errors.ts'
import { senderNonce } from './execute.ts'
import type { Mempool } from './mempool.ts'
import type { PendingWriter } from './pending-writer.ts'
import { isRefusal, type Refusal, type RefusalCode, refusal } from './refusals.ts'
import type { AdmitOutcome } from './relay.ts'
import type { PooledTx, TxOrigin } from './sender-queue.ts'
import type { LedgerStore } from './store.ts'
import type { ParsedTx, TxCache } from './tx-cache.ts'
import { type Entry, MAX_ENTRIES } from './types.ts'

/** Verifications under way for one call. */
const ADMIT_AT_ONCE = 256

export type AdmissionOptions = {
  readonly chainId: Hash
  readonly clock: Clock
  readonly store: LedgerStore
  readonly cache: TxCache
  readonly pool: Mempool
  readonly writer: PendingWriter
  /** A transaction is in the pool; called in the same turn. */
  readonly onAdmitted: (tx: PooledTx) => void
}

export interface Admission {
  admit(transactions: readonly Uint8Array[], origin: TxOrigin): Promise<readonly AdmitOutcome[]>
  /** Checks structure and signature and keeps nothing. */
  examine(bytes: Uint8Array): Promise<Refusal | null>
  submit(entries: readonly Entry[], signer: Signer): Promise<Hash>
  /** Puts the local transactions of the last run back into the pool; those that became void are dropped. */
  reload(): Promise<void>
  counters(): { admittedLocal: number; admittedForeign: number; refused: Record<string, number> }
}

class CheckedAdmission implements Admission {
  readonly #options: AdmissionOptions
  readonly #refused: Partial<Record<RefusalCode, number>> = {}
  #admittedLocal = 0
  #admittedForeign = 0

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  async admit(transactions: readonly Uint8Array[], origin: TxOrigin): Promise<readonly AdmitOutcome[]> {
    const outcomes: AdmitOutcome[] = []
    for (let at = 0; at < transactions.length; at += ADMIT_AT_ONCE) {
      const slice = transactions.slice(at, at + ADMIT_AT_ONCE)
      outcomes.push(...(await Promise.all(slice.map((bytes) => this.#admitOne(bytes, origin)))))
    }
    return outcomes
  }

  async examine(bytes: Uint8Array): Promise<Refusal | null> {
    const tx = this.#options.cache.parse(bytes)
    if (isRefusal(tx)) return tx
    return (await this.#options.cache.verify(tx)) ? null : refusal('bad-signature')
  }

  async submit(entries: readonly Entry[], signer: Signer): Promise<Hash> {
    const { cache, writer } = this.#options
    const parsed = this.#sign(entries, signer)
    if (isRefusal(parsed)) throw this.#errorOf(parsed)
    cache.trust(parsed)
    const waiting = this.#pooled(parsed, 'local')
    const reason = this.#enter(waiting)
    if (reason !== null) throw this.#errorOf(reason)
    await writer.put(waiting)
    return parsed.txId
  }

  async reload(): Promise<void> {
    const { store, cache, writer } = this.#options
    for await (const { sender, nonce, bytes } of store.readPending()) {
      const tx = cache.parse(bytes)
      if (isRefusal(tx) || this.#enter(this.#pooled(tx, 'local')) !== null) writer.remove({ sender, nonce })
    }
  }

  counters(): { admittedLocal: number; admittedForeign: number; refused: Record<string, number> } {
    return {
      admittedLocal: this.#admittedLocal,
      admittedForeign: this.#admittedForeign,
      refused: { ...this.#refused },
    }
  }

  async #admitOne(bytes: Uint8Array, origin: TxOrigin): Promise<AdmitOutcome> {
    const { cache, writer } = this.#options
    const tx = cache.parse(bytes)
    if (isRefusal(tx)) return this.#refuse(tx)
    const { txId } = tx
    const early = this.#precheck(tx, origin)
    if (early !== null) return { ...this.#refuse(early), txId }
    if (!(await cache.verify(tx))) return { ...this.#refuse(refusal('bad-signature')), txId }
    const waiting = this.#pooled(tx, origin)
    const late = this.#enter(waiting)
    if (late !== null) return { ...this.#refuse(late), txId }
    if (origin === 'local') await writer.put(waiting)
    return { txId }
  }

  /** Before a signature is verified: what would be refused anyhow is not worth it. */
  #precheck(tx: ParsedTx, origin: TxOrigin): Refusal | null {
    const { pool, store } = this.#options
    const reason = pool.check(this.#pooled(tx, origin), senderNonce(store, tx.sender))
    return reason?.code === 'nonce-used' && store.hasTx(tx.txId) ? refusal('duplicate') : reason
  }

  #sign(entries: readonly Entry[], signer: Signer): ParsedTx | Refusal {
    const { chainId, pool, store, cache } = this.#options
    if (entries.length === 0) return refusal('malformed', 'a transaction has at least one entry')
    if (entries.length > MAX_ENTRIES) return refusal('too-large', `${entries.length} entries`)
    const nonce = pool.nextFree(signer.publicKey, senderNonce(store, signer.publicKey))
    return cache.parse(signTransaction({ chainId, nonce, entries }, signer).bytes)
  }

  #pooled({ txId, sender, nonce, bytes }: ParsedTx, origin: TxOrigin): PooledTx {
    return { txId, sender, nonce, bytes, origin, admittedAt: this.#options.clock.now() }
  }

  #enter(tx: PooledTx): Refusal | null {
    const { pool, store, onAdmitted } = this.#options
    const reason = pool.admit(tx, senderNonce(store, tx.sender))
    if (reason !== null) return reason
    if (tx.origin === 'local') this.#admittedLocal += 1
    else this.#admittedForeign += 1
    onAdmitted(tx)
    return null
  }

  #refuse(reason: Refusal): Refusal {
    this.#refused[reason.code] = (this.#refused[reason.code] ?? 0) + 1
    return reason
  }

  #errorOf(reason: Refusal): LedgerError {
    return new LedgerError(this.#refuse(reason).code, reason.detail)
  }
}

/** The way into `pool`. */
export function createAdmission(options: AdmissionOptions): Admission {
  return new CheckedAdmission(options)
}

/**
 * Decodes and verifies each transaction once on a node: admission, the check of proposed blocks and execution share
 * the work. Keyed by a hash of the whole wire form, so a known payload under another signature is not taken for good.
 */
import { hash } from 'node:crypto'
import { verifySignature } from '../crypto/keys.ts'
import type { Hash } from '../domain.ts'
import { parseTransaction, txStatement } from './codec.ts'
import type { Call } from './execute.ts'
import type { LedgerModule } from './modules/module.ts'
import { isRefusal, type Refusal, refusal } from './refusals.ts'
import { MAX_TX_BYTES, type Transaction } from './types.ts'

/** What the decoded transactions kept may weigh together, in bytes. */
const MAX_CACHE_WEIGHT = 33_554_432
/** What a decoded transaction, and each of its entries, weighs beside its bytes. */
const TX_WEIGHT = 1_024
const ENTRY_WEIGHT = 256

/** A well-formed transaction with its entries parsed. */
export type ParsedTx = Transaction & { readonly calls: readonly Call[] }

type Slot = { readonly tx: ParsedTx; readonly weight: number; verified: boolean | Promise<boolean> }

export interface TxCache {
  /** Structure, network, modules and entries; not the signature. Never throws. */
  parse(bytes: Uint8Array): ParsedTx | Refusal
  /** Resolves to whether the signature holds. */
  verify(tx: ParsedTx): Promise<boolean>
  /** Takes a transaction this node signed itself: it needs no verification. */
  trust(tx: ParsedTx): void
  /** Lets go of a transaction that will not be asked for again. */
  forget(tx: ParsedTx): void
}

export type TxCacheOptions = { readonly chainId: Hash; readonly modules: ReadonlyMap<string, LedgerModule> }

function parseCalls(tx: Transaction, modules: ReadonlyMap<string, LedgerModule>): ParsedTx | Refusal {
  const calls: Call[] = []
  for (const { module: name, payload } of tx.entries) {
    const module = modules.get(name)
    if (module === undefined) return refusal('unknown-module', `entry ${calls.length}`)
    const parsed = module.parse(payload)
    if (!parsed.ok) return refusal('bad-entry', `entry ${calls.length}: ${parsed.detail}`)
    calls.push({ module, entry: parsed.entry })
  }
  return { ...tx, calls }
}

class WeighedTxCache implements TxCache {
  readonly #options: TxCacheOptions
  readonly #slots = new Map<string, Slot>()
  readonly #keys = new WeakMap<ParsedTx, string>()
  #weight = 0

  constructor(options: TxCacheOptions) {
    this.#options = options
  }

  parse(bytes: Uint8Array): ParsedTx | Refusal {
    if (bytes.byteLength > MAX_TX_BYTES) return refusal('too-large', `${bytes.byteLength} bytes`)
    const key = hash('sha256', bytes, 'binary')
    const known = this.#slots.get(key)
    if (known !== undefined) return known.tx
    const decoded = parseTransaction(bytes, this.#options.chainId)
    const parsed = isRefusal(decoded) ? decoded : parseCalls(decoded, this.#options.modules)
    if (!isRefusal(parsed)) this.#keep(key, parsed)
    return parsed
  }

  async verify(tx: ParsedTx): Promise<boolean> {
    const slot = this.#slotOf(tx)
    if (slot === undefined) return this.#check(tx)
    if (slot.verified === false) slot.verified = this.#check(tx)
    const valid = await slot.verified
    slot.verified = valid
    return valid
  }

  trust(tx: ParsedTx): void {
    const slot = this.#slotOf(tx)
    if (slot !== undefined) slot.verified = true
  }

  forget(tx: ParsedTx): void {
    const slot = this.#slotOf(tx)
    if (slot !== undefined) this.#drop(this.#keys.get(tx) ?? '', slot)
  }

  /** False also for a signer that is no public key at all. */
  #check({ sender: publicKey, payload, signature }: ParsedTx): Promise<boolean> {
    const statement = txStatement(this.#options.chainId, payload)
    return verifySignature({ publicKey, statement, signature }).catch(() => false)
  }

  #slotOf(tx: ParsedTx): Slot | undefined {
    const slot = this.#slots.get(this.#keys.get(tx) ?? '')
    return slot?.tx === tx ? slot : undefined
  }

  #keep(key: string, tx: ParsedTx): void {
    const weight = tx.bytes.byteLength + TX_WEIGHT + ENTRY_WEIGHT * tx.calls.length
    this.#keys.set(tx, key)
    this.#slots.set(key, { tx, weight, verified: false })
    this.#weight += weight
    for (const [oldKey, old] of this.#slots) {
      if (this.#weight <= MAX_CACHE_WEIGHT) break
      this.#drop(oldKey, old)
    }
  }

  #drop(key: string, slot: Slot): void {
    this.#slots.delete(key)
    this.#weight -= slot.weight
  }
}

/** A cache for one network and its modules. */
export function createTxCache(options: TxCacheOptions): TxCache {
  return new WeighedTxCache(options)
}

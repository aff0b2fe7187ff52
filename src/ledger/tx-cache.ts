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
  readonly weight: number
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

/** A cache for one network and its modules. */
export function createTxCache({ chainId, modules }: TxCacheOptions): TxCache {
  const slots = new Map<string, Slot>()
  const keys = new WeakMap<ParsedTx, string>()
  let weight = 0

  function drop(key: string, slot: Slot): void {
    slots.delete(key)
    weight -= slot.weight
  }

  function keep(key: string, tx: ParsedTx): void {
    const slot: Slot = { tx, weight: tx.bytes.byteLength + TX_WEIGHT + ENTRY_WEIGHT * tx.calls.length, verified: false }
    keys.set(tx, key)
    slots.set(key, slot)
    weight += slot.weight
    for (const [oldKey, old] of slots) {
      if (weight <= MAX_CACHE_WEIGHT) break
      drop(oldKey, old)
    }
  }

  function slotOf(tx: ParsedTx): Slot | undefined {
    const slot = slots.get(keys.get(tx) ?? '')
    return slot?.tx === tx ? slot : undefined
  }

  async function check(tx: ParsedTx): Promise<boolean> {
    const { sender: publicKey, payload, signature } = tx
    return verifySignature({ publicKey, statement: txStatement(chainId, payload), signature })
  }

  return {
    parse(bytes) {
      if (bytes.byteLength > MAX_TX_BYTES) return refusal('too-large', `${bytes.byteLength} bytes`)
      const key = hash('sha256', bytes, 'binary')
      const known = slots.get(key)
      if (known !== undefined) return known.tx
      const decoded = parseTransaction(bytes, chainId)
      const parsed = isRefusal(decoded) ? decoded : parseCalls(decoded, modules)
      if (!isRefusal(parsed)) keep(key, parsed)
      return parsed
    },

    async verify(tx) {
      const slot = slotOf(tx)
      if (slot === undefined) return check(tx)
      if (slot.verified === false) slot.verified = check(tx)
      const valid = await slot.verified
      slot.verified = valid
      return valid
    },

    trust(tx) {
      const slot = slotOf(tx)
      if (slot !== undefined) slot.verified = true
    },

    forget(tx) {
      const slot = slotOf(tx)
      if (slot !== undefined) drop(keys.get(tx) ?? '', slot)
    },

    get weight() {
      return weight
    },
  }
}

/**
 * Executing blocks: pure, total and the same on every node. A transaction is atomic: all its entries are applied or
 * none, and its nonce is consumed either way. What is not a transaction whose turn it is is skipped without effect.
 */
import { assert } from '../assert.ts'
import type { Hash, PublicKeyHex } from '../domain.ts'
import { accountKey, accountValue, nextNonceOf } from './accounts.ts'
import type { EntryOutcome, ExecutionContext, LedgerModule } from './modules/module.ts'
import type { CompactResult } from './results.ts'
import type { LedgerBlock, StateView } from './types.ts'

/** A parsed entry and the module it is for. */
export type Call = { readonly module: LedgerModule; readonly entry: unknown }

export type ExecutableTx = {
  readonly txId: Hash
  readonly sender: PublicKeyHex
  readonly nonce: number
  readonly calls: readonly Call[]
}

/** Changes above a state, readable as a state. `changes` holds each changed key once; null means deleted. */
export type Overlay = StateView & { readonly changes: Map<string, Uint8Array | null> }

/** An empty overlay on `base`. */
export function createOverlay(base: StateView): Overlay {
  const changes = new Map<string, Uint8Array | null>()
  return {
    changes,
    get(key) {
      const changed = changes.get(key)
      return changed === undefined ? base.get(key) : (changed ?? undefined)
    },
  }
}

/** Takes back writes, newest first: undefined means that the overlay had no opinion on the key. */
type Undo = { readonly key: string; readonly before: Uint8Array | null | undefined }[]

function takeBack(overlay: Overlay, undo: Undo): void {
  for (const { key, before } of undo.reverse()) {
    if (before === undefined) overlay.changes.delete(key)
    else overlay.changes.set(key, before)
  }
}

function assertOwn({ name }: LedgerModule, key: string): void {
  assert(key.startsWith(name) && key[name.length] === '/', `module ${name} wrote ${key}`)
}

function applyEntry(overlay: Overlay, { module, entry }: Call, context: ExecutionContext, undo: Undo): EntryOutcome {
  const outcome = module.apply(overlay, entry, context)
  if (!outcome.ok) return outcome
  for (const { key, value } of outcome.writes) {
    assertOwn(module, key)
    undo.push({ key, before: overlay.changes.get(key) })
    overlay.changes.set(key, value)
  }
  return outcome
}

function applyEntries(overlay: Overlay, tx: ExecutableTx, context: Omit<ExecutionContext, 'entry'>): CompactResult {
  const entries = tx.calls.length
  const undo: Undo = []
  for (const [index, call] of tx.calls.entries()) {
    const outcome = applyEntry(overlay, call, { ...context, entry: index }, undo)
    if (outcome.ok) continue
    takeBack(overlay, undo)
    return { entries, failedEntry: index + 1, failureCode: outcome.code, failureDetail: outcome.detail ?? '' }
  }
  return { entries, failedEntry: 0, failureCode: '', failureDetail: '' }
}

/** The sender's next nonce in `view`. */
export function senderNonce(view: StateView, sender: PublicKeyHex): number {
  return nextNonceOf(view.get(accountKey(sender)))
}

/** Executes one transaction into `overlay`; null when its nonce is not the sender's next: nothing happens then. */
export function executeTx(
  overlay: Overlay,
  tx: ExecutableTx,
  block: { readonly height: number; readonly timestamp: number },
): CompactResult | null {
  if (senderNonce(overlay, tx.sender) !== tx.nonce) return null
  const { txId, sender } = tx
  const result = applyEntries(overlay, tx, { height: block.height, timestamp: block.timestamp, txId, sender })
  overlay.changes.set(accountKey(tx.sender), accountValue(tx.nonce + 1))
  return result
}

/** Does what `modules` do at the end of `block`. */
export function endBlock(overlay: Overlay, modules: Iterable<LedgerModule>, block: LedgerBlock): void {
  for (const module of modules) {
    for (const { key, value } of module.endBlock?.(overlay, block) ?? []) {
      assertOwn(module, key)
      overlay.changes.set(key, value)
    }
  }
}

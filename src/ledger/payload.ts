/**
 * Payloads of blocks that are not final yet: which nonce each sender is at above the executed state, and whether a
 * proposed payload follows from there. Signatures are verified beside each other, a bounded number at once.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Hash, PublicKeyHex } from '../domain.ts'
import { setLatest } from '../machine/latest.ts'
import { senderNonce } from './execute.ts'
import { isRefusal } from './refusals.ts'
import type { ParsedTx, TxCache } from './tx-cache.ts'
import type { LedgerBlock, PayloadVerdict, StateView } from './types.ts'

/** Verifications under way for one block, and transactions decoded before other work gets its turn. */
const TXS_AT_ONCE = 256
/** Blocks whose nonces are remembered; a window holds at most 64. */
const MAX_REMEMBERED_BLOCKS = 128

/** Sender -> its next nonce. */
export type Nonces = ReadonlyMap<PublicKeyHex, number>

export interface PayloadChecker {
  /** Decodes every transaction; the reason why the block is invalid, or its transactions. */
  parse(block: LedgerBlock): Promise<readonly ParsedTx[] | string>
  /** Verifies every signature; the reason why the block is invalid, or null. */
  verify(txs: readonly ParsedTx[]): Promise<string | null>
  /** Where un-final `pending` blocks (newest first) have moved their senders. */
  noncesAbove(pending: readonly LedgerBlock[]): Nonces
}

/** Whether each transaction's nonce is its sender's next above `above` and the executed `view`. */
export function checkNonces(txs: readonly ParsedTx[], above: Nonces, view: StateView): PayloadVerdict {
  const next = new Map<PublicKeyHex, number>()
  for (const [index, tx] of txs.entries()) {
    const expected = next.get(tx.sender) ?? above.get(tx.sender) ?? senderNonce(view, tx.sender)
    if (tx.nonce !== expected) {
      const reason = `transaction ${index}: nonce ${tx.nonce} where ${expected} is the sender's next`
      return { verdict: 'invalid', reason }
    }
    next.set(tx.sender, expected + 1)
  }
  return { verdict: 'valid' }
}

/** Whether `block` and its un-final ancestors (newest first) stand right on top of `executedHeight`. */
export function isConnected(height: number, pending: readonly LedgerBlock[], executedHeight: number): boolean {
  return height === executedHeight + pending.length + 1
}

/** A checker over the node's transaction cache. */
export function createPayloadChecker(cache: TxCache): PayloadChecker {
  const remembered = new Map<Hash, Nonces>()

  function noncesOf(block: LedgerBlock): Nonces {
    const known = remembered.get(block.hash)
    if (known !== undefined) return known
    const nonces = new Map<PublicKeyHex, number>()
    for (const bytes of block.payload) {
      const tx = cache.parse(bytes)
      if (!isRefusal(tx)) nonces.set(tx.sender, tx.nonce + 1)
    }
    setLatest(remembered, [block.hash, nonces], MAX_REMEMBERED_BLOCKS)
    return nonces
  }

  return {
    async parse({ payload }) {
      const txs: ParsedTx[] = []
      for (const bytes of payload) {
        const tx = cache.parse(bytes)
        if (isRefusal(tx)) return `transaction ${txs.length}: ${tx.code}: ${tx.detail}`
        txs.push(tx)
        if (txs.length % TXS_AT_ONCE === 0) await nextTurn()
      }
      return txs
    },

    async verify(txs) {
      for (let from = 0; from < txs.length; from += TXS_AT_ONCE) {
        const slice = txs.slice(from, from + TXS_AT_ONCE)
        const bad = (await Promise.all(slice.map((tx) => cache.verify(tx)))).indexOf(false)
        if (bad >= 0) return `transaction ${from + bad}: bad-signature`
      }
      return null
    },

    noncesAbove(pending) {
      const above = new Map<PublicKeyHex, number>()
      for (const block of pending) {
        for (const [sender, nonce] of noncesOf(block)) if (!above.has(sender)) above.set(sender, nonce)
      }
      return above
    },
  }
}

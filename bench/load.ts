/** Load for the benchmarks: individually signed transactions and batches, at a steady rate, over HTTP. */
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import { createSigner, type Signer } from '../src/crypto/keys.ts'
import { signTransaction } from '../src/ledger/codec.ts'
import { kvModule } from '../src/ledger/modules/kv.ts'
import { systemClock } from '../src/machine/clock.ts'

/** Calls to one node open at once; above, the load holds back. */
const MAX_OPEN_CALLS = 64
const TICK_MS = 20
const KEYS = 10_000

export type Sent = { readonly sent: number; readonly refused: number; readonly durationMs: number }

const value = (bytes: number, seed: number): string => seed.toString(36).padStart(bytes, 'x').slice(-bytes)

/** `rate` transactions per second, each signed by a key of its own per node, sent in lists of what a tick holds. */
export async function sendSigned(
  clients: readonly PalaverClient[],
  options: { readonly chainId: string; readonly rate: number; readonly bytes: number; readonly durationMs: number },
): Promise<Sent> {
  const { chainId, rate, bytes, durationMs } = options
  const senders = clients.map((client, index) => ({ client, account: accountOf(index), open: 0 }))
  const tally = { sent: 0, refused: 0 }
  const pending = new Set<Promise<void>>()
  const from = systemClock.now()
  let made = 0
  while (systemClock.now() - from < durationMs) {
    const due = Math.floor(((systemClock.now() - from) * rate) / 1_000)
    const share = Math.ceil((due - made) / senders.length)
    for (const sender of senders) {
      if (share <= 0 || sender.open >= MAX_OPEN_CALLS) continue
      const list = Array.from({ length: share }, () => {
        const { account } = sender
        const key = `bench/${(made + account.nonce) % KEYS}`
        const entry = { module: 'kv', payload: kvModule.encode({ key, value: value(bytes, account.nonce) }) }
        return signTransaction({ chainId, nonce: account.nonce++, entries: [entry] }, account.signer).bytes
      })
      made += list.length
      sender.open++
      const call = submit(sender.client, list, tally).finally(() => {
        sender.open--
        pending.delete(call)
      })
      pending.add(call)
    }
    await delay(TICK_MS)
  }
  await Promise.all(pending)
  return { ...tally, durationMs: systemClock.now() - from }
}

async function submit(
  client: PalaverClient,
  list: readonly Uint8Array[],
  tally: { sent: number; refused: number },
): Promise<void> {
  const outcomes = await client.submitRaw(list)
  for (const outcome of outcomes) {
    if ('txId' in outcome) tally.sent++
    else tally.refused++
  }
}

/** `rate` entries per second in batches of `size` under the node's own signature. */
export async function sendBatches(
  clients: readonly PalaverClient[],
  options: { readonly rate: number; readonly size: number; readonly bytes: number; readonly durationMs: number },
): Promise<Sent> {
  const { rate, size, bytes, durationMs } = options
  const tally = { sent: 0, refused: 0 }
  const pending = new Set<Promise<void>>()
  const from = systemClock.now()
  let made = 0
  while (systemClock.now() - from < durationMs) {
    const due = Math.floor(((systemClock.now() - from) * rate) / 1_000)
    while (made + size <= due && pending.size < MAX_OPEN_CALLS) {
      const client = clients[(made / size) % clients.length]
      if (client === undefined) break
      const entries = Array.from({ length: size }, (_, index) => ({
        module: 'kv',
        payload: { key: `batch/${(made + index) % KEYS}`, value: value(bytes, made + index) },
      }))
      made += size
      const call = client
        .submitMany(entries)
        .then(
          () => {
            tally.sent += size
          },
          () => {
            tally.refused += size
          },
        )
        .finally(() => pending.delete(call))
      pending.add(call)
    }
    await delay(TICK_MS)
  }
  await Promise.all(pending)
  return { ...tally, durationMs: systemClock.now() - from }
}

type Account = { readonly signer: Signer; nonce: number }
const accounts = new Map<number, Account>()

/** One account per node; its nonces go on from load to load. */
function accountOf(index: number): Account {
  const known = accounts.get(index)
  if (known !== undefined) return known
  const seed = createHash('sha256').update(`bench sender ${index} ${process.pid}`).digest()
  const account = { signer: createSigner(seed), nonce: 0 }
  accounts.set(index, account)
  return account
}

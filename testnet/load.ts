/** Sends signed kv transactions at a steady rate, each to the next node, and measures the finality of a sample. */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import { systemClock } from '../src/machine/clock.ts'

export type LoadOptions = {
  /** The nodes to send to now; nodes that are down may be missing or null. */
  readonly clients: () => readonly (PalaverClient | null)[]
  readonly txPerSecond: number
  /** Size of a value, so of nearly the whole transaction. */
  readonly txBytes: number
  readonly signal: AbortSignal
}

export type LoadResult = {
  readonly sent: number
  readonly refused: number
  /** Milliseconds from sending to the final answer, for each sampled transaction that became final. */
  readonly finalityMs: readonly number[]
}

const TICK_MS = 10
/** Calls open at once; above, the load waits rather than piles up. */
const MAX_OPEN_CALLS = 512
/** Sampled transactions per second; the rest is sent without waiting for finality. */
const SAMPLES_PER_SECOND = 50
const MAX_SAMPLES = 100_000
/** A waiting call is not followed longer than this. */
const SAMPLE_TIMEOUT_MS = 60_000
/** Different keys written in turn. */
const KEYS = 10_000

/** Runs until the signal aborts, then waits for the open calls. */
export async function runLoad({ clients, txPerSecond, txBytes, signal }: LoadOptions): Promise<LoadResult> {
  const result = { sent: 0, refused: 0, finalityMs: [] as number[] }
  const open = new Set<Promise<void>>()
  const sampleEvery = Math.max(1, Math.round(txPerSecond / SAMPLES_PER_SECOND))
  const startedAt = systemClock.now()
  let turn = 0
  while (!signal.aborted) {
    const due = Math.floor(((systemClock.now() - startedAt) * txPerSecond) / 1_000)
    for (; turn < due && open.size < MAX_OPEN_CALLS; turn++) {
      const client = nextClient(clients(), turn)
      if (client === null) continue
      const call = send(client, { turn, txBytes, sampled: turn % sampleEvery === 0 }, result).finally(() =>
        open.delete(call),
      )
      open.add(call)
    }
    // What could not be sent in time is not caught up later: the rate stays the rate.
    turn = Math.max(turn, due - MAX_OPEN_CALLS)
    await delay(TICK_MS)
  }
  await Promise.all(open)
  return result
}

function nextClient(clients: readonly (PalaverClient | null)[], turn: number): PalaverClient | null {
  for (let step = 0; step < clients.length; step++) {
    const client = clients[(turn + step) % clients.length]
    if (client) return client
  }
  return null
}

type Sending = { readonly turn: number; readonly txBytes: number; readonly sampled: boolean }
type Tally = { sent: number; refused: number; finalityMs: number[] }

async function send(client: PalaverClient, { turn, txBytes, sampled }: Sending, tally: Tally): Promise<void> {
  const value = randomBytes(Math.ceil(txBytes / 2))
    .toString('hex')
    .slice(0, txBytes)
  const entry = { module: 'kv', payload: { key: `load/${turn % KEYS}`, value } }
  const sentAt = systemClock.now()
  try {
    if (!sampled) await client.submit(entry)
    else {
      await client.propose(entry, { timeoutMs: SAMPLE_TIMEOUT_MS })
      if (tally.finalityMs.length < MAX_SAMPLES) tally.finalityMs.push(systemClock.now() - sentAt)
    }
    tally.sent += 1
  } catch {
    // A node under fault refuses or vanishes; the count says how often.
    tally.refused += 1
  }
}

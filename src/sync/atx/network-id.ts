/** What two nodes must agree on to compare their sets at all (S5): chain, calendar and window. */
import { Buffer } from 'node:buffer'
import { taggedHash, u32be, u64be } from '../../crypto/tagged-hash.ts'
import type { Hash, Millis } from '../../domain.ts'
import type { Timeframe } from '../set/timeframes.ts'

export type NetworkTraits = {
  readonly chainId: Hash
  /** Start of timeframe 0. */
  readonly startMs: Millis
  readonly timeframe: Timeframe
  /** N_1 and N_2 of S1. */
  readonly n1: number
  readonly n2: number
}

/** The network id of a Hello: 32 bytes. */
export function networkIdOf({ chainId, startMs, timeframe, n1, n2 }: NetworkTraits): Uint8Array {
  const length = Buffer.from(timeframe === 'month' ? 'month' : `${timeframe} ms`, 'ascii')
  return taggedHash('palaver/atx/network/1', Buffer.from(chainId, 'hex'), u64be(startMs), length, u32be(n1), u32be(n2))
}

/** Token buckets: what a peer may do in the long run, and at once. */
import type { Millis } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'

const SECOND_MS = 1_000

export type BucketOptions = {
  /** Tokens per second in the long run. */
  readonly rate: number
  /** Tokens a full bucket holds. */
  readonly burst: number
  readonly clock: Clock
}

/** One bucket; full at first. */
export interface TokenBucket {
  /** Takes a token if there is one. */
  tryTake(): boolean
  /** Takes `tokens` in any case, going into debt. */
  take(tokens: number): void
  /** Milliseconds until the debt is paid; 0 without debt. */
  debtMs(): Millis
}

/** A bucket that fills by the clock, not by timers. */
export function createTokenBucket({ rate, burst, clock }: BucketOptions): TokenBucket {
  let tokens = burst
  let filledAt = clock.now()
  const fill = (): void => {
    const now = clock.now()
    tokens = Math.min(burst, tokens + ((now - filledAt) / SECOND_MS) * rate)
    filledAt = now
  }
  return {
    tryTake() {
      fill()
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    take(count) {
      fill()
      tokens -= count
    },
    debtMs() {
      fill()
      return tokens >= 0 ? 0 : Math.ceil((-tokens / rate) * SECOND_MS)
    },
  }
}

/** Waiting in a serve: pauses that can be given up, one alarm that replaces itself, messages that must leave in time. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Millis } from '../../domain.ts'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import { SEND_DEADLINE_MS } from './bounds.ts'

/** Resolves after `ms`; rejects when `signal` is aborted. */
export type Sleep = (ms: Millis, signal: AbortSignal) => Promise<void>

/** On the real clock. */
export const systemSleep: Sleep = (ms, signal) => delay(ms, undefined, { signal })

/** Fires once, `delayMs` after the last `set`. */
export interface Alarm {
  set(delayMs: Millis): void
  cancel(): void
}

export function createAlarm(sleep: Sleep, fire: () => void): Alarm {
  let pending: AbortController | null = null
  const cancel = (): void => {
    pending?.abort()
    pending = null
  }
  return {
    set(delayMs) {
      cancel()
      const own = new AbortController()
      pending = own
      sleep(delayMs, own.signal).then(fire, () => undefined)
    },
    cancel,
  }
}

export type Deadline = { readonly sleep: Sleep; readonly ms: Millis }

/** What `work` resolves to, or null when that takes longer. A rejection of `work` is passed on. */
export async function within<Value>(work: Promise<Value>, { sleep, ms }: Deadline): Promise<Value | null> {
  const done = new AbortController()
  const late = sleep(ms, done.signal).then(
    () => null,
    () => null,
  )
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}

/** The sending half of a stream: one message after the other, each within the deadline. */
export interface Sender {
  /** False when the stream is gone; `lost` was told then. */
  send(message: AtxMessage): Promise<boolean>
}

export type SenderOptions = {
  readonly stream: AtxStream
  readonly sleep: Sleep
  readonly lost: (reason: string) => void
}

export function createSender({ stream, sleep, lost }: SenderOptions): Sender {
  let last: Promise<boolean> = Promise.resolve(true)

  async function leave(message: AtxMessage): Promise<boolean> {
    try {
      const sent = stream.send(message).then(() => true)
      if ((await within(sent, { sleep, ms: SEND_DEADLINE_MS })) === true) return true
      lost('it does not read what is sent')
    } catch (error) {
      lost((error as Error).message)
    }
    return false
  }

  return {
    send(message) {
      last = last.then((isOpen) => isOpen && leave(message))
      return last
    },
  }
}

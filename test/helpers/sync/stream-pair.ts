/** Two ends of one conversation in memory, with a bounded buffer each way: who writes all before reading deadlocks, as on the wire. */
import type { AtxMessage } from '../../../src/sync/messages.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'

/** Messages that fit between the ends, each way. */
const DEFAULT_CAPACITY = 8

export type PairOptions = {
  readonly capacity?: number
  readonly names?: readonly [string, string]
  readonly address?: string
  /** Sees every message as it is sent; returning false loses it. */
  readonly tap?: (from: string, message: AtxMessage) => boolean | undefined
}

type Pipe = ReturnType<typeof createPipe>

function createPipe(capacity: number) {
  const waiting: AtxMessage[] = []
  let isEnded = false
  let failure: Error | null = null
  let wake: (() => void)[] = []
  const change = (): void => {
    const woken = wake
    wake = []
    for (const each of woken) each()
  }
  const changed = (): Promise<void> => new Promise((resolve) => wake.push(resolve))
  return {
    async push(message: AtxMessage): Promise<void> {
      while (failure === null && waiting.length >= capacity) await changed()
      if (failure !== null) throw failure
      if (isEnded) throw new Error('this half has ended')
      waiting.push(message)
      change()
    },
    async pull(): Promise<AtxMessage | null> {
      for (;;) {
        const message = waiting.shift()
        if (message !== undefined) {
          change()
          return message
        }
        if (failure !== null) throw failure
        if (isEnded) return null
        await changed()
      }
    },
    end(): void {
      isEnded = true
      change()
    },
    fail(error: Error): void {
      failure ??= error
      change()
    },
  }
}

/** The two ends; what one sends the other reads. */
export function streamPair(options: PairOptions = {}): [AtxStream, AtxStream] {
  const { capacity = DEFAULT_CAPACITY, names = ['alice', 'bob'], address = '192.0.2.1', tap } = options
  const pipes = [createPipe(capacity), createPipe(capacity)] as const
  const side = (self: string, peer: string, out: Pipe, back: Pipe): AtxStream => ({
    peer,
    remoteAddress: address,
    async send(message) {
      if (tap?.(self, message) !== false) await out.push(message)
    },
    read: () => back.pull(),
    async end() {
      out.end()
    },
    abort(reason) {
      for (const pipe of pipes) pipe.fail(new Error(`${self} gave the stream up: ${reason}`))
    },
  })
  const [a, b] = names
  return [side(a, b, pipes[0], pipes[1]), side(b, a, pipes[1], pipes[0])]
}

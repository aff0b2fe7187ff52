/** Two ends of one conversation in memory, with a bounded buffer each way: who writes all before reading deadlocks, as on the wire. */
import type { PeerId } from '../../src/domain.ts'
import { NetworkError } from '../../src/protocols/errors.ts'
import type { MessageStream } from '../../src/protocols/network.ts'

export type StreamPairOptions = {
  /** The peer ids of the two ends. */
  readonly names?: readonly [PeerId, PeerId]
  readonly address?: string
  /** Messages that fit between the ends, each way. */
  readonly capacity?: number
}

type Pipe = ReturnType<typeof createPipe>

function createPipe(capacity: number) {
  const waiting: Uint8Array[] = []
  let isEnded = false
  let failure: NetworkError | null = null
  const wake: (() => void)[] = []
  const changed = (): Promise<void> => new Promise((resolve) => wake.push(resolve))
  const change = (): void => {
    for (const each of wake.splice(0)) each()
  }
  return {
    async push(message: Uint8Array): Promise<void> {
      while (failure === null && waiting.length >= capacity) await changed()
      if (failure !== null) throw failure
      if (isEnded) throw new NetworkError('connection-closed', 'this half has ended')
      waiting.push(message)
      change()
    },
    async pull(): Promise<Uint8Array | null> {
      for (;;) {
        if (failure !== null) throw failure
        const message = waiting.shift()
        if (message === undefined && isEnded) return null
        if (message === undefined) await changed()
        else {
          change()
          return message
        }
      }
    },
    end(): void {
      isEnded = true
      change()
    },
    fail(error: NetworkError): void {
      failure ??= error
      change()
    },
  }
}

/** The two ends; what one sends the other reads. */
export function messageStreamPair(options: StreamPairOptions = {}): [MessageStream, MessageStream] {
  const { names = ['alice', 'bob'], address = '192.0.2.1', capacity = 8 } = options
  const [there, back] = [createPipe(capacity), createPipe(capacity)]
  const end = (peer: PeerId, out: Pipe, back: Pipe): MessageStream => ({
    peer,
    remoteAddress: address,
    send: out.push,
    read: back.pull,
    end: async () => out.end(),
    abort(reason) {
      for (const pipe of [out, back]) pipe.fail(new NetworkError('connection-closed', `given up: ${reason}`))
    },
  })
  return [end(names[1], there, back), end(names[0], back, there)]
}

/** A short exchange of frames over one stream, read one by one with a deadline: the role handshake uses it. */
import { NetworkError } from './errors.ts'
import { type Chunk, createFrameDecoder, encodeFrame } from './framing.ts'

/** The part of a libp2p stream that an exchange needs. */
export interface ExchangeStream extends EventTarget {
  send(data: Uint8Array): boolean
  abort(error: Error): void
  close(options?: { signal?: AbortSignal }): Promise<void>
}

export interface FrameStream {
  write(message: Uint8Array): void
  /** The next frame. Rejects with `NetworkError` 'bad-frame', or 'connection-closed' when the stream ends or `signal` aborts. */
  read(): Promise<Uint8Array>
}

/** Wraps a stream; `signal` ends every wait. Frames hold at most `maxBytes`. */
export function createFrameStream(stream: ExchangeStream, maxBytes: number, signal: AbortSignal): FrameStream {
  const decoder = createFrameDecoder(maxBytes)
  let ended = false
  let wake: () => void = () => undefined
  let received = 0

  stream.addEventListener('message', (event) => {
    const { data } = event as Event & { data: Chunk & { readonly byteLength: number } }
    received += data.byteLength
    // Two frames and their prefixes are all an honest peer sends in one exchange.
    if (received > 4 * maxBytes)
      stream.abort(new NetworkError('bad-frame', 'the peer sent more than the exchange holds'))
    else decoder.append(data)
    wake()
  })
  const end = (): void => {
    ended = true
    wake()
  }
  for (const name of ['close', 'remoteCloseWrite']) stream.addEventListener(name, end)
  signal.addEventListener('abort', end)

  return {
    write: (message) => void stream.send(encodeFrame(message)),
    async read() {
      for (;;) {
        const frame = decoder.next()
        if (frame !== null) return frame
        if (ended) throw new NetworkError('connection-closed', 'the peer ended the exchange early')
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

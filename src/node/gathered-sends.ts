/**
 * Noise whose small frames travel together. Each chunk that arrives is answered by a window update of yamux and a receipt
 * (P18.6-5), a few bytes each: sent one by one, they cost a node that only reads as much as decrypting what it reads.
 */
import { type ICryptoInterface, type NoiseComponents, noise } from '@chainsafe/libp2p-noise'
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'

/** Frames below this wait for the end of the present task; larger ones leave at once, and take along what waits. */
const SMALL_BYTES = 1_024
/** Plain bytes of the largest Noise message: what waits and a larger frame are one message while they fit. */
const ONE_MESSAGE_BYTES = 65_519
/** What waits leaves above this. */
const MAX_WAITING_BYTES = 16_384
/** Pieces up to the largest Noise message, its length in front, become one write to the socket. */
const ONE_WRITE_BYTES = 65_537

/** The encrypter of connections, with small frames gathered. */
export function gatheringNoise(crypto: ICryptoInterface): (components: NoiseComponents) => ConnectionEncrypter {
  const create = noise({ crypto })
  return (components) => {
    const encrypter = create(components)
    const secureInbound = encrypter.secureInbound.bind(encrypter)
    const secureOutbound = encrypter.secureOutbound.bind(encrypter)
    return Object.assign(encrypter, {
      secureInbound: async (...[raw, options]: Parameters<typeof secureInbound>) =>
        gathered(await secureInbound(joinWrites(raw), options)),
      secureOutbound: async (...[raw, options]: Parameters<typeof secureOutbound>) =>
        gathered(await secureOutbound(joinWrites(raw), options)),
    })
  }
}

function gathered<T extends { readonly connection: MessageStream }>(secured: T): T {
  gatherSends(secured.connection)
  return secured
}

/** Sends each list of pieces as one: on a socket every piece is a system call, and often a packet. */
export function joinWrites(stream: MessageStream): MessageStream {
  const send = stream.send.bind(stream)
  stream.send = (data) => send(data.byteLength <= ONE_WRITE_BYTES ? data.subarray() : data)
  return stream
}

/** Keeps what is small until the present task ends, and sends it as one; order and back-pressure stay as they are. */
export function gatherSends(stream: MessageStream): void {
  const send = stream.send.bind(stream)
  const close = stream.close.bind(stream)
  let waiting: Uint8Array[] = []
  let waitingBytes = 0

  function flush(): void {
    if (waitingBytes > 0) send(taken())
  }

  function taken(): Uint8Array {
    const all = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    return all
  }

  /** What waits goes in front. */
  function sendNow(data: Parameters<typeof send>[0]): boolean {
    if (waitingBytes + data.byteLength > ONE_MESSAGE_BYTES) flush()
    if (waitingBytes === 0) return send(data)
    waiting.push(data.subarray())
    return send(taken())
  }

  /**
   * A stream that closed meanwhile has told its users so. One whose socket closes beneath it does not know yet, and nobody
   * waits for this call to fail: it is told instead.
   */
  function flushLate(): void {
    if (stream.status !== 'open') return
    try {
      flush()
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }

  stream.send = (data) => {
    const isHeld = data.byteLength < SMALL_BYTES && stream.status === 'open' && !stream.writableNeedsDrain
    if (!isHeld) return sendNow(data)
    if (waitingBytes === 0) queueMicrotask(flushLate)
    waiting.push(data.subarray())
    waitingBytes += data.byteLength
    if (waitingBytes > MAX_WAITING_BYTES) flush()
    return !stream.writableNeedsDrain
  }
  stream.close = async (options) => {
    flushLate()
    await close(options)
  }
}

/** A libp2p stream by hand: it keeps what comes while paused and hands it over inside `resume`, ends by halves, and fills up. */
import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '../../src/domain.ts'
import type { ConversationStream } from '../../src/protocols/message-stream.ts'

export type FakeConnectionOptions = {
  readonly peer: PeerId
  readonly address?: string
  readonly newStream?: (protocol: string, options: { readonly signal: AbortSignal }) => Promise<FakeStream>
}

/** A connection of which only streams, peer and address matter. */
export function fakeConnection({ peer, address = '/ip4/192.0.2.1/tcp/4001', newStream }: FakeConnectionOptions) {
  return { remotePeer: peer, remoteAddr: multiaddr(address), newStream } as unknown as Connection
}

export const asStream = (stream: FakeStream): Stream => stream as unknown as Stream

export class FakeStream extends EventTarget implements ConversationStream {
  status: 'open' | 'closed' | 'aborted' | 'reset' = 'open'
  remoteWriteStatus: 'writable' | 'closed' = 'writable'
  readableEnded = false
  writableNeedsDrain = false
  paused = true
  /** A pause inside `resume`: yamux then grants a window to a paused stream, until its buffer overflows. */
  pausedInsideResume = false
  readonly written: Uint8Array[] = []
  writeBufferLength = 0
  /** Bytes it takes before it needs a drain. */
  room = Number.POSITIVE_INFINITY
  /** What came and was not handed over. */
  kept: Uint8Array[] = []
  isWriteClosed = false
  private resuming = false

  pause(): void {
    if (this.readableEnded) throw new Error('cannot pause an ended stream')
    this.paused = true
    if (this.resuming) this.pausedInsideResume = true
  }

  resume(): void {
    if (this.readableEnded) throw new Error('cannot resume an ended stream')
    this.paused = false
    this.resuming = true
    this.handOver()
    this.resuming = false
  }

  send(data: Uint8Array): boolean {
    if (this.isWriteClosed || this.status !== 'open') throw new Error('the stream is closed')
    this.written.push(Uint8Array.from(data))
    this.room -= data.byteLength
    this.writableNeedsDrain = this.room <= 0
    return !this.writableNeedsDrain
  }

  drain(room: number): void {
    this.room = room
    this.writableNeedsDrain = false
    this.dispatchEvent(new Event('drain'))
  }

  async close({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    this.isWriteClosed = true
    if (this.writableNeedsDrain) {
      await new Promise<void>((resolve, reject) => {
        this.addEventListener('drain', () => resolve())
        this.addEventListener('close', () => reject(new Error('closed')))
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    }
    this.endIfBothClosed()
  }

  abort(error: Error): void {
    if (this.status !== 'open') return
    this.status = 'aborted'
    this.kept = []
    this.gone(error)
  }

  /** The peer sent bytes. */
  arrive(...pieces: readonly Uint8Array[]): void {
    this.kept.push(...pieces)
    this.handOver()
  }

  /** The peer ended its half. */
  finish(): void {
    this.remoteWriteStatus = 'closed'
    this.dispatchEvent(new Event('remoteCloseWrite'))
    this.endIfEmpty()
    this.endIfBothClosed()
  }

  /** The peer gave the stream up. */
  reset(): void {
    this.status = 'reset'
    this.gone(new Error('the peer reset the stream'))
  }

  /** The connection closed politely. */
  disconnect(): void {
    this.status = 'closed'
    this.remoteWriteStatus = 'closed'
    this.endIfEmpty()
    this.dispatchEvent(new Event('close'))
  }

  private gone(error: Error): void {
    this.remoteWriteStatus = 'closed'
    this.endIfEmpty()
    this.dispatchEvent(Object.assign(new Event('close'), { error }))
  }

  private handOver(): void {
    if (this.paused || this.kept.length === 0) return
    const data = Buffer.concat(this.kept)
    this.kept = []
    this.dispatchEvent(Object.assign(new Event('message'), { data }))
    this.endIfEmpty()
  }

  private endIfEmpty(): void {
    if (this.readableEnded || this.remoteWriteStatus !== 'closed' || this.kept.length > 0) return
    this.readableEnded = true
    this.dispatchEvent(new Event('end'))
  }

  private endIfBothClosed(): void {
    if (!this.isWriteClosed || this.remoteWriteStatus !== 'closed' || this.status !== 'open') return
    this.status = 'closed'
    this.dispatchEvent(new Event('close'))
  }
}

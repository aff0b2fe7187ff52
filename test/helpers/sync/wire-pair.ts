/** Two ends of one conversation as the network has it: framing, read-ahead and deadlines, over streams joined in memory. */
import { systemClock } from '../../../src/machine/clock.ts'
import { STREAMS } from '../../../src/protocols/catalogue.ts'
import { createLinkTurns } from '../../../src/protocols/link-turns.ts'
import { createMessageStream } from '../../../src/protocols/message-stream.ts'
import { createAtxStream } from '../../../src/sync/atx-stream.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import { FakeStream } from '../fake-stream.ts'

/** What one writes arrives at the other. */
class JoinedStream extends FakeStream {
  other: JoinedStream | null = null

  override send(data: Uint8Array): boolean {
    const hasRoom = super.send(data)
    this.other?.arrive(Uint8Array.from(data))
    return hasRoom
  }

  override async close(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await super.close(options)
    this.other?.finish()
  }

  override abort(error: Error): void {
    super.abort(error)
    if (this.other?.status === 'open') this.other.reset()
  }
}

/** A conversation over `stream`, with the deadlines of the catalogue. */
export function wireEnd(peer: string, stream: FakeStream): AtxStream {
  const conversation = createMessageStream({
    peer,
    remoteAddress: '192.0.2.1',
    stream,
    row: STREAMS.atx,
    turns: createLinkTurns(systemClock),
    joinPace: () => ({
      ready: Promise.resolve(),
      room: () => Number.POSITIVE_INFINITY,
      sent: () => undefined,
      leave: () => undefined,
    }),
    onBadFrame: () => undefined,
    onClosed: () => undefined,
  })
  return createAtxStream(conversation, () => undefined)
}

/** The ends of alice and of bob. */
export function wirePair(): [AtxStream, AtxStream] {
  const [alice, bob] = [new JoinedStream(), new JoinedStream()]
  alice.other = bob
  bob.other = alice
  return [wireEnd('bob', alice), wireEnd('alice', bob)]
}

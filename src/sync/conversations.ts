/**
 * ATX streams of this node (S4): opens them, answers those of peers by what their hello says they are for, and counts
 * their bytes.
 */
import type { PeerId } from '../domain.ts'
import { setLatest } from '../machine/latest.ts'
import { STREAMS } from '../protocols/catalogue.ts'
import type { MessageStream, Network, StreamProtocol } from '../protocols/network.ts'
import { createAtxStream } from './atx-stream.ts'
import { isOffence } from './errors.ts'
import type { Greeter } from './greeter.ts'
import type { Hello, Intent } from './messages.ts'
import type { AtxStream } from './ports.ts'

export type ConversationsOptions = {
  readonly network: Pick<Network, 'streams'>
  readonly greeter: () => Greeter
  /** Leads a conversation that a peer began, after its hello was read; fetch and serve were greeted back. */
  readonly lead: (stream: AtxStream, hello: Hello) => Promise<void>
  readonly counted: (intent: Intent, direction: 'in' | 'out', bytes: number) => void
  /** A violation of class P. */
  readonly misbehaved: (peer: PeerId, reason: string) => void
}

export interface Conversations {
  open(peer: PeerId, intent: Intent): Promise<AtxStream>
  /** The peer's address as its last stream showed it, also after it left; empty when there was none, or long ago. */
  addressOf(peer: PeerId): string
}

/** Peers whose address is remembered: what they did may come out when they have left. */
export const MAX_ADDRESSES = 4_096

/** Registers the protocol on `network`, which must not have started. */
export function createConversations(options: ConversationsOptions): Conversations {
  const { greeter, lead, counted, misbehaved } = options
  const addresses = new Map<PeerId, string>()
  const protocol: StreamProtocol = options.network.streams(STREAMS.atx, accept)

  function note({ peer, remoteAddress }: MessageStream): void {
    setLatest(addresses, [peer, remoteAddress], MAX_ADDRESSES)
  }

  async function accept(raw: MessageStream): Promise<void> {
    note(raw)
    let intent: Intent = 'sync'
    const stream = createAtxStream(raw, (direction, bytes) => counted(intent, direction, bytes))
    try {
      const hello = await greeter().hear(stream)
      intent = hello.intent
      if (intent === 'sync' || (await greeter().answer(stream, hello))) await lead(stream, hello)
      else await stream.end()
    } catch (error) {
      if (isOffence(error)) misbehaved(raw.peer, error.message)
      throw error
    }
  }

  return {
    async open(peer, intent) {
      const raw = await protocol.open(peer)
      note(raw)
      return createAtxStream(raw, (direction, bytes) => counted(intent, direction, bytes))
    },
    addressOf: (peer) => addresses.get(peer) ?? '',
  }
}

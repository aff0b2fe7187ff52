/** What the shared set needs from the rest of the node, and its parts from one another. */
import type { Millis, PeerId } from '../domain.ts'
import type { AtxMessage } from './messages.ts'
import type { AtxInfo } from './set/types.ts'

/** A conversation in messages: a stream with the codec around it. */
export interface AtxStream {
  readonly peer: PeerId
  /** The peer's IP address as this node sees it. */
  readonly remoteAddress: string
  /** Resolves once the message may leave: awaiting it is the back-pressure. Rejects as `read` does: the stream is one. */
  send(message: AtxMessage): Promise<void>
  /** The next message; null when the peer has ended its half. Rejects with `NetworkError`, or `SyncError` 'malformed' where the peer broke the form. */
  read(): Promise<AtxMessage | null>
  /** Ends this half when all is sent. */
  end(): Promise<void>
  /** Gives the stream up at once, both ways. */
  abort(reason: string): void
}

/** Reads the bytes of an ATX (S2). Pluggable: the default is `atx/codec.ts`. */
export interface AtxCodec {
  /** What a blob says, with its id computed from the bytes; null when it is none. */
  decode(blob: Uint8Array): AtxInfo | null
}

export type AtxJudgement =
  | { readonly verdict: 'valid' }
  | { readonly verdict: 'invalid' | 'bad-signature' | 'early'; readonly reason: string }

/** The ATXs an ATX builds on, both in the set; null where it names none. */
export type KnownDependencies = { readonly previous: AtxInfo | null; readonly positioning: AtxInfo | null }

/** Judges an ATX whose dependencies are here (S2's hook); `info` is what the codec read from `blob`. Pluggable: the default is `atx/validator.ts`. */
export interface AtxValidator {
  validate(blob: Uint8Array, info: AtxInfo, known: KnownDependencies, now: Millis): Promise<AtxJudgement>
}

/** Messages of the snapshot channel <-> bytes. What is asked and answered is judged elsewhere. */
import { SnapshotMessage } from '../protocols/wire/snapshot.gen.ts'

/** Asks for a chunk of the snapshot of a height; for the latest manifest when `height` is 0. */
export type SnapshotAsk = { readonly requestId: number; readonly height: number; readonly index: number }

/** `content`: an encoded manifest or chunk; empty when the sender has none. */
export type SnapshotReply = { readonly requestId: number; readonly content: Uint8Array }

export type SnapshotTalk =
  | { readonly type: 'request'; readonly request: SnapshotAsk }
  | { readonly type: 'answer'; readonly answer: SnapshotReply }

export function encodeSnapshotAsk(request: SnapshotAsk): Uint8Array {
  return SnapshotMessage.encode({ request })
}

export function encodeSnapshotReply(answer: SnapshotReply): Uint8Array {
  return SnapshotMessage.encode({ answer })
}

/** Parses a message; null when it is none. */
export function parseSnapshotTalk(bytes: Uint8Array): SnapshotTalk | null {
  try {
    const { request, answer } = SnapshotMessage.decode(bytes)
    if (request !== undefined && answer === undefined) {
      return Number.isSafeInteger(request.height) ? { type: 'request', request } : null
    }
    return answer !== undefined && request === undefined ? { type: 'answer', answer } : null
  } catch {
    return null
  }
}

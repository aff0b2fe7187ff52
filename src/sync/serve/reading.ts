/** Reading the stream of a serve, for the machines of both sides: a message, or what kept one from coming. */
import { isOffence } from '../errors.ts'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'

/** What either machine hears instead of a message. */
type Unread =
  | { readonly type: 'strayReceived'; readonly what: string }
  | { readonly type: 'closed'; readonly reason: string }

/** Reads one message, null at the end of the peer's half, as the input that `inputOf` makes of it. Never rejects. */
export async function readInput<Input>(
  stream: Pick<AtxStream, 'read'>,
  inputOf: (message: AtxMessage | null) => Input,
): Promise<Input | Unread> {
  try {
    return inputOf(await stream.read())
  } catch (error) {
    const { message } = error as Error
    return isOffence(error) ? { type: 'strayReceived', what: message } : { type: 'closed', reason: message }
  }
}

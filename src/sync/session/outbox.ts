/**
 * The one writer of a session's stream: what the machine says goes first, then the chunks of the open list as far as the
 * peer's credit allows. Reading goes on meanwhile, so two sides that send at once never wait for each other (S4).
 */
import { pipe } from 'it-pipe'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { ListMessage } from './list-writer.ts'

type Entry = { readonly message: AtxMessage; readonly sent?: () => void }

export interface Outbox {
  /** Queues a message of the machine. An acknowledgement takes the place of one that still waits. */
  put(message: AtxMessage): void
  /** Queues a message and resolves when it has left: back-pressure. Rejects when the stream is gone. */
  deliver(message: AtxMessage): Promise<void>
  /** Sends a list as far as `credit` chunks, instead of any other; `sent` once its end has left. */
  sendList(messages: Iterator<ListMessage>, options: { readonly credit: number; readonly sent: () => void }): void
  extendCredit(credit: number): void
  dropList(): void
  /** Sends what waits and resolves; rejects when the stream is gone. */
  close(): Promise<void>
}

type OpenList = { readonly messages: Iterator<ListMessage>; credit: number; chunks: number; readonly sent: () => void }

/** Starts writing. `onFailure` hears when the stream takes nothing more. */
export function createOutbox(stream: AtxStream, onFailure: (error: unknown) => void): Outbox {
  const waiting: Entry[] = []
  let list: OpenList | null = null
  let isClosing = false
  let wake: () => void = () => {}

  function nextOfList(): Entry | null {
    if (list === null || list.chunks >= list.credit) return null
    const { value, done } = list.messages.next()
    if (done === true) return null
    list.chunks++
    if (value.type === 'ids') return { message: value }
    const { sent } = list
    list = null
    return { message: value, sent }
  }

  async function* outgoing(): AsyncGenerator<Entry> {
    for (;;) {
      const entry = waiting.shift() ?? nextOfList()
      if (entry !== null) yield entry
      else if (isClosing) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  const written = pipe(outgoing, async (entries) => {
    for await (const { message, sent } of entries) {
      await stream.send(message)
      sent?.()
    }
  })
  written.catch(onFailure)

  const put = (entry: Entry): void => {
    const last = waiting.at(-1)
    if (entry.message.type === 'ack' && last?.message.type === 'ack') waiting.pop()
    waiting.push(entry)
    wake()
  }
  return {
    put: (message) => put({ message }),
    deliver: (message) => Promise.race([new Promise<void>((sent) => put({ message, sent })), written]),
    sendList(messages, { credit, sent }) {
      list = { messages, credit, chunks: 0, sent }
      wake()
    },
    extendCredit(credit) {
      if (list !== null) list.credit = credit
      wake()
    },
    dropList() {
      list = null
    },
    close() {
      isClosing = true
      wake()
      return written
    },
  }
}

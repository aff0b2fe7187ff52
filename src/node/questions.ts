/**
 * Questions to peers over a channel, each with a deadline. Answers nobody waits for, and bytes that are no message, cost
 * their sender; an answer that comes too late does not.
 */
import type { Millis, PeerId } from '../domain.ts'
import type { ChannelRow } from '../protocols/catalogue.ts'
import type { Network } from '../protocols/network.ts'

/** What a message is: an answer, a question of the peer (left alone), or null for neither. */
export type ReadAnswer<A> = (
  bytes: Uint8Array,
) => { readonly requestId: number; readonly answer: A } | 'question' | null

export type QuestionsOptions<A> = {
  readonly network: Network
  readonly row: ChannelRow
  readonly read: ReadAnswer<A>
}

/** Resolves with null when the peer leaves, or does not answer in time. */
export type Ask<A> = (peer: PeerId, question: Question) => Promise<A | null>
export type Question = { readonly encode: (requestId: number) => Uint8Array; readonly deadlineMs: Millis }

/** A question is kept after its deadline, so that its answer is known for what it is: this many of one peer. */
const MAX_LATE = 64

type Open<A> = { readonly peer: PeerId; readonly settle: (answer: A | null) => void; isLate: boolean }

/** Registers the channel on `network`, which must not have started. */
export function createQuestions<A>({ network, row, read }: QuestionsOptions<A>): Ask<A> {
  const open = new Map<number, Open<A>>()
  let nextId = 1
  const channel = network.channel(row, receive)
  network.onPeers({ connected: () => undefined, disconnected: forget })

  function receive(from: PeerId, bytes: Uint8Array): void {
    const message = read(bytes)
    if (message === 'question') return
    if (message === null) return network.penalise(from, 'malformed', `not a message of ${row.protocol}`)
    const question = open.get(message.requestId)
    if (question?.peer !== from) return network.penalise(from, 'invalid', `an unasked answer on ${row.protocol}`)
    open.delete(message.requestId)
    question.settle(message.answer)
  }

  function forget(peer: PeerId): void {
    for (const [id, question] of open) {
      if (question.peer !== peer) continue
      open.delete(id)
      question.settle(null)
    }
  }

  function expire(question: Open<A>): void {
    question.isLate = true
    question.settle(null)
    const late = [...open].filter(([, each]) => each.peer === question.peer && each.isLate)
    for (const [id] of late.slice(0, Math.max(0, late.length - MAX_LATE))) open.delete(id)
  }

  return (peer, { encode, deadlineMs }) => {
    const id = nextId++
    const { promise, resolve } = Promise.withResolvers<A | null>()
    const question: Open<A> = { peer, settle: resolve, isLate: false }
    open.set(id, question)
    const timer = setTimeout(() => expire(question), deadlineMs)
    if (!channel.send(peer, encode(id))) {
      open.delete(id)
      resolve(null)
    }
    return promise.finally(() => clearTimeout(timer))
  }
}

/** A node's events as an async iterable that survives reconnects by naming the last event it saw. */
import type { EventTopic, NodeEvent } from '../node/api/node-port.ts'
import { readEventStream } from './event-stream.ts'
import { type Endpoint, open } from './http.ts'
import { createBackoff, isTransient, pause } from './retry.ts'

export type EventsOptions = {
  /** Which topics; all when absent. */
  readonly topics?: readonly EventTopic[] | undefined
  /** Replay kept events with an id above this one first. */
  readonly after?: number | undefined
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined
  /** Called after each (re)connect, before its first event. */
  readonly onOpen?: (() => void) | undefined
}

/** Yields events for ever, in the order of their ids within a run of the node. Rejects when the node refuses the call. */
export async function* followEvents(endpoint: Endpoint, options: EventsOptions = {}): AsyncGenerator<NodeEvent> {
  const { signal } = options
  const backoff = createBackoff()
  const cursor = { id: options.after?.toString() ?? null }
  while (!signal?.aborted) {
    try {
      for await (const event of openEvents(endpoint, options, cursor)) {
        backoff.reset()
        yield event
      }
    } catch (error) {
      if (signal?.aborted) return
      if (!isTransient(error)) throw error
    }
    await pause(backoff.next(), signal)
  }
}

async function* openEvents(
  endpoint: Endpoint,
  { topics, signal, onOpen }: EventsOptions,
  cursor: { id: string | null },
): AsyncGenerator<NodeEvent> {
  const query = topics === undefined ? '' : `?topics=${encodeURIComponent(topics.join(','))}`
  const headers: Record<string, string> = { accept: 'text/event-stream' }
  if (cursor.id !== null) headers['last-event-id'] = cursor.id
  const answer = await open(endpoint, { path: `/v1/events${query}`, headers, signal })
  if (answer.body === null) return
  onOpen?.()
  for await (const message of readEventStream(answer.body)) {
    if (message.id !== null) cursor.id = message.id
    yield JSON.parse(message.data) as NodeEvent
  }
}

/**
 * Feeds one event stream. A reader that falls behind gets nothing more until it has read what waits; it goes on after the
 * last event it was given, or at the oldest one kept if that is gone.
 */
import type { ServerResponse } from 'node:http'
import type { EventSource, EventTopic, NodeEvent } from './node-port.ts'

/** Bytes that may wait for a reader. */
const MAX_WAITING_BYTES = 1_048_576
/** Heartbeats after which a reader that takes nothing is cut. */
const MAX_STALLED_HEARTBEATS = 4

/** What a stream is about. */
export type Feed = {
  readonly topics: ReadonlySet<EventTopic> | null
  /** Kept events after this id come first; null: only later ones. */
  readonly after: number | null
}

/** An open stream. */
export interface FeedStream {
  /** Shows the reader, and whatever stands in between, that the stream lives. */
  heartbeat(): void
  end(): void
}

/** Feeds `raw`, whose head is written, until it closes. */
export function feedEvents(raw: ServerResponse, events: EventSource, { topics, after }: Feed): FeedStream {
  let last = after
  let stalledHeartbeats = 0
  let isPaused = false
  let unsubscribe = (): void => undefined

  function listen(): void {
    isPaused = false
    stalledHeartbeats = 0
    const stop = events.subscribe({ topics, after: last, listener: give })
    // A replay alone may have filled the buffer.
    if (isPaused) stop()
    else unsubscribe = stop
  }

  function give(event: NodeEvent): void {
    if (isPaused) return
    last = event.id
    raw.write(frameOf(event))
    if (raw.writableLength <= MAX_WAITING_BYTES) return
    isPaused = true
    unsubscribe()
    raw.once('drain', listen)
  }

  raw.on('error', () => raw.destroy())
  raw.on('close', () => {
    isPaused = true
    raw.off('drain', listen)
    unsubscribe()
  })
  listen()
  return {
    heartbeat() {
      if (!isPaused) return void raw.write(':\n\n')
      stalledHeartbeats += 1
      if (stalledHeartbeats >= MAX_STALLED_HEARTBEATS) raw.destroy()
    },
    end: () => raw.end(),
  }
}

/** Events go to many streams and are put into words once. */
const frames = new WeakMap<NodeEvent, string>()

function frameOf(event: NodeEvent): string {
  const known = frames.get(event)
  if (known !== undefined) return known
  const frame = `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`
  frames.set(event, frame)
  return frame
}

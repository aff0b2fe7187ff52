/** The node's events in memory: the newest are kept for listeners that come back, all go to those that listen now. */
import type { Clock } from '../machine/clock.ts'
import type { EventSource, EventTopic, NodeEvent } from './api/node-port.ts'

/** Events kept. A listener that was away for longer starts at the oldest kept one. */
const MAX_KEPT_EVENTS = 4_096
/** Ids start at the start-up instant times this, so that they ascend across restarts too. */
const IDS_PER_MS = 1_000

type Subscriber = {
  readonly topics: ReadonlySet<EventTopic> | null
  readonly listener: (event: NodeEvent) => void
}

export interface EventBus extends EventSource {
  /** Tells all listeners, in the order of events. Never throws: a listener that does is unsubscribed. */
  publish(topic: EventTopic, type: string, data: NodeEvent['data']): void
}

export type EventBusOptions = {
  readonly clock: Clock
  /** Hears of listeners that threw. */
  readonly onListenerError: (error: unknown) => void
}

/**
 * A bus. Listeners are called synchronously and there is no queue for a slow one: one that cannot keep up must drop out
 * and come back with the last id it saw.
 */
export function createEventBus({ clock, onListenerError }: EventBusOptions): EventBus {
  const kept: NodeEvent[] = []
  /** Where the oldest kept event stands, once the ring is full. */
  let oldest = 0
  let nextId = Math.floor(clock.now()) * IDS_PER_MS
  const subscribers = new Set<Subscriber>()
  let lastMs = Number.NaN
  let lastTime = ''

  /** Thousands of events share a millisecond under load, and its text. */
  function timeOf(now: number): string {
    const ms = Math.floor(now)
    if (ms !== lastMs) {
      lastMs = ms
      lastTime = new Date(ms).toISOString()
    }
    return lastTime
  }

  function tell(subscriber: Subscriber, event: NodeEvent): void {
    if (subscriber.topics !== null && !subscriber.topics.has(event.topic)) return
    try {
      subscriber.listener(event)
    } catch (error) {
      subscribers.delete(subscriber)
      onListenerError(error)
    }
  }

  return {
    publish(topic, type, data) {
      const event: NodeEvent = { id: nextId, topic, type, time: timeOf(clock.now()), data }
      nextId += 1
      if (kept.length < MAX_KEPT_EVENTS) kept.push(event)
      else {
        kept[oldest] = event
        oldest = (oldest + 1) % MAX_KEPT_EVENTS
      }
      for (const subscriber of subscribers) tell(subscriber, event)
    },

    subscribe({ topics, after, listener }) {
      const subscriber: Subscriber = { topics, listener }
      subscribers.add(subscriber)
      if (after !== null) {
        for (const event of [...kept.slice(oldest), ...kept.slice(0, oldest)]) {
          if (event.id > after && subscribers.has(subscriber)) tell(subscriber, event)
        }
      }
      return () => {
        subscribers.delete(subscriber)
      }
    },
  }
}

/** What the outside of a node sees of its set: events, metrics and the status of the API, as the node wires them. */
import { onTestFinished } from 'vitest'
import type { Clock } from '../../../src/machine/clock.ts'
import type { AtxStatusView } from '../../../src/node/api/atx-port.ts'
import type { NodeEvent } from '../../../src/node/api/node-port.ts'
import { createAtxObserver } from '../../../src/node/atx-telemetry.ts'
import { createAtxPort } from '../../../src/node/atx-views.ts'
import { createEventBus } from '../../../src/node/events.ts'
import type { Logger } from '../../../src/node/log.ts'
import { createMetrics } from '../../../src/node/metrics.ts'
import { createSyncMeter } from '../../../src/node/sync-meter.ts'
import type { NodeOptions, World, WorldNode } from './atx-world.ts'

export type Outside = {
  readonly node: WorldNode
  /** Of topic `sync`. */
  readonly events: NodeEvent[]
  status(): AtxStatusView
  /** Lines of `/metrics` whose values are not 0. */
  metrics(prefix: string): Promise<string[]>
}

export async function createOutside(world: World, name: string, options: NodeOptions = {}): Promise<Outside> {
  const { events, observer, metrics } = createTelemetry(world.clock)
  const node = await world.node(name, { ...options, hears: observer })
  const port = createAtxPort(node.service)
  return {
    node,
    events,
    status: () => port.status(),
    async metrics(prefix) {
      const { text } = await metrics.render()
      return text.split('\n').filter((line) => line.startsWith(prefix) && !line.endsWith(' 0'))
    },
  }
}

function createTelemetry(clock: Clock) {
  const bus = createEventBus({ clock, onListenerError: () => undefined })
  const events: NodeEvent[] = []
  bus.subscribe({ topics: new Set(['sync']), after: null, listener: (event) => events.push(event) })
  const metrics = createMetrics()
  onTestFinished(() => metrics.close())
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as Logger
  const onFatal = (): void => undefined
  return {
    events,
    metrics,
    observer: createAtxObserver({ events: bus, metrics, meter: createSyncMeter(), log, clock, onFatal }),
  }
}

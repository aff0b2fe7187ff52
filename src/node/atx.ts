/** The shared set on this node: opened with what genesis and configuration say, and heard by events, metrics and the log. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Signer } from '../crypto/keys.ts'
import type { Hash } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { Network } from '../protocols/network.ts'
import type { AtxDb } from '../sync/holdings.ts'
import { type AtxService, openAtxService } from '../sync/service.ts'
import { createAtxObserver, observeAtx } from './atx-telemetry.ts'
import type { ConfigValues } from './config-schema.ts'
import type { Genesis } from './genesis.ts'
import type { Telemetry } from './telemetry.ts'

/** S9.1: bulk serving pauses while the event loop is further behind than this. */
const BUSY_DELAY_MS = 50
const DELAY_RESOLUTION_MS = 10
const DELAY_WINDOW_MS = 1_000
const NANOSECONDS_PER_MS = 1e6

export type AtxOptions = {
  readonly db: AtxDb
  readonly network: Network
  readonly signer: Signer
  readonly chainId: Hash
  readonly genesis: Genesis
  readonly config: ConfigValues
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** Opens the set and registers its protocol on the network, which must not have started. */
export async function openAtx(options: AtxOptions): Promise<AtxService> {
  const { db, network, signer, chainId, genesis, config, clock, telemetry } = options
  const { start, timeframe, n1, n2 } = genesis.atx
  const delay = createDelayMeter()
  const service = await openAtxService({
    db,
    network,
    clock,
    signer,
    chainId,
    params: { startMs: Date.parse(start), timeframe, n1, n2 },
    tuning: {
      syncIntervalMs: config.atxSyncIntervalMs,
      minSyncedPeers: config.atxSyncedPeers,
      stepOne: config.atxStepOne,
      deep: config.atxDeep,
    },
    isBusy: delay.isBehind,
    observer: createAtxObserver(telemetry),
  })
  observeAtx(telemetry.metrics, service)
  return {
    ...service,
    async stop() {
      delay.close()
      await service.stop()
    },
  }
}

/** How far the event loop was behind lately. */
function createDelayMeter() {
  const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  let isBehind = false
  delays.enable()
  const timer = setInterval(() => {
    const late = delays.count === 0 ? 0 : delays.percentile(99) / NANOSECONDS_PER_MS - DELAY_RESOLUTION_MS
    isBehind = late > BUSY_DELAY_MS
    delays.reset()
  }, DELAY_WINDOW_MS)
  timer.unref()
  return {
    isBehind: () => isBehind,
    close() {
      clearInterval(timer)
      delays.disable()
    },
  }
}

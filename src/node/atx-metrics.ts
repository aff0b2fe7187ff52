/** Metrics of the shared set (S14). */
import { Counter, Gauge, type Registry } from 'prom-client'

export type AtxSnapshot = {
  readonly size: number
  readonly fetching: number
  readonly agreements: number
  readonly synced: number
}

const GAUGES: { readonly [K in keyof AtxSnapshot]: string } = {
  size: 'ATXs in the set',
  fetching: 'ATXs known by id whose bytes are being fetched',
  agreements: 'Peers that agreed within the last quarter of an hour',
  synced: '1 while enough peers agree',
}

export function createAtxMetrics(registry: Registry) {
  const registers = [registry]
  const counter = <const Labels extends string>(name: string, help: string, labelNames: readonly Labels[] = []) =>
    new Counter<Labels>({ name: `palaver_atx_${name}`, help, labelNames: [...labelNames], registers })
  return {
    inserted: counter('inserted_total', 'ATXs that came into the set', ['source']),
    sessions: counter('sessions_total', 'Sessions by how they ended', ['direction', 'end']),
    fast: counter('fast_sessions_total', 'Sessions that ended with one fingerprint each way'),
    rounds: counter('rounds_total', 'Rounds of id lists'),
    serves: counter('serves_total', 'Bulk serves by how they ended; inbound: this node was served', [
      'direction',
      'end',
    ]),
    offences: counter('offences_total', 'Broken rules of peers', ['offence', 'consequence']),
    gossip: counter('gossip_total', 'Announcements judged, and sent', ['outcome']),
    bytes: counter('bytes_total', 'Bytes of messages on ATX streams', ['intent', 'direction']),
    notFetched: counter('not_fetched_total', 'Ids that were listed and did not come into the set', ['outcome']),
    /** Where the gauges read from. */
    observe(read: () => AtxSnapshot): void {
      for (const [key, help] of Object.entries(GAUGES) as [keyof AtxSnapshot, string][]) {
        new Gauge({
          name: `palaver_atx_${key}`,
          help,
          registers,
          collect() {
            this.set(read()[key])
          },
        })
      }
    },
  }
}

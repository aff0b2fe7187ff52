/** What the shared set tells the outside: events, metrics, log lines (S14). */
import type { AtxObserver } from '../sync/observer.ts'
import type { ServeProgress } from '../sync/serve/types.ts'
import type { AtxService } from '../sync/service.ts'
import type { Outcome } from '../sync/types.ts'
import type { NodeMetrics } from './metrics.ts'
import type { Telemetry } from './telemetry.ts'

/** Ids named in one event; a larger insert says how many there were. */
const MAX_NAMED_IDS = 32

/** Session ends that mean that the fast path was hit (S14). */
const FAST: readonly string[] = ['fast-equal', 'all-equal', 'total-equal']

export function createAtxObserver({ events, metrics, log, onFatal }: Telemetry): AtxObserver {
  const { atx } = metrics
  return {
    inserted(records) {
      const [first] = records
      if (first === undefined) return
      atx.inserted.inc({ source: first.source }, records.length)
      const ids = records.slice(0, MAX_NAMED_IDS).map(({ id }) => id)
      events.publish('atx', 'inserted', { count: records.length, source: first.source, seq: first.seq, ids })
    },
    progressed({ peer, role, phase, back, ...figures }) {
      if (phase === 'rounds') events.publish('sync', 'atx-round', { peerId: peer, role, back, ...figures })
      else if (phase === 'hello') events.publish('sync', 'atx-session-start', { peerId: peer, role })
    },
    sessionEnded(peer, outcome, isInbound) {
      const { figures, ...end } = outcome
      atx.sessions.inc({ direction: isInbound ? 'inbound' : 'outbound', end: endName(outcome) })
      atx.rounds.inc(figures.rounds)
      if (FAST.includes(outcome.kind)) atx.fast.inc()
      events.publish('sync', 'atx-session-end', { peerId: peer, isInbound, ...describe(end), ...figures })
    },
    serveBegan(serve) {
      const { fromSeq } = serve
      events.publish('sync', 'atx-serve-start', { ...partiesOf(serve), fromSeq })
    },
    serveProgressed(serve) {
      const { bytesPerSecond, etaMs } = serve
      events.publish('sync', 'atx-serve-progress', { ...partiesOf(serve), ...movedOf(serve), bytesPerSecond, etaMs })
    },
    serveEnded(report) {
      const { end, reason } = report
      const parties = partiesOf(report)
      atx.serves.inc({ direction: parties.direction, end })
      events.publish('sync', 'atx-serve-end', { ...parties, end, reason, ...movedOf(report) })
    },
    serveRefused(peer, side, reason) {
      const parties = partiesOf({ peer, direction: side })
      atx.serves.inc({ direction: parties.direction, end: 'refused' })
      events.publish('sync', 'atx-serve-refused', { ...parties, reason })
    },
    fetchProgressed({ queued, done, failed, bytes, bytesPerSecond, etaMs }) {
      events.publish('sync', 'atx-fetch-progress', { queued, done, failed, bytes, bytesPerSecond, etaMs })
    },
    judged({ peer, offence, consequence, id }) {
      atx.offences.inc({ offence, consequence })
      events.publish('sync', 'atx-penalty', { peerId: peer, offence, consequence, id })
      if (consequence === 'noted') return
      const text = {
        ban: 'a peer is refused: it broke a rule of the ATX set beyond doubt',
        rest: 'a peer is left alone for a while: too much about its ATXs is suspicious',
        spared: 'so many peers break rules of the ATX set that the fault is probably here: check clock and build',
      }[consequence]
      log.warn({ peer, offence, id }, text)
    },
    gossiped: (outcome) => atx.gossip.inc({ outcome }),
    moved: (intent, direction, bytes) => atx.bytes.inc({ intent, direction }, bytes),
    notFetched: (outcome) => atx.notFetched.inc({ outcome }),
    rebuilt: (reason) => log.warn({ reason }, 'the fingerprints of the ATX set were built anew'),
    failed: onFatal,
  }
}

/** As in `/v1/atx/status`: `inbound` when this node is served. */
function partiesOf({ peer, direction }: Pick<ServeProgress, 'peer' | 'direction'>) {
  return { peerId: peer, direction: direction === 'in' ? 'inbound' : 'outbound' }
}

function movedOf({ seq, totalSeq, bytes, gained }: ServeProgress) {
  return { seq, totalSeq, bytes, gained }
}

function endName(outcome: Outcome): string {
  return outcome.kind === 'failed' ? `failed-${outcome.code}` : outcome.kind
}

/** An ending without the token of an offer. */
function describe(end: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { offer: _, ...rest } = end
  return rest
}

/** Lets the gauges read the running set. */
export function observeAtx({ atx }: NodeMetrics, service: AtxService): void {
  atx.observe(() => {
    const { have, isSynced } = service.agreements()
    const { queued } = service.fetching()
    return { size: service.set.count, fetching: queued, agreements: have, synced: isSynced ? 1 : 0 }
  })
}

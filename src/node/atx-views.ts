/** The shared set as `/v1/atx` shows it: `AtxPort` over the service. */
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import { parseAtx } from '../sync/atx/codec.ts'
import type { ServeProgress } from '../sync/serve/types.ts'
import type { AtxService } from '../sync/service.ts'
import type { SessionProgress } from '../sync/session/ports.ts'
import type { AtxRecord, Fingerprint } from '../sync/set/types.ts'
import type { AtxDetail, AtxFingerprintView, AtxPort, AtxSessionView, AtxStatusView, AtxView } from './api/atx-port.ts'
import { rfc3339 } from './block-views.ts'

const LAST_DATE_MS = 8.64e15
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
/** Timeframes may lie beyond what a date names. */
const timeOf = (ms: number): string => rfc3339(Math.min(ms, LAST_DATE_MS))

/** What `status` shows of the set. */
export function fingerprintView({ count, xor, strong }: Fingerprint): AtxFingerprintView {
  const suite = strong === null ? 'xor' : 'lthash16'
  return { suite, count, xor: hex(xor), strong: strong === null ? null : hex(strong) }
}

function atxView(record: AtxRecord): AtxView {
  const { id, seq, frame, publisher, publishEpoch, previous, positioning, baseTickHeight, tickCount } = record
  return {
    id,
    seq,
    frame,
    publisher,
    publisherPeerId: peerIdFromPublicKeyHex(publisher),
    publishEpoch,
    previous,
    positioning,
    baseTickHeight,
    tickCount,
    receivedAt: timeOf(record.receivedAt),
    source: record.source,
    bytes: record.bytes,
  }
}

function sessionView({ peer, role, phase, back, ...figures }: SessionProgress): AtxSessionView {
  const direction = role === 'initiator' ? 'outbound' : 'inbound'
  return { peerId: peer, intent: 'sync', direction, phase, back, ...figures, total: null }
}

function serveView({ peer, direction, seq, totalSeq, bytes, ...figures }: ServeProgress): AtxSessionView {
  const isIn = direction === 'in'
  return {
    peerId: peer,
    intent: 'serve',
    direction: isIn ? 'inbound' : 'outbound',
    phase: 'serve',
    back: isIn ? 0 : null,
    idsIn: isIn ? seq : 0,
    idsOut: isIn ? 0 : seq,
    bytesIn: isIn ? bytes : 0,
    bytesOut: isIn ? 0 : bytes,
    bytesPerSecond: figures.bytesPerSecond,
    gained: figures.gained,
    total: totalSeq,
    lists: null,
    etaMs: figures.etaMs,
  }
}

export function createAtxPort(service: AtxService): AtxPort {
  const { set } = service

  function status(): AtxStatusView {
    const { frame, curr, old, all, total } = set.heads()
    const { have, need, isSynced } = service.agreements()
    const { queued, done, failed, bytes, bytesPerSecond, etaMs } = service.fetching()
    return {
      count: set.count,
      frame,
      start: timeOf(set.boundary(frame)),
      end: timeOf(set.boundary(frame + 1)),
      epoch: service.epoch(),
      fingerprint: fingerprintView(total),
      checkpoints: { curr: fingerprintView(curr), old: fingerprintView(old), all: fingerprintView(all) },
      gained: service.gains.total,
      synced: isSynced,
      agreements: { have, need },
      fetching: { queued, done, failed, bytes, bytesPerSecond, etaMs },
      sessions: [...service.sessions().map(sessionView), ...service.serves().map(serveView)],
      peers: [...service.lastSessions()].map(([peerId, { outcome, reason, at, retryAt, gained }]) => {
        const again = retryAt === null ? null : timeOf(retryAt)
        const gainedTotal = service.gains.of(peerId)
        return { peerId, outcome, reason, at: timeOf(at), retryAt: again, gained, gainedTotal }
      }),
      refused: service.refused().map(({ peer, untilMs }) => ({ peerId: peer, until: timeOf(untilMs) })),
    }
  }

  async function show(id: string): Promise<AtxDetail | null> {
    const [record, blob] = await Promise.all([set.record(id), set.blob(id)])
    if (record === null || blob === null) return null
    const body = parseAtx(blob)?.body ?? new Uint8Array(0)
    return {
      ...atxView(record),
      body: Buffer.from(body).toString('base64'),
      blob: Buffer.from(blob).toString('base64'),
    }
  }

  return {
    status,
    async list(from, limit) {
      const records = await set.list(from === null ? { limit } : { fromSeq: from, limit })
      return (from === null ? records.toReversed() : records).map(atxView)
    },
    show,
    async publish(publication) {
      const published =
        'blob' in publication ? await service.publishBlob(publication.blob) : await service.publish(publication.body)
      return { ...published, count: set.count }
    },
    sync: async (peer) => service.sync(peer),
  }
}

/** The shared set of ATXs in lines for people. */
import type {
  AtxDetail,
  AtxFingerprintView,
  AtxPeerView,
  AtxSessionView,
  AtxStatusView,
  AtxView,
} from '../src/node/api/atx-port.ts'
import { formatMs } from './durations.ts'
import { pairLines, short, tableLines } from './output.ts'

const BAR_CELLS = 24
const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const

/** e.g. `1,204`. */
export const counted = (value: number): string => Math.round(value).toLocaleString('en-US')

/** e.g. `12.4 KiB`. */
function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${power === 0 ? Math.round(bytes) : (bytes / 1_024 ** power).toFixed(1)} ${UNITS[power]}`
}

/** `2026-01-31 12:00:00Z` of a time in RFC 3339. */
export function timeText(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')}Z`
}

/** What people compare: the strong fingerprint, where there is one. */
export function fingerprintText({ xor, strong }: AtxFingerprintView): string {
  return short(strong ?? xor)
}

/** e.g. `1,204 ATXs, 3773c8fcd7..`. */
function setText(set: AtxFingerprintView): string {
  return set.count === 0 ? 'none' : `${counted(set.count)} ATXs, ${fingerprintText(set)}`
}

const LIST_HEADER = ['place', 'id', 'publisher', 'epoch', 'frame', 'bytes', 'received', 'by']

/** One row each; ids are cut where `columns` have no room for them, since `show` takes a place too. */
export function atxTable(atxs: readonly AtxView[], columns = Number.POSITIVE_INFINITY): string[] {
  if (atxs.length === 0) return ['none; see how many there are with: palaver atx status']
  const rows = (idOf: (id: string) => string): string[] => tableLines(LIST_HEADER, atxs.map(rowWith(idOf)))
  const whole = rows((id) => id)
  return whole.slice(1).every((line) => line.length <= columns) ? whole : rows(short)
}

function rowWith(idOf: (id: string) => string) {
  return ({ seq, id, publisherPeerId, publishEpoch, frame, bytes, receivedAt, source }: AtxView): string[] => [
    String(seq),
    idOf(id),
    `..${publisherPeerId.slice(-8)}`,
    String(publishEpoch),
    String(frame),
    String(bytes),
    timeText(receivedAt),
    source,
  ]
}

const CAME_BY: Readonly<Record<AtxView['source'], string>> = {
  local: 'published here',
  gossip: 'by gossip',
  sync: 'fetched from a peer',
  serve: 'in bulk from a peer',
}

export function atxLines(atx: AtxDetail, savedTo: string | undefined): string[] {
  const bodyBytes = Buffer.from(atx.body, 'base64').byteLength
  return pairLines({
    id: atx.id,
    publisher: atx.publisherPeerId,
    key: atx.publisher,
    epoch: `${atx.publishEpoch}, counts for ${atx.publishEpoch + 1}`,
    previous: atx.previous ?? 'none',
    positioning: atx.positioning ?? 'none',
    ticks: `${counted(atx.baseTickHeight)} + ${counted(atx.tickCount)}`,
    received: `${timeText(atx.receivedAt)} ${CAME_BY[atx.source]}, timeframe ${atx.frame}, place ${atx.seq}`,
    body: `${counted(bodyBytes)} bytes, ${savedTo === undefined ? 'save it with --out FILE' : `saved to ${savedTo}`}`,
    signed: `${counted(atx.bytes)} bytes in all`,
  })
}

export function atxStatusLines(status: AtxStatusView): string[] {
  const { frame, start, end, epoch, fingerprint, checkpoints, fetching } = status
  const lines = pairLines({
    set: `${setText(fingerprint)} (xor ${short(fingerprint.xor)})`,
    'open (c_curr)': setText(checkpoints.curr),
    'last closed (c_old)': setText(checkpoints.old),
    'closed (c_all)': setText(checkpoints.all),
    timeframe: `${frame}, ${timeText(start)} to ${timeText(end)}; epoch ${epoch}`,
    synced: syncedText(status) + adviceText(status),
    fetching: fetchingText(fetching),
  })
  return [
    ...lines,
    ...status.sessions.map(sessionLine),
    ...(status.peers.length === 0 ? [] : ['', ...peerTable(status.peers)]),
    ...status.refused.map(({ peerId, until }) => `refused ${peerId} until ${timeText(until)}`),
  ]
}

/** e.g. `not yet: 1 of 3 peers agreed lately`. */
export function syncedText({ synced, agreements }: Pick<AtxStatusView, 'synced' | 'agreements'>): string {
  return `${synced ? 'yes' : 'not yet'}: ${agreements.have} of ${agreements.need} peers agreed lately`
}

/** A network of three nodes never has three peers that agree. */
function adviceText({ synced, agreements, peers }: AtxStatusView): string {
  return synced || peers.length >= agreements.need ? '' : '; with fewer peers, lower atxSyncedPeers in config.json'
}

function fetchingText({ queued, done, failed, bytesPerSecond, etaMs }: AtxStatusView['fetching']): string {
  const lost = failed === 0 ? '' : `; ${counted(failed)} could not be had`
  if (queued === 0) return `nothing${lost}`
  const left = etaMs === null ? '' : `, ${formatMs(etaMs)} left`
  return `${counted(queued)} of ${counted(queued + done)} to come, ${bytesText(bytesPerSecond)}/s${left}${lost}`
}

function peerTable(peers: readonly AtxPeerView[]): string[] {
  return tableLines(
    ['peer', 'last session', 'gained', 'how it ended'],
    peers.map((peer) => [peer.peerId, timeText(peer.at), counted(peer.gained), outcomeText(peer)]),
  )
}

/** e.g. `busy: too many sessions; again from 12:00:30Z on`. */
export function outcomeText({ outcome, reason, retryAt }: Pick<AtxPeerView, 'outcome' | 'reason' | 'retryAt'>): string {
  const when = retryAt === null ? '' : `; again from ${timeText(retryAt).slice(11)} on`
  return `${outcome}${reason === null ? '' : `: ${reason}`}${when}`
}

function sessionLine({ peerId, intent, direction, phase, back, total, ...figures }: AtxSessionView): string {
  const { idsIn, idsOut, bytesIn, bytesOut, bytesPerSecond, gained, etaMs } = figures
  const parts = [
    `${direction} ${intent} with ${peerId}`,
    ...(intent === 'serve' ? [] : [phase]),
    ...(back === null ? [] : [frameText(back)]),
    ...(total === null
      ? [`${counted(idsIn)} ids in, ${counted(idsOut)} out`]
      : [`${counted(idsIn + idsOut)} of ${counted(total)} ATXs`]),
    bytesText(bytesIn + bytesOut),
    `${bytesText(bytesPerSecond)}/s`,
    ...(intent === 'serve' && direction === 'outbound' ? [] : [`${counted(gained)} gained`]),
    ...(etaMs === null ? [] : [`${formatMs(etaMs)} left`]),
  ]
  return parts.join(', ')
}

function frameText(back: number): string {
  return back === 0 ? 'open timeframe' : `timeframe -${back}`
}

function bar(share: number): string {
  return `[${'#'.repeat(Math.min(BAR_CELLS, Math.floor(share * BAR_CELLS))).padEnd(BAR_CELLS, '.')}]`
}

/** What was done before a synchronisation began. */
export type Before = Pick<AtxStatusView['fetching'], 'done' | 'bytes'>

/** How far a synchronisation is: `[#####...] 1,200 of 4,000 ATXs, 6,000 ids, 1.0 MiB, 1.2 MiB/s, 4.0 s left, timeframe -1`. */
export function progressLine(
  { fetching, sessions }: Pick<AtxStatusView, 'fetching' | 'sessions'>,
  before: Before,
): string {
  const rateOfFetch = fetching.queued === 0 ? 0 : fetching.bytesPerSecond
  const etaMs = etaOf([
    ...(fetching.queued === 0 ? [] : [fetching.etaMs]),
    ...sessions.filter(hasEnd).map(({ etaMs }) => etaMs),
  ])
  const back = sessions.find((session) => session.back !== null)?.back ?? null
  const parts = [
    aimText(sessions, { queued: fetching.queued, done: Math.max(0, fetching.done - before.done) }),
    `${counted(sumOf(sessions, ({ idsIn, idsOut }) => idsIn + idsOut))} ids`,
    bytesText(fetching.bytes - before.bytes + sumOf(sessions, ({ bytesIn, bytesOut }) => bytesIn + bytesOut)),
    `${bytesText(rateOfFetch + sumOf(sessions, ({ bytesPerSecond }) => bytesPerSecond))}/s`,
    ...(etaMs === null ? [] : [`${formatMs(etaMs)} left`]),
    ...(back === null ? [] : [frameText(back)]),
  ]
  return parts.join(', ')
}

/** A bar of what moves now: ATXs in bulk, else those that are fetched, else the lists of a timeframe. */
function aimText(
  sessions: readonly AtxSessionView[],
  fetch: { readonly queued: number; readonly done: number },
): string {
  const serves = sessions.filter(({ total }) => total !== null)
  if (serves.length > 0)
    return atxsText(
      sumOf(serves, ({ idsIn, idsOut }) => idsIn + idsOut),
      sumOf(serves, ({ total }) => total ?? 0),
    )
  const listed = sumOf(sessions, ({ lists }) => lists?.total ?? 0)
  if (fetch.queued > 0 || (fetch.done > 0 && listed === 0)) return atxsText(fetch.done, fetch.done + fetch.queued)
  if (listed === 0) return 'comparing'
  return `${bar(sumOf(sessions, ({ lists }) => lists?.done ?? 0) / listed)} comparing`
}

function atxsText(done: number, total: number): string {
  return `${bar(total === 0 ? 1 : done / total)} ${counted(done)} of ${counted(total)} ATXs`
}

const hasEnd = ({ total, lists }: AtxSessionView): boolean => total !== null || lists !== null

/** When the last of them ends; null when there is none, or one that nobody can tell. */
function etaOf(etas: readonly (number | null)[]): number | null {
  const known = etas.filter((etaMs) => etaMs !== null)
  return known.length === 0 || known.length < etas.length ? null : Math.max(...known)
}

function sumOf(sessions: readonly AtxSessionView[], of: (session: AtxSessionView) => number): number {
  return sessions.reduce((all, session) => all + of(session), 0)
}

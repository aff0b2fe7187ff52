/** The shared set of ATXs in lines for people. */
import type {
  AtxFingerprintView,
  AtxPeerView,
  AtxSessionView,
  AtxStatusView,
  AtxView,
} from '../src/node/api/atx-port.ts'
import { formatMs } from './durations.ts'
import { pairLines, short, tableLines } from './output.ts'

const BAR_CELLS = 24
const counted = (value: number): string => Math.round(value).toLocaleString('en-US')
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** e.g. `1,204 ATXs, strong 3773c8fcd7..`. */
function fingerprintText({ count, xor, strong }: AtxFingerprintView): string {
  return `${counted(count)} ATXs, xor ${short(xor)}${strong === null ? '' : `, strong ${short(strong)}`}`
}

export function atxTable(atxs: readonly AtxView[]): string[] {
  return tableLines(
    ['seq', 'id', 'publisher', 'epoch', 'frame', 'bytes', 'received', 'by'],
    atxs.map(({ seq, id, publisherPeerId, publishEpoch, frame, bytes, receivedAt, source }) => [
      String(seq),
      id,
      `..${publisherPeerId.slice(-8)}`,
      String(publishEpoch),
      String(frame),
      String(bytes),
      receivedAt,
      source,
    ]),
  )
}

export function atxLines(atx: AtxView): string[] {
  return pairLines({
    id: atx.id,
    publisher: `${atx.publisherPeerId} (key ${short(atx.publisher)})`,
    epoch: String(atx.publishEpoch),
    previous: atx.previous ?? '-',
    positioning: atx.positioning ?? '-',
    ticks: `${atx.baseTickHeight} + ${atx.tickCount}`,
    received: `${atx.receivedAt} by ${atx.source}, timeframe ${atx.frame}, place ${atx.seq}`,
    size: `${counted(atx.bytes)} bytes`,
  })
}

export function atxStatusLines(status: AtxStatusView): string[] {
  const { frame, start, end, epoch, fingerprint, checkpoints, fetching } = status
  const { curr, old, all } = checkpoints
  const lines = pairLines({
    set: fingerprintText(fingerprint),
    timeframe: `${frame}, ${start} to ${end} (epoch ${epoch})`,
    c_curr: fingerprintText(curr),
    c_old: fingerprintText(old),
    c_all: fingerprintText(all),
    synced: syncedText(status),
    fetching: fetchingText(fetching),
  })
  return [
    ...lines,
    ...status.peers.map(peerLine),
    ...status.sessions.map(sessionLine),
    ...status.refused.map(({ peerId, until }) => `refused ${peerId} until ${until}`),
  ]
}

function syncedText({ synced, agreements: { have, need }, peers }: AtxStatusView): string {
  const few = peers.length < need ? '; with fewer neighbours, lower atxSyncedPeers in config.json' : ''
  return synced
    ? `yes: ${have} of ${need} peers agreed lately`
    : `not yet: ${have} of ${need} peers agreed lately${few}`
}

function fetchingText({ queued, done, failed, bytesPerSecond, etaMs }: AtxStatusView['fetching']): string {
  if (queued === 0) return failed === 0 ? 'nothing' : `nothing; ${counted(failed)} could not be had`
  const left = etaMs === null ? '' : `, ${formatMs(etaMs)} left`
  return `${counted(queued)} of ${counted(queued + done)}, ${mebibytes(bytesPerSecond)}/s${left}`
}

function peerLine({ peerId, outcome, reason, at, gained }: AtxPeerView): string {
  const why = reason === null ? '' : `: ${reason}`
  return `peer ${peerId} ${outcome} at ${at}${gained > 0 ? `, ${counted(gained)} gained` : ''}${why}`
}

function sessionLine({ peerId, intent, direction, phase, back, ...figures }: AtxSessionView): string {
  const { idsIn, idsOut, bytesIn, bytesOut, gained } = figures
  const where = back === null ? '' : ` (timeframe -${back})`
  const moved = `ids ${counted(idsIn)} in ${counted(idsOut)} out, ${mebibytes(bytesIn + bytesOut)}, ${counted(gained)} gained`
  return `${direction} ${intent} ${peerId} ${phase}${where}: ${moved}`
}

/** One line that shows how far a synchronisation is: `[#####...] 1,200 of 4,000 ATXs, ids .., 1.2 MiB/s, 4.0 s left`. */
export function progressLine({ fetching, sessions }: AtxStatusView, doneBefore: number): string {
  const done = Math.max(0, fetching.done - doneBefore)
  const total = done + fetching.queued
  const filled = total === 0 ? 0 : Math.floor((done / total) * BAR_CELLS)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}]`
  const ids = sessions.reduce((sum, { idsIn, idsOut }) => sum + idsIn + idsOut, 0)
  const back = sessions.find((session) => session.back !== null)?.back ?? null
  const parts = [
    `${bar} ${counted(done)} of ${counted(total)} ATXs`,
    `${counted(ids)} ids`,
    `${mebibytes(fetching.bytesPerSecond)}/s`,
    ...(fetching.etaMs === null ? [] : [`${formatMs(fetching.etaMs)} left`]),
    ...(back === null ? [] : [`timeframe -${back}`]),
  ]
  return parts.join(', ')
}

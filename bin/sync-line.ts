/** How catching up goes, in one line for people. */
import type { SnapshotProgressView, SyncStatus } from '../src/node/api/node-port.ts'
import { formatMs } from './durations.ts'

const counted = (value: number): string => Math.round(value).toLocaleString('en-US')
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
const percent = (part: number, whole: number): number => Math.floor((part / Math.max(1, whole)) * 100)

/**
 * e.g. `catching up 12,340 of 50,000 blocks (24%), 3,100 blocks/s, 12.0 s left, from 3 peers`, or, while a snapshot comes,
 * `fetching the snapshot of block 50,000: 30 of 120 chunks, 7.5 of 30.0 MiB (25%), 4.0 MiB/s, 5.6 s left, from 3 peers`.
 */
export function syncLine(sync: SyncStatus, height: number): string {
  const { state, bytesPerSecond, etaMs, peers, snapshot } = sync
  if (state === 'synced') return 'synced'
  if (state === 'searching') return 'searching for peers'
  const parts = [
    ...(snapshot === undefined ? blockParts(sync, height) : [snapshotPart(snapshot)]),
    ...(bytesPerSecond > 0 ? [`${mebibytes(bytesPerSecond)} MiB/s`] : []),
    ...(etaMs === null ? [] : [`${formatMs(etaMs)} left`]),
    ...(peers > 0 ? [`from ${peers} peer${peers === 1 ? '' : 's'}`] : []),
  ]
  return parts.join(', ')
}

function blockParts({ target, rate, lowestServed }: SyncStatus, height: number): string[] {
  const place = `${counted(height)} of ${counted(target)} blocks (${percent(height, target)}%)`
  const stuck = `no peer has block ${counted(height + 1)} any more, the lowest is ${counted(lowestServed ?? 0)}`
  return [`catching up ${place}`, lowestServed === undefined ? `${counted(rate)} blocks/s` : stuck]
}

function snapshotPart({ height, chunks, storedChunks, bytes, storedBytes }: SnapshotProgressView): string {
  const size = `${mebibytes(storedBytes)} of ${mebibytes(bytes)} MiB (${percent(storedBytes, bytes)}%)`
  return `fetching the snapshot of block ${counted(height)}: ${counted(storedChunks)} of ${counted(chunks)} chunks, ${size}`
}

/** How catching up goes, in one line for people. */
import type { SyncStatus } from '../src/node/api/node-port.ts'
import { formatMs } from './durations.ts'

const counted = (value: number): string => Math.round(value).toLocaleString('en-US')

/** e.g. `catching up 12,340 of 50,000 blocks (24%), 3,100 blocks/s, 12.0 s left, from 3 peers`. */
export function syncLine(sync: SyncStatus, height: number): string {
  const { state, target, rate, bytesPerSecond, etaMs, peers, phase } = sync
  if (state === 'synced') return 'synced'
  if (state === 'searching') return 'searching for peers'
  const percent = Math.floor((height / Math.max(1, target)) * 100)
  const parts = [
    `catching up ${counted(height)} of ${counted(target)} blocks (${percent}%)${phase === 'snapshot' ? ' from a snapshot' : ''}`,
    `${counted(rate)} blocks/s`,
    ...(bytesPerSecond > 0 ? [`${(bytesPerSecond / 2 ** 20).toFixed(1)} MiB/s`] : []),
    ...(etaMs === null ? [] : [`${formatMs(etaMs)} left`]),
    ...(peers > 0 ? [`from ${peers} peer${peers === 1 ? '' : 's'}`] : []),
  ]
  return parts.join(', ')
}

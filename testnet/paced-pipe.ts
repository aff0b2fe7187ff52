/** Carries bytes from one socket to another as a link of some delay and rate does: in packets, through a small buffer. */
import type { Socket } from 'node:net'
import { systemClock } from '../src/machine/clock.ts'
import type { LinkQuality } from './links.ts'

/** Bytes under way in one direction of a link without a rate before the sender is held back. */
const MAX_UNDER_WAY = 4 * 1_024 * 1_024
/** What a throttled link buffers besides what travels: as much as it carries in this time, at least {@link MIN_BUFFER}. */
const BUFFER_MS = 50
const MIN_BUFFER = 16_384
/** A packet takes this long on a throttled link, so that short messages do not wait for long pieces of others. */
const PACKET_MS = 2
const MIN_PACKET = 1_500

type Packet = { readonly bytes: Buffer; readonly dueAt: number }

/** Starts carrying; each packet is paced by the link as it is when it arrives, and none overtakes another. */
export function pacedPipe(from: Socket, to: Socket, quality: () => LinkQuality): void {
  let queue: Packet[] = []
  let underWay = 0
  let freeAt = 0
  let timer: NodeJS.Timeout | undefined
  let full = false

  const hold = (): void => {
    if (full || to.writableNeedDrain) from.pause()
    else from.resume()
  }
  const write = (bytes: Buffer): void => {
    if (!to.destroyed && !to.write(bytes)) hold()
  }
  const deliver = (): void => {
    timer = undefined
    const now = systemClock.now()
    const count = queue.findIndex(({ dueAt }) => dueAt > now)
    const due = queue.splice(0, count < 0 ? queue.length : count)
    for (const { bytes } of due) {
      underWay -= bytes.length
      write(bytes)
    }
    full = underWay >= bufferBytes(quality())
    hold()
    arm(now)
  }
  const arm = (now: number): void => {
    const [next] = queue
    if (next !== undefined) timer ??= setTimeout(deliver, next.dueAt - now)
  }
  to.on('drain', hold)
  from.on('close', () => {
    // What the link has taken still arrives, unless the other side is gone too.
    if (!to.destroyed) return
    clearTimeout(timer)
    queue = []
  })
  from.on('data', (chunk: Buffer) => {
    const link = quality()
    const now = systemClock.now()
    if (queue.length === 0 && link.bytesPerSecond === 0 && link.delayMs === 0) return write(chunk)
    for (const bytes of packets(chunk, link)) {
      freeAt = Math.max(now, freeAt) + (link.bytesPerSecond > 0 ? (bytes.length * 1_000) / link.bytesPerSecond : 0)
      queue.push({ bytes, dueAt: freeAt + link.delayMs })
    }
    underWay += chunk.length
    full = underWay >= bufferBytes(link)
    hold()
    arm(now)
  })
}

function packets(chunk: Buffer, { bytesPerSecond }: LinkQuality): Buffer[] {
  if (bytesPerSecond === 0) return [chunk]
  const size = Math.max(MIN_PACKET, Math.floor((bytesPerSecond * PACKET_MS) / 1_000))
  return Array.from({ length: Math.ceil(chunk.length / size) }, (_, i) => chunk.subarray(i * size, (i + 1) * size))
}

function bufferBytes({ bytesPerSecond, delayMs }: LinkQuality): number {
  if (bytesPerSecond === 0) return MAX_UNDER_WAY
  return Math.max(MIN_BUFFER, (bytesPerSecond * (BUFFER_MS + delayMs)) / 1_000)
}

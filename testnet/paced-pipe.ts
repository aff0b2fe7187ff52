/** Carries bytes from one socket to another with the delay and the rate of a link. */
import type { Socket } from 'node:net'
import { systemClock } from '../src/machine/clock.ts'
import type { Links } from './links.ts'

/** Bytes under way in one direction before the sender is held back. */
const MAX_UNDER_WAY = 4 * 1_024 * 1_024

/** Starts carrying; each chunk is paced by the links as they are when it arrives, and none overtakes another. */
export function pacedPipe(from: Socket, to: Socket, links: () => Links): void {
  const queue: Buffer[] = []
  let underWay = 0
  let freeAt = 0
  const write = (chunk: Buffer): void => {
    if (to.destroyed || to.write(chunk)) return
    from.pause()
    to.once('drain', () => from.resume())
  }
  const deliverNext = (): void => {
    const chunk = queue.shift() ?? Buffer.alloc(0)
    const wasFull = underWay >= MAX_UNDER_WAY
    underWay -= chunk.length
    if (wasFull && underWay < MAX_UNDER_WAY) from.resume()
    write(chunk)
  }
  from.on('data', (chunk: Buffer) => {
    const { delayMs, bytesPerSecond } = links()
    const now = systemClock.now()
    freeAt = Math.max(now, freeAt) + (bytesPerSecond > 0 ? (chunk.length * 1_000) / bytesPerSecond : 0)
    const waitMs = freeAt - now + delayMs
    if (waitMs <= 0 && queue.length === 0) return write(chunk)
    queue.push(chunk)
    underWay += chunk.length
    if (underWay >= MAX_UNDER_WAY) from.pause()
    setTimeout(deliverNext, waitMs)
  })
}

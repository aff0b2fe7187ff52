/** Follows a synchronisation of the shared set until it is done: a progress bar on a terminal, lines otherwise. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import type { AtxStatusView } from '../src/node/api/atx-port.ts'
import { progressLine } from './atx-lines.ts'
import { CliError } from './errors.ts'
import { note } from './output.ts'

const POLL_MS = 200
/** Without a terminal a line is printed this often (S14). */
const LINE_EVERY_MS = 5_000

export type SyncResult = {
  readonly peers: readonly { readonly peerId: string; readonly outcome: string; readonly reason: string | null }[]
  readonly gained: number
  readonly count: number
  readonly fingerprint: AtxStatusView['fingerprint']
  readonly synced: boolean
}

/** Begins it and waits. Throws `not-ready` when it is not done in time: it goes on in the node. */
export async function syncAndFollow(
  client: PalaverClient,
  { peer, timeoutMs }: { readonly peer: string | undefined; readonly timeoutMs: number },
): Promise<SyncResult> {
  const before = await client.atxStatus()
  const { peers } = await client.syncAtxs(peer)
  const show = createProgress(before.fetching.done)
  let status = await client.atxStatus()
  for (let waitedMs = 0; !isDone(status, peers); waitedMs += POLL_MS) {
    if (waitedMs >= timeoutMs) {
      show.end()
      throw new CliError('not-ready', `not in step after ${timeoutMs / 1_000} s; the node goes on with it`, {
        hint: 'look again with: palaver atx status',
      })
    }
    show.update(status)
    await delay(POLL_MS)
    status = await client.atxStatus()
  }
  show.end()
  const asked = status.peers.filter(({ peerId }) => peers.includes(peerId))
  return {
    peers: asked.map(({ peerId, outcome, reason }) => ({ peerId, outcome, reason })),
    gained: status.count - before.count,
    count: status.count,
    fingerprint: status.fingerprint,
    synced: status.synced,
  }
}

function isDone({ sessions, fetching }: AtxStatusView, peers: readonly string[]): boolean {
  const isOpen = sessions.some(({ peerId, intent }) => intent !== 'fetch' && peers.includes(peerId))
  return !isOpen && fetching.queued === 0
}

function createProgress(doneBefore: number) {
  let shownAt = 0
  const { isTTY } = process.stderr
  let isDrawn = false
  return {
    update(status: AtxStatusView): void {
      const line = progressLine(status, doneBefore)
      if (isTTY) {
        process.stderr.write(`\r\x1b[K${line}`)
        isDrawn = true
      } else if (shownAt++ % (LINE_EVERY_MS / POLL_MS) === 0) note(line)
    },
    end(): void {
      if (isDrawn) process.stderr.write('\r\x1b[K')
    },
  }
}

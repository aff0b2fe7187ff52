/** Follows a synchronisation of the shared set until it is done: a progress bar on a terminal, lines otherwise. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import type { AtxPeerView, AtxStatusView } from '../src/node/api/atx-port.ts'
import { type Before, progressLine } from './atx-lines.ts'
import { CliError } from './errors.ts'
import { note } from './output.ts'

const POLL_MS = 200
/** Without a terminal a line is printed this often (S14). */
const LINE_EVERY_MS = 5_000
/** A peer with whom no session is seen to begin by then has gone. */
const OPEN_MS = 15_000

export type SyncResult = {
  /** With what each of them brought meanwhile. */
  readonly peers: readonly Pick<AtxPeerView, 'peerId' | 'outcome' | 'reason' | 'retryAt' | 'gained'>[]
  /** What sessions and serves brought meanwhile, of the peer alone if one was named; gossip does not count. */
  readonly gained: number
  readonly count: number
  readonly fingerprint: AtxStatusView['fingerprint']
  readonly synced: boolean
  readonly agreements: AtxStatusView['agreements']
}

/** Begins it and waits. Throws `not-ready` when it is not done in time: it goes on in the node. */
export async function syncAndFollow(
  client: PalaverClient,
  { peer, timeoutMs }: { readonly peer: string | undefined; readonly timeoutMs: number },
): Promise<SyncResult> {
  const before = await client.atxStatus()
  const { peers } = await client.syncAtxs(peer)
  const show = createProgress(before.fetching)
  let status = await client.atxStatus()
  for (let waitedMs = 0; !isDone({ before, status, peers, waitedMs }); waitedMs += POLL_MS) {
    if (waitedMs >= timeoutMs) {
      show.end()
      throw new CliError('not-ready', `not in step after ${timeoutMs / 1_000} s; the node goes on with it`, {
        hint: 'look again with: palaver atx status',
      })
    }
    show.update({ ...status, sessions: status.sessions.filter(({ peerId }) => peers.includes(peerId)) })
    await delay(POLL_MS)
    status = await client.atxStatus()
  }
  show.end()
  const asked = status.peers
    .filter(({ peerId }) => peers.includes(peerId))
    .map(({ peerId, outcome, reason, retryAt }) => ({
      peerId,
      outcome,
      reason,
      retryAt,
      gained: gainOf(peerId, before, status),
    }))
  return {
    peers: asked,
    gained: peer === undefined ? status.gained - before.gained : gainOf(peer, before, status),
    count: status.count,
    fingerprint: status.fingerprint,
    synced: status.synced,
    agreements: status.agreements,
  }
}

/** A peer that was away meanwhile is counted from its return on. */
function gainOf(peer: string, before: AtxStatusView, after: AtxStatusView): number {
  const totalIn = ({ peers }: AtxStatusView): number => peers.find(({ peerId }) => peerId === peer)?.gainedTotal ?? 0
  const [then, now] = [totalIn(before), totalIn(after)]
  return now >= then ? now - then : now
}

type Look = {
  readonly before: AtxStatusView
  readonly status: AtxStatusView
  readonly peers: readonly string[]
  readonly waitedMs: number
}

/** A session is not seen while its stream is opened: it is over when the peer's last one is another than before. */
function isDone({ before, status, peers, waitedMs }: Look): boolean {
  const { sessions, fetching } = status
  const isOpen = sessions.some(({ peerId, intent }) => intent !== 'fetch' && peers.includes(peerId))
  const isOver = (peer: string): boolean => lastAt(status, peer) !== lastAt(before, peer) || waitedMs >= OPEN_MS
  return !isOpen && fetching.queued === 0 && peers.every(isOver)
}

function lastAt({ peers }: AtxStatusView, peer: string): string | undefined {
  return peers.find(({ peerId }) => peerId === peer)?.at
}

function createProgress(before: Before) {
  let looks = 0
  const { isTTY } = process.stderr
  let isDrawn = false
  return {
    update(status: AtxStatusView): void {
      const line = progressLine(status, before)
      if (isTTY) {
        process.stderr.write(`\r\x1b[K${line.slice(0, Math.max(1, (process.stderr.columns ?? 80) - 1))}`)
        isDrawn = true
      } else if (looks++ % (LINE_EVERY_MS / POLL_MS) === 0) note(line)
    },
    end(): void {
      if (isDrawn) process.stderr.write('\r\x1b[K')
    },
  }
}

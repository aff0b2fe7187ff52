/**
 * Fetches the missing chunks of a snapshot from several peers at once (P17.6). A peer that gives a wrong chunk is penalised,
 * one that gives none is not; neither is asked again.
 */
import type { PeerId } from '../domain.ts'
import type { SnapshotTarget } from '../ledger/snapshot.ts'

/** Requests that wait for one peer at once. */
const REQUESTS_PER_PEER = 2

export type ChunkFetch = {
  readonly target: Pick<SnapshotTarget, 'put'>
  /** What `SnapshotTarget.begin` said is missing. */
  readonly missing: readonly number[]
  /** Peers that serve the very manifest. */
  readonly peers: readonly PeerId[]
  /** Resolves with null when the peer has no such chunk, or does not answer in time. */
  readonly ask: (peer: PeerId, index: number) => Promise<Uint8Array | null>
  readonly penalise: (peer: PeerId, reason: string) => void
}

/** Resolves with the chunks that no peer gave: none of them when the snapshot is complete. */
export async function fetchChunks(fetch: ChunkFetch): Promise<readonly number[]> {
  const waiting = new Set(fetch.missing)
  const failed = new Set<PeerId>()

  async function take(peer: PeerId, index: number): Promise<void> {
    const bytes = await fetch.ask(peer, index)
    const outcome = bytes === null ? null : await fetch.target.put(index, bytes)
    if (outcome?.ok) return
    waiting.add(index)
    if (outcome !== null && !failed.has(peer)) fetch.penalise(peer, `chunk ${index} of a snapshot: ${outcome.reason}`)
    failed.add(peer)
  }

  async function drain(peer: PeerId): Promise<void> {
    for (const index of waiting) {
      if (failed.has(peer)) return
      waiting.delete(index)
      await take(peer, index)
    }
  }

  // A chunk comes back when its peer fails, perhaps after the others were done: they are asked again.
  for (
    let peers = fetch.peers;
    waiting.size > 0 && peers.length > 0;
    peers = peers.filter((peer) => !failed.has(peer))
  ) {
    await Promise.all(peers.flatMap((peer) => Array.from({ length: REQUESTS_PER_PEER }, () => drain(peer))))
  }
  return [...waiting].sort((a, b) => a - b)
}

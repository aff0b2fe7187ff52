/**
 * Serves the ledger's latest snapshot to newcomers (P17.6): its manifest, and its chunks one by one. The block that commits
 * to the state root is proven over the proof channel.
 */
import type { PeerId } from '../domain.ts'
import { encodeManifest, type SnapshotSource } from '../ledger/snapshot.ts'
import { CHANNELS } from '../protocols/catalogue.ts'
import type { Network } from '../protocols/network.ts'
import { encodeSnapshotReply, parseSnapshotTalk, type SnapshotAsk } from './snapshot-messages.ts'

const NONE = new Uint8Array(0)

export type SnapshotServerOptions = {
  readonly network: Network
  readonly snapshots: () => SnapshotSource
}

/** Registers the channel on `network`, which must not have started. */
export function serveSnapshots({ network, snapshots }: SnapshotServerOptions): void {
  const channel = network.channel(CHANNELS.snapshot, receive)

  async function receive(from: PeerId, message: Uint8Array): Promise<void> {
    const talk = parseSnapshotTalk(message)
    if (talk === null) return network.penalise(from, 'malformed', 'not a message of the snapshot channel')
    if (talk.type === 'answer') return network.penalise(from, 'invalid', 'a snapshot that nobody asked for')
    const content = (await read(talk.request)) ?? NONE
    channel.send(from, encodeSnapshotReply({ requestId: talk.request.requestId, content }))
  }

  async function read({ height, index }: SnapshotAsk): Promise<Uint8Array | null> {
    if (height > 0) return snapshots().chunk(height, index)
    const manifest = await snapshots().manifest()
    return manifest === null ? null : encodeManifest(manifest)
  }
}

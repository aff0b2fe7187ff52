/** Keeps libp2p's book of peers bounded: peers of peers learned through the DHT would otherwise pile up (DESIGN.md 10). */
import type { PeerStore } from '@libp2p/interface'
import type { PeerId } from '../domain.ts'

/** Peers remembered besides the wanted and connected ones. */
export const MAX_REMEMBERED_PEERS = 1_024
export const TRIM_INTERVAL_MS = 20_000

/** Forgets peers above `max`, those that answered longest ago or never first. Resolves with how many were forgotten. */
export async function trimPeerBook(
  store: Pick<PeerStore, 'all' | 'delete'>,
  { isWanted, max = MAX_REMEMBERED_PEERS }: { readonly isWanted: (peer: PeerId) => boolean; readonly max?: number },
): Promise<number> {
  const others = (await store.all()).filter(({ id }) => !isWanted(id.toString()))
  const excess = others.length - max
  if (excess <= 0) return 0
  const lastSuccess = (peer: (typeof others)[number]): number => {
    const bytes = peer.metadata.get('last-dial-success')
    return bytes === undefined ? 0 : Number(Buffer.from(bytes).toString()) || 0
  }
  others.sort((a, b) => lastSuccess(a) - lastSuccess(b))
  for (const { id } of others.slice(0, excess)) await store.delete(id)
  return excess
}

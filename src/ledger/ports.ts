/** What the ledger needs from the node: the way to the leader, and gossip when there is no direct one. */
import type { PeerId, PenaltyClass } from '../domain.ts'

export interface TxTransport {
  /** Who leads now, as far as this node knows; 'self' when this node does. */
  leader(): PeerId | 'self' | null
  /** Queues one message on the direct channel to `peer`; false when it could not be queued. */
  send(peer: PeerId, message: Uint8Array): boolean
  /** Gossips one message; resolves to the number of peers it was sent to. */
  publish(message: Uint8Array): Promise<number>
  /** Counts a peer's bad message. */
  penalise(peer: PeerId, penalty: PenaltyClass, reason: string): void
}

/** Operating errors of the network, each with a sentence that says what to type next. */
import { PalaverError } from '../errors.ts'

export type NetworkErrorCode =
  | 'bad-multiaddr'
  | 'missing-peer-id'
  | 'bad-peer-id'
  | 'not-libp2p'
  | 'wrong-peer-id'
  | 'connection-refused'
  | 'connection-closed'
  | 'unreachable'
  | 'dial-timeout'
  | 'other-network'
  | 'handshake-failed'
  | 'bad-proof'
  | 'banned'
  | 'self-dial'
  | 'not-connected'
  | 'not-started'
  | 'listen-failed'
  | 'bad-frame'
  | 'stalled'
  | 'timeout'
  | 'too-many-streams'
  | 'unsupported'
  | 'stopped'

/** Something between this node and a peer went wrong; `code` names what. */
export class NetworkError extends PalaverError<NetworkErrorCode> {}

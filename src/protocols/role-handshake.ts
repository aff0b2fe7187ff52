/** The role handshake on a stream (P19.3): Hello, Hello, the dialer's proof, then the listener's. */
import { randomBytes } from 'node:crypto'
import type { Signer } from '../crypto/keys.ts'
import type { Hash, PeerId, Role } from '../domain.ts'
import { ROLE_HANDSHAKE } from './catalogue.ts'
import { createFrameStream, type ExchangeStream } from './frame-stream.ts'
import {
  createProof,
  type Direction,
  encodeHello,
  type HandshakeView,
  type MemberKey,
  NONCE_BYTES,
  parseHello,
  verifyProof,
} from './role-proof.ts'

/** What this node brings to every handshake. */
export type HandshakeIdentity = {
  readonly chainId: Hash
  readonly self: PeerId
  readonly signer: Signer
  readonly ownRoles: () => readonly Role[]
  readonly memberKey: MemberKey
}

export type Exchange = {
  readonly identity: HandshakeIdentity
  readonly stream: ExchangeStream
  /** Whom Noise authenticated at the other end. */
  readonly remote: PeerId
  readonly direction: Direction
  /** Ends the exchange. */
  readonly signal: AbortSignal
}

/** Runs one side and resolves with the roles the remote has proven. Rejects with `NetworkError`; the stream is then aborted. */
export async function shakeHands(exchange: Exchange): Promise<Role[]> {
  const { stream } = exchange
  try {
    const roles = await (exchange.direction === 'D' ? dial(exchange) : listen(exchange))
    await stream.close({ signal: exchange.signal })
    return roles
  } catch (error) {
    // What is already written, above all a Hello that tells the peer why, leaves before the stream ends.
    await stream.close({ signal: exchange.signal }).catch(() => undefined)
    throw error
  }
}

async function dial({ identity, stream, remote, signal }: Exchange): Promise<Role[]> {
  const frames = createFrameStream(stream, ROLE_HANDSHAKE.maxMessageBytes, signal)
  const nonceSelf = randomBytes(NONCE_BYTES)
  frames.write(encodeHello(identity.chainId, nonceSelf))
  const nonceRemote = parseHello(await frames.read(), identity.chainId)
  const view = viewOf(identity, { direction: 'D', remote, nonceSelf, nonceRemote })
  frames.write(createProof(view, identity.ownRoles(), identity.signer))
  return verifyProof(await frames.read(), view, identity.memberKey)
}

async function listen({ identity, stream, remote, signal }: Exchange): Promise<Role[]> {
  const frames = createFrameStream(stream, ROLE_HANDSHAKE.maxMessageBytes, signal)
  const nonceSelf = randomBytes(NONCE_BYTES)
  const hello = await frames.read()
  // Answered before it is judged, so that a dialer of another network learns why it is turned away.
  frames.write(encodeHello(identity.chainId, nonceSelf))
  const nonceRemote = parseHello(hello, identity.chainId)
  const view = viewOf(identity, { direction: 'L', remote, nonceSelf, nonceRemote })
  const roles = await verifyProof(await frames.read(), view, identity.memberKey)
  frames.write(createProof(view, identity.ownRoles(), identity.signer))
  return roles
}

function viewOf(
  identity: HandshakeIdentity,
  rest: Pick<HandshakeView, 'direction' | 'remote' | 'nonceSelf' | 'nonceRemote'>,
): HandshakeView {
  return { chainId: identity.chainId, self: identity.self, ...rest }
}

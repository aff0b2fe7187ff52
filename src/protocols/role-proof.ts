/**
 * What two peers prove to each other about their places in a committee (P19.3), without any stream: both sides' claims
 * are bound to the two authenticated peer ids, the chain, a direction and two fresh nonces.
 */
import type { Signer } from '../crypto/keys.ts'
import { verifySignature } from '../crypto/keys.ts'
import type { Hash, PeerId, PublicKeyHex, Role, RoleName } from '../domain.ts'
import { ROLE_HANDSHAKE } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import { Hello, Proof, RoleClaim, type SignedClaim } from './wire/role.gen.ts'

/** What a role claim is signed under. */
export const ROLE_TAG = 'palaver/role/1'
export const HANDSHAKE_VERSION = 1
/** Bytes of a nonce: 32 random ones, used once. */
export const NONCE_BYTES = 32
const CHAIN_ID_BYTES = 32

/** The side of a connection: who dialled ('D') and who listened ('L'). */
export type Direction = 'D' | 'L'

/** One side's view of the exchange: itself, and whom it authenticated at the other end. */
export type HandshakeView = {
  readonly chainId: Hash
  /** This side's direction. */
  readonly direction: Direction
  readonly self: PeerId
  readonly remote: PeerId
  readonly nonceSelf: Uint8Array
  readonly nonceRemote: Uint8Array
}

/**
 * The public key at a place of a committee, or null when there is no such place. A session that this node has not reached,
 * or has forgotten, is `unknown-session`: it cannot judge claims about it.
 */
export type MemberKey = (role: RoleName, session: number, index: number) => PublicKeyHex | 'unknown-session' | null

/** Encodes this side's greeting. */
export function encodeHello(chainId: Hash, nonce: Uint8Array): Uint8Array {
  return Hello.encode({ version: HANDSHAKE_VERSION, chainId: Buffer.from(chainId, 'hex'), nonce })
}

/** The remote's nonce. Throws `NetworkError`: 'other-network' for another chain or version, 'bad-proof' for nonsense. */
export function parseHello(bytes: Uint8Array, chainId: Hash): Uint8Array {
  const hello = decode(() => Hello.decode(bytes))
  if (hello.version !== HANDSHAKE_VERSION) {
    const versions = `version ${hello.version} of the role handshake, this node ${HANDSHAKE_VERSION}`
    throw new NetworkError('other-network', `the peer speaks ${versions}: bring both nodes to the same release`)
  }
  if (hello.chainId.byteLength !== CHAIN_ID_BYTES || hello.nonce.byteLength !== NONCE_BYTES)
    throw badProof('a malformed greeting')
  const theirs = Buffer.from(hello.chainId).toString('hex')
  if (theirs !== chainId) {
    const ids = `its chain id is ${theirs.slice(0, 12)}..., this node's is ${chainId.slice(0, 12)}...`
    throw new NetworkError(
      'other-network',
      `the peer belongs to another network (${ids}): compare both genesis.json files`,
    )
  }
  return hello.nonce
}

/** Encodes and signs this side's claims, at most the protocol's number. */
export function createProof(view: HandshakeView, roles: readonly Role[], signer: Signer): Uint8Array {
  const claims = roles.slice(0, ROLE_HANDSHAKE.maxClaims).map((role): SignedClaim => {
    const { chainId, direction, self, remote, nonceSelf, nonceRemote } = view
    const payload = RoleClaim.encode({ ...role, direction, peerSelf: self, peerRemote: remote, nonceSelf, nonceRemote })
    const signature = signer.sign({ tag: ROLE_TAG, chainId, payload })
    return { payload, signer: Buffer.from(signer.publicKey, 'hex'), signature }
  })
  return Proof.encode({ claims, version: HANDSHAKE_VERSION })
}

/**
 * The roles the remote has proven; none for a full node. A claim about an unknown session is passed over: who is ahead of
 * this node does no wrong. One wrong claim spoils all: throws `NetworkError` 'bad-proof' saying which check failed (P19.4).
 */
export async function verifyProof(bytes: Uint8Array, view: HandshakeView, memberKey: MemberKey): Promise<Role[]> {
  const { claims } = decode(() => Proof.decode(bytes))
  if (claims.length > ROLE_HANDSHAKE.maxClaims) throw badProof('too many claims')
  const roles: Role[] = []
  for (const claim of claims) {
    const role = await verifyClaim(claim, view, memberKey)
    if (role === null) continue
    if (roles.some((known) => sameRole(known, role))) throw badProof('the same claim twice')
    roles.push(role)
  }
  return roles
}

/** Whether two roles name the same place. */
export function sameRole(a: Role, b: Role): boolean {
  return a.role === b.role && a.session === b.session && a.index === b.index
}

/** The claimed role; null when this node does not know its session. */
async function verifyClaim(claim: SignedClaim, view: HandshakeView, memberKey: MemberKey): Promise<Role | null> {
  const stated = decode(() => RoleClaim.decode(claim.payload))
  const { role, session, index } = stated
  if (role !== 'proposer' && role !== 'voter') throw badProof('an unknown role')
  if (stated.direction !== (view.direction === 'D' ? 'L' : 'D')) throw badProof('the wrong direction')
  if (stated.peerSelf !== view.remote) throw badProof('another prover than the peer of this connection')
  if (stated.peerRemote !== view.self) throw badProof('another verifier than this node')
  if (!equal(stated.nonceRemote, view.nonceSelf)) throw badProof('a nonce that this node did not just send')
  if (!equal(stated.nonceSelf, view.nonceRemote)) throw badProof('another nonce than the peer greeted with')
  const publicKey = Buffer.from(claim.signer).toString('hex')
  const holder = memberKey(role, session, index)
  if (holder === 'unknown-session') return null
  if (holder !== publicKey) throw badProof(`a key that is not ${role} ${index} of session ${session}`)
  const statement = { tag: ROLE_TAG, chainId: view.chainId, payload: claim.payload }
  if (!(await verifySignature({ publicKey, statement, signature: claim.signature })))
    throw badProof('a wrong signature')
  return { role, session, index }
}

function decode<T>(parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new NetworkError('bad-proof', 'the role handshake holds malformed bytes', { cause })
  }
}

function badProof(what: string): NetworkError {
  return new NetworkError('bad-proof', `the peer's role proof was refused: ${what}`)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

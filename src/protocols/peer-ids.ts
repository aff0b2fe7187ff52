/** Peer ids and public keys are two spellings of one Ed25519 key; this file translates. */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import type { PeerId, PublicKeyHex } from '../domain.ts'

/** The base58 peer id of a raw Ed25519 public key. */
export function peerIdFromPublicKeyHex(publicKey: PublicKeyHex): PeerId {
  return peerIdFromPublicKey(publicKeyFromRaw(Buffer.from(publicKey, 'hex'))).toString()
}

/** The raw Ed25519 public key inside a peer id; null for ids of other key types or text that is no peer id. */
export function publicKeyHexFromPeerId(peer: PeerId): PublicKeyHex | null {
  try {
    const id = peerIdFromString(peer)
    return id.type === 'Ed25519' ? Buffer.from(id.publicKey.raw).toString('hex') : null
  } catch {
    return null
  }
}

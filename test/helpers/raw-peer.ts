/** A bare libp2p peer that obeys no rule of ours: it opens any protocol and sends any bytes. */
import { noise } from '@chainsafe/libp2p-noise'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Connection, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { afterEach } from 'vitest'
import { createSigner } from '../../src/crypto/keys.ts'
import type { PeerId } from '../../src/domain.ts'
import { ROLE_HANDSHAKE } from '../../src/protocols/catalogue.ts'
import { type HandshakeIdentity, shakeHands } from '../../src/protocols/role-handshake.ts'
import { CHAIN_ID, rolesOf, seedOf } from './networks.ts'

const peers: Libp2p[] = []

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.stop()))
})

/** A started peer with the key of `name`. */
export async function startRawPeer(name: string): Promise<Libp2p> {
  const peer = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', seedOf(name)),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  peers.push(peer)
  return peer
}

export const dialRaw = (peer: Libp2p, address: string): Promise<Connection> => peer.dial(multiaddr(address))

export type HandshakeChanges = Partial<HandshakeIdentity> & { readonly remote?: PeerId }

/** Runs the dialer's side of the role handshake as member `index` of the test committee, with some of it changed. */
export async function shakeAs(
  name: string,
  connection: Connection,
  index: number,
  changes: HandshakeChanges = {},
): Promise<void> {
  const { remote = connection.remotePeer.toString(), ...identity } = changes
  const stream = await connection.newStream(ROLE_HANDSHAKE.protocol)
  await shakeHands({
    identity: {
      chainId: CHAIN_ID,
      self: identity.self ?? '',
      signer: createSigner(seedOf(name)),
      ownRoles: () => rolesOf(index),
      memberKey: () => null,
      ...identity,
    },
    stream,
    remote,
    direction: 'D',
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined)
}

/** Sends `data` as it is. */
export async function sendRaw(connection: Connection, protocol: string, data: Uint8Array): Promise<Stream> {
  const stream = await connection.newStream(protocol)
  stream.send(data)
  return stream
}

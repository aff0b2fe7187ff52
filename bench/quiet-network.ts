/** The network of a node without roles on loopback that finds nobody by itself and logs nothing. */

import { createSigner } from '../src/crypto/keys.ts'
import type { Hash } from '../src/domain.ts'
import { systemClock } from '../src/machine/clock.ts'
import { createPalaverNetwork, type PalaverNetwork } from '../src/node/libp2p.ts'

const ignore = (): void => undefined

/** `seed`: 32 bytes of the node's key. */
export function createQuietNetwork(seed: Uint8Array, chainId: Hash): PalaverNetwork {
  return createPalaverNetwork({
    seed,
    network: 'bench',
    chainId,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrap: [],
    mdns: false,
    dht: 'client',
    ownRoles: () => [],
    memberKey: () => null,
    seatsOf: () => [],
    isAhead: () => false,
    committee: () => [],
    signer: createSigner(seed),
    datastorePath: null,
    clock: systemClock,
    logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
  })
}

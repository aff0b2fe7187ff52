/** A network under a key made for this run, which asks and serves nothing: for light clients, and for nodes that have no chain yet. */
import { randomBytes } from 'node:crypto'
import { createSigner } from '../crypto/keys.ts'
import { systemClock } from '../machine/clock.ts'
import { createPalaverNetwork, type PalaverNetwork } from './libp2p.ts'
import type { NetworkOptions } from './network-parts.ts'

const KEY_BYTES = 32

export type StrangerOptions = Pick<NetworkOptions, 'network' | 'chainId' | 'logger'> &
  Partial<Pick<NetworkOptions, 'bootstrap' | 'mdns'>>

/** A network at rest. It trusts proofs, not roles, and so judges no claim. */
export function createStrangerNetwork({ bootstrap = [], mdns = false, ...options }: StrangerOptions): PalaverNetwork {
  const seed = randomBytes(KEY_BYTES)
  return createPalaverNetwork({
    ...options,
    seed,
    listen: [],
    bootstrap,
    mdns,
    dht: 'client',
    ownRoles: () => [],
    memberKey: () => 'unknown-session',
    seatsOf: () => [],
    isAhead: () => true,
    committee: () => [],
    signer: createSigner(seed),
    datastorePath: null,
    clock: systemClock,
  })
}

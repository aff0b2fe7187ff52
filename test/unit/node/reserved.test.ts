/** Committee members get connections when everybody else has taken the rest (P18.7). */
import type { Connection } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { expect, it, onTestFinished } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import { MAX_CONNECTIONS } from '../../../src/node/libp2p-options.ts'
import { createLog } from '../../../src/node/log.ts'
import { createParts, gossipOptions, RESERVED_CONNECTIONS, setupOf } from '../../../src/node/network-parts.ts'
import { CHAIN_ID, peerIdOf, seedOf } from '../../helpers/networks.ts'

const [MEMBER, STRANGER] = [peerIdOf('member'), peerIdOf('stranger')]

function createScene() {
  const parts = createParts(
    {
      ...{ seed: seedOf('self'), network: 'test', chainId: CHAIN_ID, listen: [], bootstrap: [], mdns: false },
      ...{ dht: 'client', datastorePath: null, signer: createSigner(seedOf('self')), clock: { now: () => 1 } },
      ...{ ownRoles: () => [], memberKey: () => null, seatsOf: () => [], isAhead: () => false, committee: () => [] },
      logger: createLog('fatal').forModule('net'),
    },
    async () => undefined,
  )
  const live = { gossip: gossipOptions(parts), datastore: null, isMember: (peer: string) => peer === MEMBER }
  const { connectionGater } = setupOf(parts, live)
  const isDenied = (peer: string): unknown =>
    connectionGater?.denyInboundEncryptedConnection?.(peerIdFromString(peer), undefined as never)
  return { parts, isDenied }
}

it('P18.7 half of the connections are kept for members of the committee', () => {
  const { parts, isDenied } = createScene()
  const open = Array.from({ length: MAX_CONNECTIONS - RESERVED_CONNECTIONS }, (_, at) => {
    const connection = { id: String(at), remotePeer: peerIdFromString(STRANGER), direction: 'inbound', status: 'open' }
    return connection as unknown as Connection
  })
  onTestFinished(() => open.forEach(parts.peers.closed))
  for (const connection of open.slice(1)) parts.peers.opened(connection)
  expect([isDenied(STRANGER), isDenied(MEMBER)]).toEqual([false, false])
  for (const connection of open) parts.peers.opened(connection)
  expect([isDenied(STRANGER), isDenied(MEMBER)]).toEqual([true, false])
  for (const connection of open) parts.peers.closed(connection)
  expect(isDenied(STRANGER)).toBe(false)
})

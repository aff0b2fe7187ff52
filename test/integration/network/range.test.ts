/** Range sync over real connections (P17.6, P17.8, P17.9): catching up from observers, beside a peer that obeys no rule. */
import type { Connection } from '@libp2p/interface'
import { expect, it } from 'vitest'
import { finalizedOf } from '../../../src/pala/chain.ts'
import { encodeMessage } from '../../../src/pala/message-codec.ts'
import { encodeEmpty, encodeRequest } from '../../../src/pala/range/codec.ts'
import { CHANNELS } from '../../../src/protocols/catalogue.ts'
import { encodeFrame, encodeLength } from '../../../src/protocols/framing.ts'
import { createCommittee } from '../../helpers/committee.ts'
import { addressOf, createNetwork, isUp, type TestNetwork } from '../../helpers/networks.ts'
import { growChain } from '../../helpers/pala-chain.ts'
import { type PalaNode, startPalaOn } from '../../helpers/pala-nodes.ts'
import { dialRaw, sendRaw, shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

const RANGE = CHANNELS.palaRange.protocol
const BLOCKS = 600
const committee = createCommittee(4)
const chain = growChain(committee, [{ blocks: BLOCKS }], (height) => [new Uint8Array(2_000).fill(height)])

const heightOf = (node: PalaNode<TestNetwork>): number => finalizedOf(node.pala.state.tree).ref.height

/** A full node: it has no seat. */
async function startObserver(name: string, holds: boolean): Promise<PalaNode<TestNetwork>> {
  const node = await startPalaOn(createNetwork(name), { committee, ...(holds ? { chain } : {}) })
  await node.network.start()
  return node
}

async function connect(a: PalaNode<TestNetwork>, b: PalaNode<TestNetwork>): Promise<void> {
  await a.network.connect(addressOf(b.network))
  await until(() => isUp(a.network, b.peer) && isUp(b.network, a.peer), 5_000, 'the connection')
}

/** A stranger that finished the role handshake without a role. */
async function strangerTo(node: PalaNode<TestNetwork>): Promise<Connection> {
  const peer = await startRawPeer('stranger')
  const connection = await dialRaw(peer, addressOf(node.network))
  await shakeAs('stranger', connection, -1, { self: peer.peerId.toString() })
  await until(() => isUp(node.network, peer.peerId.toString()), 5_000, 'the stranger')
  return connection
}

it('P17.6 a newcomer connected to observers only catches up, from all of them', async () => {
  const observers = await Promise.all(['o1', 'o2', 'o3'].map((name) => startObserver(name, true)))
  const newcomer = await startObserver('newcomer', false)
  for (const observer of observers) await connect(newcomer, observer)
  await until(() => newcomer.delivered.length === BLOCKS - 1, 20_000, 'the whole chain')
  expect(newcomer.delivered.map(({ hash }) => hash)).toEqual(
    chain.links.slice(0, BLOCKS - 1).map(({ proposal }) => proposal.block.hash),
  )
  expect(newcomer.pala.rangeProgress().bytes).toBeGreaterThan(0)
  expect(newcomer.network.peers().every(({ score }) => score === 0)).toBe(true)
})

it('P17.9 a peer that boasts of a height and answers nothing delays, but does not stop, the others', async () => {
  const newcomer = await startObserver('newcomer', false)
  const boaster = await strangerTo(newcomer)
  const { ref } = finalizedOf(newcomer.pala.state.tree)
  const status = {
    epoch: { session: 1, epoch: 1 },
    fnc: { ...ref, height: 2 ** 40, sn: { session: 1, epoch: 1, s: 2 ** 30 } },
    finalized: { ...ref, height: 2 ** 40 },
    fncAtEntry: ref.sn,
  }
  await sendRaw(boaster, CHANNELS.palaSync.protocol, encodeFrame(encodeMessage({ type: 'status', status })))
  await until(() => newcomer.pala.rangeProgress().active, 5_000, 'belief in the boast')
  const observer = await startObserver('observer', true)
  await connect(newcomer, observer)
  await until(() => newcomer.delivered.length === BLOCKS - 1, 40_000, 'the whole chain')
  expect(newcomer.failures).toEqual([])
})

it.each([
  ['bytes that are no message', () => encodeFrame(new Uint8Array(500).fill(255))],
  ['a frame beyond the cap', () => encodeLength(CHANNELS.palaRange.maxMessageBytes + 1)],
  ['an impossible range', () => encodeFrame(encodeRequest({ requestId: 1, fromHeight: 0, toHeight: 0 }))],
  ['an answer to nothing', () => encodeFrame(encodeEmpty(1))],
  [
    'a flood of requests',
    () =>
      Buffer.concat(
        Array.from({ length: 60 }, (_, id) =>
          encodeFrame(encodeRequest({ requestId: id, fromHeight: 1, toHeight: 512 })),
        ),
      ),
  ],
])('P17.8 %s cost the sender its standing, and the node goes on serving', async (_, bytes) => {
  const server = await startObserver('server', true)
  const connection = await strangerTo(server)
  const stranger = server.network.peers()[0]?.peerId
  // The stranger's claim makes it known, as every peer that speaks is.
  await sendRaw(connection, RANGE, bytes())
  const isBlamed = (): boolean =>
    server.network.log.some(({ message, fields }) => message === 'a peer misbehaved' && fields.peer === stranger)
  await until(isBlamed, 10_000, 'a penalty')
  const newcomer = await startObserver('newcomer', false)
  await connect(newcomer, server)
  await until(() => heightOf(newcomer) === BLOCKS - 1, 20_000, 'the whole chain')
  expect(server.failures).toEqual([])
})

/** The proof channel over real libp2p (P24.3): a light client without roles follows, reads, and is not fooled. */
import { afterEach, describe, expect, it } from 'vitest'
import { createLightNetwork, type LightNetwork } from '../../../src/node/light-network.ts'
import { encodeProofAsk, encodeProofReply, parseProofTalk } from '../../../src/node/proof-messages.ts'
import { serveProofs } from '../../../src/node/proof-server.ts'
import { createProofs } from '../../../src/node/proofs.ts'
import { CHANNELS } from '../../../src/protocols/catalogue.ts'
import { ProofMessage } from '../../../src/protocols/wire/proof.gen.ts'
import { createLightClient, readTrustedGenesis } from '../../../src/verify/verify.ts'
import { addressOf, createNetwork, openChannel, startPair, type TestNetwork } from '../../helpers/networks.ts'
import { sourceOf } from '../../helpers/proof-source.ts'
import { createTeam, SessionsChain } from '../../helpers/sessions-chain.ts'
import { until } from '../../helpers/until.ts'

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }
const lights: LightNetwork[] = []

afterEach(async () => {
  await Promise.all(lights.splice(0).map((light) => light.stop()))
})

/** Two sessions of one network; block 13 is its newest provable one. */
function makeChain(): SessionsChain {
  const chain = new SessionsChain(createTeam('a', 4))
  chain.grow(4)
  chain.add({ next: createTeam('b', 4) })
  chain.grow(2)
  chain.add({ newSession: true })
  chain.grow(7)
  return chain
}

function startLight(chain: SessionsChain, deadlineMs = 5_000): LightNetwork {
  const light = createLightNetwork({ network: 'test', chainId: chain.genesis.chainId, logger: quiet, deadlineMs })
  lights.push(light)
  return light
}

const clientOf = (chain: SessionsChain) =>
  createLightClient({ genesis: readTrustedGenesis(chain.genesis.text), state: null })

/** A started node that serves proofs of the chain. */
async function startNode(chain: SessionsChain, name = 'a'): Promise<TestNetwork> {
  const network = createNetwork(name, { chainId: chain.genesis.chainId, members: ['a'] })
  const stored = { finalized: chain.blocks.length - 1, missing: new Set<string>(), saved: new Map() }
  const proofs = createProofs(sourceOf(chain, stored))
  serveProofs({ network, proofs, value: async () => ({ ok: false, problem: 'unknown' }) })
  await network.start()
  return network
}

/** A started node that answers every request with what `answer` gives. */
async function startLiar(chain: SessionsChain, answer: (requestId: number) => readonly Uint8Array[]) {
  const network = createNetwork('liar', { chainId: chain.genesis.chainId, members: ['a'] })
  const { channel } = openChannel(network, CHANNELS.proofFetch, (from, message) => {
    const talk = parseProofTalk(message)
    if (talk?.type !== 'request') return
    for (const bytes of answer(talk.request.requestId)) channel.send(from, bytes)
  })
  await network.start()
  return network
}

describe('the proof channel', () => {
  it('P24.3 a light client follows a node over its multiaddr alone', async () => {
    const chain = makeChain()
    const node = await startNode(chain)
    const light = startLight(chain)
    await light.start()
    const peer = await light.connect(addressOf(node))
    const client = clientOf(chain)
    expect((await client.follow(peer))?.header.height).toBe(13)
    expect(client.state.session.session).toBe(2)
    expect(await client.crossCheck(peer)).toBe(true)
    expect(await client.read(peer, 'city')).toEqual({ problem: 'unknown' })
  })

  it('many requests at once are all answered', async () => {
    const chain = makeChain()
    const node = await startNode(chain)
    const light = startLight(chain)
    await light.start()
    const peer = await light.connect(addressOf(node))
    const heights = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12]
    const answers = await Promise.all(heights.map((height) => peer.ask({ fromSession: 1, height })))
    expect(answers.map(({ ok }) => ok)).toEqual(heights.map(() => true))
    expect(await peer.ask({ fromSession: 1, height: 99 })).toEqual({ ok: false, problem: 'not-final' })
    expect(await peer.ask({ fromSession: 2, height: 1 })).toEqual({ ok: false, problem: 'earlier' })
  })

  it('answers that nobody waits for are passed over; the right one is judged by its proof', async () => {
    const chain = makeChain()
    const junk = { proof: Uint8Array.of(1, 2, 3), more: false, problem: '' }
    const liar = await startLiar(chain, (requestId) => [
      encodeProofReply({ ...junk, requestId: requestId + 1 }),
      Uint8Array.of(255),
      encodeProofAsk({ requestId, fromSession: 1, height: null, hash: null, key: null }),
      encodeProofReply({ ...junk, requestId }),
    ])
    const light = startLight(chain)
    await light.start()
    const peer = await light.connect(addressOf(liar))
    const refused = expect.objectContaining({ code: 'malformed', message: expect.stringContaining(liar.self) })
    await expect(clientOf(chain).follow(peer)).rejects.toEqual(refused)
  })

  it('a silent node does not hold the client', async () => {
    const chain = makeChain()
    const mute = await startLiar(chain, () => [])
    const light = startLight(chain, 200)
    await light.start()
    const peer = await light.connect(addressOf(mute))
    await expect(peer.ask({ fromSession: 1 })).rejects.toMatchObject({ code: 'stalled' })
  })

  it('a node that leaves does not hold the client', async () => {
    const chain = makeChain()
    const leaving = await startLiar(chain, () => [])
    const light = startLight(chain, 30_000)
    await light.start()
    const peer = await light.connect(addressOf(leaving))
    const refused = expect(peer.ask({ fromSession: 1 })).rejects.toMatchObject({ code: 'connection-closed' })
    await leaving.stop()
    await refused
  })

  it('a node of another network is not asked', async () => {
    const chain = makeChain()
    const foreign = createNetwork('foreign')
    await foreign.start()
    const light = startLight(chain)
    await light.start()
    await expect(light.connect(addressOf(foreign))).rejects.toMatchObject({ code: 'other-network' })
  })

  it('nonsense on the channel is penalised, and impossible requests are', async () => {
    const chain = makeChain()
    const bad: Uint8Array[] = [
      Uint8Array.of(255),
      ProofMessage.encode({
        request: { requestId: 1, fromSession: 1, height: 1, hash: new Uint8Array(0), key: '' },
        answer: { requestId: 1, proof: new Uint8Array(0), more: false, problem: '' },
      }),
      ProofMessage.encode({ request: { requestId: 1, fromSession: 0, height: 1, hash: new Uint8Array(0), key: '' } }),
      ProofMessage.encode({ request: { requestId: 1, fromSession: 1, height: 1, hash: new Uint8Array(0), key: 'k' } }),
      ProofMessage.encode({ request: { requestId: 1, fromSession: 1, height: 0, hash: new Uint8Array(31), key: '' } }),
      ProofMessage.encode({
        request: { requestId: 1, fromSession: 1, height: 0, hash: new Uint8Array(0), key: 'k'.repeat(257) },
      }),
      encodeProofReply({ requestId: 1, proof: new Uint8Array(0), more: false, problem: '' }),
    ]
    for (const [index, message] of bad.entries()) {
      const node = createNetwork('a', { chainId: chain.genesis.chainId, members: ['a'] })
      const stored = { finalized: 10, missing: new Set<string>(), saved: new Map() }
      serveProofs({
        network: node,
        proofs: createProofs(sourceOf(chain, stored)),
        value: async () => ({ ok: false, problem: 'unknown' }),
      })
      const stranger = createNetwork(`stranger ${index}`, { chainId: chain.genesis.chainId, members: ['a'] })
      const { channel } = openChannel(stranger, CHANNELS.proofFetch)
      await startPair(stranger, node)
      channel.send(node.self, message)
      await until(() => node.log.some((line) => line.message === 'a peer misbehaved'), 5_000, `a penalty for ${index}`)
    }
  })
})

/** The snapshot channel over real libp2p (P17.6): what is served, and how bad requests end. */
import { describe, expect, it } from 'vitest'
import type { SnapshotManifest } from '../../../src/ledger/snapshot.ts'
import { decodeManifest } from '../../../src/ledger/snapshot.ts'
import { encodeSnapshotAsk, encodeSnapshotReply, parseSnapshotTalk } from '../../../src/node/snapshot-messages.ts'
import { serveSnapshots } from '../../../src/node/snapshot-server.ts'
import { CHANNELS } from '../../../src/protocols/catalogue.ts'
import { SnapshotMessage } from '../../../src/protocols/wire/snapshot.gen.ts'
import { addressOf, createNetwork, openChannel, peerIdOf } from '../../helpers/networks.ts'
import { until } from '../../helpers/until.ts'

const CHUNK = Buffer.from('chunk three')
const REQUEST = { requestId: 1, height: 7, index: 3 }
const ANSWER = { requestId: 1, content: CHUNK }
const MANIFEST: SnapshotManifest = {
  height: 7,
  blockHash: 'ab'.repeat(32),
  stateRoot: 'cd'.repeat(32),
  proofHeight: 9,
  chunks: [{ prefix: 0, bits: 0, keys: 1, bytes: CHUNK.byteLength, hash: 'ef'.repeat(32) }],
}

/** A server of one snapshot, or of none, and a newcomer without a seat that is connected to it. */
async function connect(manifest: SnapshotManifest | null = MANIFEST) {
  const server = createNetwork('a', { members: ['a'] })
  const chunk = async (height: number, index: number) => (height === manifest?.height && index === 3 ? CHUNK : null)
  const penalties: string[] = []
  const watched = { ...server, penalise: (_peer: string, penalty: string) => void penalties.push(penalty) }
  serveSnapshots({ network: watched, snapshots: () => ({ manifest: async () => manifest, chunk }) })
  const newcomer = createNetwork('newcomer', { members: ['a'] })
  const contents = new Map<number, Uint8Array>()
  const { channel } = openChannel(newcomer, CHANNELS.snapshot, (_from, bytes) => {
    const talk = parseSnapshotTalk(bytes)
    if (talk?.type === 'answer') contents.set(talk.answer.requestId, talk.answer.content)
  })
  await server.start()
  await newcomer.start()
  await newcomer.connect(addressOf(server))
  const send = (bytes: Uint8Array) => channel.send(peerIdOf('a'), bytes)
  const ask = (requestId: number, height: number, index = 0) => send(encodeSnapshotAsk({ requestId, height, index }))
  return { penalties, contents, ask, send }
}

describe('the snapshot channel', () => {
  it('P17.6 serves the manifest and chunks to a peer without a seat', async () => {
    const { ask, contents } = await connect()
    ask(1, 0)
    ask(2, 7, 3)
    await until(() => contents.size === 2)
    expect(decodeManifest(contents.get(1) ?? new Uint8Array(0))).toEqual(MANIFEST)
    expect(Buffer.from(contents.get(2) ?? [])).toEqual(CHUNK)
  })

  it('answers with nothing for a chunk or a snapshot it does not have', async () => {
    const { ask, contents } = await connect()
    ask(1, 7, 4)
    ask(2, 6, 3)
    await until(() => contents.size === 2)
    expect([...contents.values()].map(({ byteLength }) => byteLength)).toEqual([0, 0])
  })

  it('answers with nothing while there is no snapshot', async () => {
    const { ask, contents } = await connect(null)
    ask(1, 0)
    await until(() => contents.size === 1)
    expect(contents.get(1)?.byteLength).toBe(0)
  })

  it.each([
    ['malformed', 'bytes that are no message', Buffer.from([0xff, 0xff, 0xff])],
    ['malformed', 'a request and an answer in one', SnapshotMessage.encode({ request: REQUEST, answer: ANSWER })],
    ['invalid', 'an answer nobody asked for', encodeSnapshotReply(ANSWER)],
  ])('penalises as %s %s', async (penalty, _name, bytes) => {
    const { send, penalties } = await connect()
    send(bytes)
    await until(() => penalties.length > 0)
    expect(penalties[0]).toBe(penalty)
  })
})

/** Catching up by ranges between real services (P17.6): the way to the tip, batches that lie, and what a server gives. */
import { describe, expect, it } from 'vitest'
import { finalizedOf } from '../../../src/pala/chain.ts'
import { encodeHeader, encodeNotarization, encodeProposal, proposalParts } from '../../../src/pala/codec.ts'
import { decodeMessage } from '../../../src/pala/message-codec.ts'
import { encodeBlocks, encodeEmpty, encodePruned, encodeRequest } from '../../../src/pala/range/codec.ts'
import { CHANNELS } from '../../../src/protocols/catalogue.ts'
import * as wire from '../../../src/protocols/wire/range.gen.ts'
import { createCommittee, notarize } from '../../helpers/committee.ts'
import { committeeOf, growChain, type LongChain } from '../../helpers/pala-chain.ts'
import { linkNodes, type PalaNode, startPalaNode, type Tamper } from '../../helpers/pala-nodes.ts'
import { until } from '../../helpers/until.ts'

const RANGE = CHANNELS.palaRange.protocol
/** Three windows: more than one peer has open at once. */
const BLOCKS = 1_200
/** Enough for range sync to begin. */
const FEW = 240
// Short patience: requests that a test swallows are given up soon.
const committee = createCommittee(4, {
  firstProposalLimitMs: 100,
  firstProposalDelayMs: 50,
  voterTimeoutMs: 400,
  heartbeatMs: 200,
})
const strangers = committeeOf(1, ['x0', 'x1', 'x2', 'x3'], 1, committee)
const entry = (height: number) => [Buffer.from(`entry of ${height}`)]
const chain = growChain(committee, [{ blocks: BLOCKS }], entry)
const few: LongChain = { links: chain.links.slice(0, FEW), sessions: [] }
/** What nobody of the committee signed. */
const fork = growChain(strangers, [{ blocks: FEW }], () => [Buffer.from('forged')])

const heightOf = (node: PalaNode): number => finalizedOf(node.pala.state.tree).ref.height
const reach = (node: PalaNode, height: number) =>
  until(() => node.delivered.at(-1)?.header.height === height, 15_000, `height ${height}`)

function expectWhole(node: PalaNode, { links }: LongChain, height: number): void {
  expect(node.failures).toEqual([])
  expect(node.alarms).toEqual([])
  expect(node.delivered.map(({ hash }) => hash)).toEqual(
    links.slice(0, height).map(({ proposal }) => proposal.block.hash),
  )
}

/** Without haste: what a busy machine or the test itself holds up looks useless, and that is not what this is about. */
const offencesSeenBy = ({ network }: PalaNode) => network.penalties.filter(({ penalty }) => penalty !== 'useless')

/** Counts what ranges a node asked for. */
function countingRanges(): { readonly tamper: Tamper; readonly answers: Uint8Array[] } {
  const answers: Uint8Array[] = []
  return {
    answers,
    tamper(protocol, message) {
      if (protocol === RANGE) answers.push(message)
      return [message]
    },
  }
}

describe('the way to the tip', () => {
  it('P17.6 a newcomer takes the chain from several peers, in order and each block once', async () => {
    const newcomer = await startPalaNode('new', { committee })
    const servers = await Promise.all(['s0', 's1', 's2'].map((peer) => startPalaNode(peer, { committee, chain })))
    const seen = servers.map((server) => {
      const { tamper, answers } = countingRanges()
      linkNodes(newcomer, server, tamper)
      return answers
    })
    await reach(newcomer, BLOCKS - 1)
    expectWhole(newcomer, chain, BLOCKS - 1)
    expect(seen.filter((answers) => answers.length > 0).length).toBeGreaterThan(1)
    expect([newcomer, ...servers].flatMap(offencesSeenBy)).toEqual([])
  })

  it('what it took, it serves: a third node takes the chain from it alone, certificates included', async () => {
    const first = await startPalaNode('first', { committee, chain })
    const second = await startPalaNode('second', { committee })
    linkNodes(second, first)
    await reach(second, BLOCKS - 1)
    const third = await startPalaNode('third', { committee })
    linkNodes(third, second)
    await reach(third, BLOCKS - 1)
    expectWhole(third, chain, BLOCKS - 1)
    const old = chain.links[100]
    expect(await third.store.notarization(old?.proposal.block.hash ?? '')).toEqual(old?.notarization)
  })

  it('after a stop in the middle it goes on where it was', async () => {
    const server = await startPalaNode('server', { committee, chain })
    const store = await openHalf()
    const again = await startPalaNode('again', { committee, store })
    expect(heightOf(again)).toBeGreaterThan(0)
    linkNodes(again, server)
    await reach(again, BLOCKS - 1)
    expect(again.delivered[0]?.header.height).toBe(400)
    expect(again.failures).toEqual([])
  })

  async function openHalf() {
    const half = await startPalaNode('half', { committee, chain: { links: chain.links.slice(0, 400), sessions: [] } })
    await half.pala.stop()
    return half.store
  }

  it('P16.8 timeouts, two changes of the committee and of k in one go', async () => {
    const second = committeeOf(2, ['b0', 'b1', 'b2', 'b3', 'b4'], 3, committee)
    const third = committeeOf(3, ['c0', 'c1', 'c2', 'c3'], 2, committee)
    const long = growChain(
      committee,
      [
        { blocks: 150 },
        { blocks: 1 },
        { blocks: 120, stops: second },
        { blocks: 9 },
        { blocks: 2 },
        { blocks: 2 },
        { blocks: 30, stops: third },
        { blocks: 200 },
      ],
      entry,
    )
    const server = await startPalaNode('server', { committee, chain: long })
    const newcomer = await startPalaNode('new', { committee })
    const { tamper, answers } = countingRanges()
    linkNodes(newcomer, server, tamper)
    await reach(newcomer, heightOf(server))
    expectWhole(newcomer, long, heightOf(server))
    expect(newcomer.pala.state.sessions.get(3)?.voters).toEqual(third.session.voters)
    expect(answers.length).toBeGreaterThan(2)
    expect(offencesSeenBy(newcomer)).toEqual([])
  })
})

describe('a liar costs a bounded delay (P17.9)', () => {
  type Answer = { requestId: number; blocks: Uint8Array[]; headers: Uint8Array[]; notarization: Uint8Array }
  const altering =
    (change: (answer: Answer) => Answer | Uint8Array | null): Tamper =>
    (protocol, message) => {
      const answer = protocol === RANGE ? wire.RangeMessage.decode(message).answer : undefined
      if (answer?.proof === undefined) return [message]
      const { requestId, blocks, proof } = answer
      const changed = change({ requestId, blocks, headers: proof.headers, notarization: proof.notarization })
      if (changed === null) return null
      return [changed instanceof Uint8Array ? changed : encodeBlocks(changed.requestId, changed)]
    }
  const at = <T>(list: readonly T[], index: number, value: (old: T) => T): T[] =>
    list.map((each, i) => (i === index ? value(each) : each))
  const changePart = (encoded: Uint8Array, change: Partial<ReturnType<typeof proposalParts>>): Uint8Array =>
    encodeProposal({ ...proposalParts(encoded), ...change })
  const forkBlock = (index: number) => fork.links[index]?.proposal.encoded ?? new Uint8Array(0)

  const LIES: readonly (readonly [string, (answer: Answer) => Answer | Uint8Array | null])[] = [
    ['silence', () => null],
    ['bytes that are no message', () => Uint8Array.of(255, 255, 255)],
    ['a block that is no block', (a) => ({ ...a, blocks: at(a.blocks, 3, () => Uint8Array.of(9, 9)) })],
    [
      'an altered payload',
      (a) => ({ ...a, blocks: at(a.blocks, 3, (b) => changePart(b, { payload: [Buffer.from('more')] })) }),
    ],
    [
      'certificates left out',
      (a) => ({ ...a, blocks: at(a.blocks, 3, (b) => changePart(b, { certsBytes: new Uint8Array(0) })) }),
    ],
    [
      "a leader's signature that is wrong",
      (a) => ({ ...a, blocks: at(a.blocks, 3, (b) => changePart(b, { signature: new Uint8Array(64) })) }),
    ],
    [
      'an election in a plain block',
      (a) => ({ ...a, blocks: at(a.blocks, 3, (b) => changePart(b, { electionBytes: Uint8Array.of(8, 1) })) }),
    ],
    ['a hole', (a) => ({ ...a, blocks: a.blocks.toSpliced(3, 1) })],
    ['other heights', (a) => ({ ...a, blocks: a.blocks.slice(1) })],
    ['more than asked for', (a) => ({ ...a, blocks: [...a.blocks, ...a.blocks] })],
    ['a chain of strangers', (a) => ({ ...a, blocks: a.blocks.map((_, i) => forkBlock(i)) })],
    ['no proof headers', (a) => ({ ...a, headers: [] })],
    [
      'headers that do not follow',
      (a) => ({ ...a, headers: a.headers.map(() => encodeHeader(fork.links[7]?.proposal.block.header ?? never())) }),
    ],
    ['a certificate of one voter', (a) => ({ ...a, notarization: forged(a, [0]) })],
    ['a certificate of strangers', (a) => ({ ...a, notarization: forgedBy(a) })],
    [
      'a certificate of another block',
      (a) => ({ ...a, notarization: encodeNotarization(chain.links[9]?.notarization ?? never()) }),
    ],
    ['a proof that does not reach', (a) => ({ ...a, blocks: [...a.blocks, ...extra(a)], headers: a.headers })],
    ['nothing, again and again', (a) => encodeEmpty(a.requestId)],
    ['that it pruned everything', (a) => encodePruned(a.requestId, 2 ** 40)],
    ['an answer to another question', (a) => ({ ...a, requestId: a.requestId + 1_000 })],
  ]
  /** A peer that is slow, or holds less than it once did, is only left alone. */
  const NO_OFFENCE = ['silence', 'nothing, again and again', 'that it pruned everything']
  const never = (): never => {
    throw new Error('the chain is longer')
  }
  const topOf = ({ headers }: Answer) =>
    chain.links.find(
      ({ proposal }) =>
        Buffer.compare(proposalParts(proposal.encoded).headerBytes, headers.at(-1) ?? Buffer.of()) === 0,
    )?.proposal ?? never()
  const forged = (a: Answer, voters: readonly number[]) => encodeNotarization(notarize(committee, topOf(a), voters))
  const forgedBy = (a: Answer) => encodeNotarization(notarize(strangers, topOf(a)))
  const extra = (a: Answer) => [topOf(a).encoded]

  /** Without the ordinary way to old blocks, only ranges are left. */
  const rangesOnly =
    (tamper: Tamper): Tamper =>
    (protocol, message) => {
      if (protocol !== CHANNELS.palaSync.protocol) return tamper(protocol, message)
      const sent = decodeMessage(message)
      const isOld = sent.type === 'blocks' && (sent.blocks[0]?.proposal.block.header.height ?? 0) < FEW / 2
      return isOld ? null : [message]
    }

  it.each(LIES)('%s', async (name, lie) => {
    const newcomer = await startPalaNode('new', { committee })
    const liar = await startPalaNode('liar', { committee, chain: few })
    const honest = await startPalaNode('honest', { committee, chain: few })
    linkNodes(newcomer, liar, rangesOnly(altering(lie)))
    linkNodes(
      newcomer,
      honest,
      rangesOnly((_, message) => [message]),
    )
    await reach(newcomer, FEW - 1)
    expectWhole(newcomer, few, FEW - 1)
    const offenders = new Set(offencesSeenBy(newcomer).map(({ peer }) => peer))
    expect([...offenders]).toEqual(NO_OFFENCE.includes(name) ? [] : ['liar'])
  })
})

describe('what a server gives (P17.8)', () => {
  async function ask(node: PalaNode, fromHeight: number, toHeight: number): Promise<wire.RangeAnswer | undefined> {
    node.network.sent.length = 0
    await node.network.deliver(RANGE, 'asker', encodeRequest({ requestId: 7, fromHeight, toHeight }))
    await until(() => node.network.sent.some(({ protocol }) => protocol === RANGE), 5_000)
    const sent = node.network.sent.find(({ protocol }) => protocol === RANGE)
    return sent === undefined ? undefined : wire.RangeMessage.decode(sent.message).answer
  }

  it('blocks and the shortest proof; above its chain nothing', async () => {
    const server = await startPalaNode('server', { committee, chain })
    const found = await ask(server, 11, 20)
    expect([found?.blocks.length, found?.proof?.headers.length]).toEqual([10, 1])
    expect(await ask(server, BLOCKS + 50, BLOCKS + 60)).toEqual({ requestId: 7, blocks: [], lowestHeight: 0 })
  })

  it('P20.9 heights it pruned it names, so that the asker goes elsewhere', async () => {
    const server = await startPalaNode('server', { committee, chain, lowestHeight: 500 })
    expect(await ask(server, 11, 20)).toMatchObject({ blocks: [], lowestHeight: 500 })
    expect((await ask(server, 500, 520))?.blocks).toHaveLength(21)
  })

  it('impossible ranges and floods are offences', async () => {
    const server = await startPalaNode('server', { committee, chain })
    for (const [fromHeight, toHeight] of [
      [0, 5],
      [9, 8],
    ] as const) {
      await server.network.deliver(RANGE, 'rude', encodeRequest({ requestId: 1, fromHeight, toHeight }))
    }
    expect(server.network.penalties.map(({ penalty }) => penalty)).toEqual(['invalid', 'invalid'])
    for (let id = 0; id < 40; id++) {
      await server.network.deliver(RANGE, 'flood', encodeRequest({ requestId: id, fromHeight: 1, toHeight: 500 }))
    }
    expect(
      server.network.penalties.filter(({ peer, penalty }) => peer === 'flood' && penalty === 'limit').length,
    ).toBeGreaterThan(30)
  })

  it('an answer nobody asked for is an offence', async () => {
    const node = await startPalaNode('node', { committee, chain })
    node.network.join('rude', [])
    await node.network.deliver(RANGE, 'rude', encodeEmpty(3))
    await until(() => node.network.penalties.length > 0, 5_000)
    expect(node.network.penalties).toMatchObject([{ peer: 'rude', penalty: 'limit' }])
  })
})

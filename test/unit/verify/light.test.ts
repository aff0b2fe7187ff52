/** The light client (P24.3, A25): follows by proofs alone, and names whoever shows it what cannot be. */
import { describe, expect, it } from 'vitest'
import { taggedHashHex } from '../../../src/crypto/tagged-hash.ts'
import { createProofs } from '../../../src/node/proofs.ts'
import { FinalityProof } from '../../../src/protocols/wire/proof.gen.ts'
import { KvProof } from '../../../src/protocols/wire/state-proof.gen.ts'
import {
  checkTrustPeriod,
  createLightClient,
  type LightAnswer,
  type LightPeer,
  type LightRequest,
  type LightState,
  readLightState,
  readTrustedGenesis,
  TRUST_PERIOD_MS,
  writeLightState,
} from '../../../src/verify/verify.ts'
import { GENESIS_TIME } from '../../helpers/committee.ts'
import { sourceOf } from '../../helpers/proof-source.ts'
import { createTeam, SessionsChain } from '../../helpers/sessions-chain.ts'
import { verifyWithNode } from './node-verifier.ts'

const team = createTeam('org', 4)

type Change = (answer: LightAnswer, request: LightRequest) => LightAnswer

/** A peer that stores the chain; `change` makes it lie. It notes what it was asked. */
function peerOf(chain: SessionsChain, name: string, change: Change = (answer) => answer) {
  const stored = { finalized: 0, missing: new Set<string>(), saved: new Map<number, Uint8Array>() }
  const proofs = createProofs(sourceOf(chain, stored), { count: 5, bytes: 1_000_000 })
  const asked: LightRequest[] = []
  const peer: LightPeer & { readonly asked: LightRequest[] } = {
    name,
    asked,
    async ask(request) {
      asked.push(request)
      stored.finalized = chain.blocks.length - 1
      const { fromSession, height } = request
      const options = { fromSession, bounded: true }
      const made = height === undefined ? await proofs.newest(options) : await proofs.block(height, options)
      return change(made.ok ? { ok: true, proof: made.proof, more: made.more } : made, request)
    },
  }
  return peer
}

function clientOf(chain: SessionsChain, state: LightState | null = null) {
  return createLightClient({ genesis: readTrustedGenesis(chain.genesis.text), state, verifyEd25519: verifyWithNode })
}

/** Ends the session of the tip and begins the next. */
function changeCommittee(chain: SessionsChain, name: string): void {
  chain.grow(4)
  chain.add({ next: createTeam(name, 4) })
  chain.grow(2)
  chain.add({ newSession: true })
  chain.grow(5)
}

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: Error & { code: string }) => `${error.code}: ${error.message}`,
  )

describe('P24.3 a light client follows heads', () => {
  it('P24.3 every head is verified, and no head is told twice', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    const peer = peerOf(chain, 'p')
    const client = clientOf(chain)
    expect((await client.follow(peer))?.header.height).toBe(8)
    expect(await client.follow(peer)).toBeNull()
    chain.grow(3)
    expect((await client.follow(peer))?.header.height).toBe(11)
    expect(client.state.checkpoint?.hash).toBe(chain.at(11).proposal.block.hash)
  })

  it('P24.3 it walks the committees, and continues from its state with the new ones only', async () => {
    const chain = new SessionsChain(team)
    for (const name of ['b', 'c', 'd']) changeCommittee(chain, name)
    const first = clientOf(chain)
    await first.follow(peerOf(chain, 'p'))
    expect(first.state.session.session).toBe(4)
    changeCommittee(chain, 'e')
    const kept = readLightState(writeLightState(first.state), chain.genesis.chainId)
    const peer = peerOf(chain, 'p')
    const second = clientOf(chain, kept)
    expect((await second.follow(peer))?.header.sn.session).toBe(5)
    expect(peer.asked).toEqual([{ fromSession: 4, height: kept.checkpoint?.height }, { fromSession: 4 }])
  })

  it('P24.3 far behind, it walks many sessions in a few rounds', async () => {
    const chain = new SessionsChain(team)
    for (let session = 0; session < 12; session++) changeCommittee(chain, `t${session % 5}`)
    const peer = peerOf(chain, 'p')
    const client = clientOf(chain)
    const head = await client.follow(peer)
    expect(head?.header.sn.session).toBe(13)
    expect(peer.asked.map(({ fromSession }) => fromSession)).toEqual([1, 6, 11])
  })

  it('proofs with links from genesis serve a client that trusts a later session', async () => {
    const chain = new SessionsChain(team)
    for (const name of ['b', 'c']) changeCommittee(chain, name)
    const client = clientOf(chain)
    await client.follow(peerOf(chain, 'p'))
    chain.grow(3)
    const honest = peerOf(chain, 'api')
    const fromGenesis: LightPeer = { name: 'api', ask: (request) => honest.ask({ ...request, fromSession: 1 }) }
    expect((await client.follow(fromGenesis))?.header.height).toBe(chain.blocks.length - 2)
  })

  it('a peer without news or without proofs changes nothing', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    const client = clientOf(chain)
    const mute = peerOf(chain, 'mute', () => ({ ok: false, problem: 'not-final' }))
    expect(await client.follow(mute)).toBeNull()
    expect(await client.crossCheck(mute)).toBe(false)
    await client.follow(peerOf(chain, 'p'))
    expect(await client.crossCheck(mute)).toBe(false)
    expect(await client.crossCheck(peerOf(chain, 'q'))).toBe(true)
  })
})

describe('P24.3 a lying peer is found and named', () => {
  it('an altered proof', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    const liar = peerOf(chain, 'liar', (answer) => {
      if (!answer.ok) return answer
      const proof = Uint8Array.from(answer.proof)
      proof[proof.byteLength - 5] = (proof[proof.byteLength - 5] ?? 0) ^ 1
      return { ...answer, proof }
    })
    const client = clientOf(chain)
    expect(await refusal(client.follow(liar))).toMatch(/^bad-signature: liar showed what is not so: signature 3 of/)
    expect(client.state.checkpoint).toBeNull()
  })

  it('bytes that are no proof, or too many', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    for (const proof of [new Uint8Array(0), new Uint8Array(1_000_000).fill(7)]) {
      const liar = peerOf(chain, 'liar', () => ({ ok: true, proof, more: false }))
      expect(await refusal(clientOf(chain).follow(liar))).toMatch(/^malformed: liar/)
    }
  })

  it('an older head than it, or an earlier run, has shown', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    const replayed: LightAnswer[] = []
    const liar = peerOf(chain, 'liar', (answer, { height }) => (height === undefined && replayed[0]) || answer)
    const client = clientOf(chain)
    const old = await peerOf(chain, 'p').ask({ fromSession: 1 })
    chain.grow(5)
    await client.follow(liar)
    replayed.push(old)
    expect(await refusal(client.follow(liar))).toBe(
      'older-head: liar shows an older head: height 8, while height 13 was verified before',
    )
    const second = clientOf(chain, client.state)
    expect(await refusal(second.follow(liar))).toMatch(/^older-head: liar/)
  })

  it('a peer that is only behind another is no liar', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    const slow = await peerOf(chain, 'slow').ask({ fromSession: 1 })
    chain.grow(5)
    const client = clientOf(chain)
    await client.follow(peerOf(chain, 'fast'))
    expect(await client.follow({ name: 'slow', ask: async () => slow })).toBeNull()
    expect(client.state.checkpoint?.height).toBe(13)
  })

  it('two histories that one committee signed', async () => {
    const chain = new SessionsChain(team)
    const fork = new SessionsChain(team)
    for (const each of [chain, fork]) each.grow(8)
    chain.add({ payload: [Uint8Array.of(1)] })
    fork.add({ payload: [Uint8Array.of(2)] })
    for (const each of [chain, fork]) each.grow(3)
    const client = clientOf(chain)
    await client.follow(peerOf(chain, 'one'))
    const other = peerOf(fork, 'other')
    const hash = chain.at(10).proposal.block.hash
    const rival = fork.at(10).proposal.block.hash
    const message = `fork: other showed what is not so: two blocks of height 10 are proven final: block ${rival} by other, block ${hash} by one`
    expect(await refusal(client.crossCheck(other))).toBe(message)
    expect(await refusal(client.follow(other))).toBe(message)
    // From another run's state too.
    expect(await refusal(clientOf(chain, client.state).follow(other))).toMatch(/^fork: .*the state of an earlier run$/)
  })

  it('a history with times before those that were verified', async () => {
    const chain = new SessionsChain(team)
    const past = new SessionsChain(team)
    chain.grow(6)
    past.grow(1)
    for (let i = 0; i < 9; i++) past.add({ header: { timestamp: GENESIS_TIME + i } })
    const client = clientOf(chain)
    await client.follow(peerOf(chain, 'p'))
    expect(await refusal(client.follow(peerOf(past, 'liar')))).toMatch(/^fork: .*of another history$/)
  })

  it('a proof of another height than asked for', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    const client = clientOf(chain)
    const honest = peerOf(chain, 'p')
    await client.follow(honest)
    const evasive: LightPeer = { name: 'evasive', ask: (request) => honest.ask({ ...request, height: 3 }) }
    expect(await refusal(client.crossCheck(evasive))).toMatch(
      /^altered: evasive answered with a proof of a block of height 3/,
    )
  })

  it('promises of more without end', async () => {
    const chain = new SessionsChain(team)
    chain.grow(10)
    const liar = peerOf(chain, 'liar', (answer) => ({ ...answer, more: true }) as LightAnswer)
    expect(await refusal(clientOf(chain).follow(liar))).toMatch(/^older-head: liar says that there is more/)
    expect(liar.asked.length).toBe(1)
  })

  it('a committee that was elected by nobody', async () => {
    const chain = new SessionsChain(team)
    changeCommittee(chain, 'b')
    const usurper = peerOf(chain, 'usurper', (answer) => {
      if (!answer.ok) return answer
      const { links, block } = FinalityProof.decode(answer.proof)
      const rivals = new SessionsChain(createTeam('rival', 4))
      changeCommittee(rivals, 'z')
      const forged = links.map((link) => ({ ...link, election: new Uint8Array([10, 0]) }))
      return { ...answer, proof: FinalityProof.encode({ links: forged, block }) }
    })
    expect(await refusal(clientOf(chain).follow(usurper))).toMatch(/^bad-election: usurper/)
  })
})

describe('verified reads', () => {
  const KEY = 'city'
  const value = new TextEncoder().encode('Geneva')
  const path = Buffer.from(taggedHashHex('palaver/state/key/1', Buffer.from(`kv/${KEY}`)), 'hex')
  const valueHash = Buffer.from(taggedHashHex('palaver/state/value/1', value), 'hex')
  /** The root of a state that holds one key. */
  const stateRoot = taggedHashHex('palaver/state/leaf/1', path, valueHash)
  const none = new Uint8Array(0)

  /** A peer of a chain whose newest provable block commits to that state. */
  function reader(answer: (finality: Uint8Array) => Parameters<typeof KvProof.encode>[0]) {
    const chain = new SessionsChain(team)
    chain.grow(5)
    for (let i = 0; i < 5; i++) chain.add({ header: { stateRoot } })
    const honest = peerOf(chain, 'p')
    const peer: LightPeer = {
      name: 'p',
      async ask(request) {
        const made = await honest.ask({ fromSession: request.fromSession })
        return made.ok && request.key !== undefined ? { ...made, proof: KvProof.encode(answer(made.proof)) } : made
      },
    }
    return { client: clientOf(chain), peer }
  }

  const state = { siblings: [], otherPath: none, otherValueHash: none }
  const other = { siblings: [], otherPath: path, otherValueHash: valueHash }

  it('a value that the state holds', async () => {
    const { client, peer } = reader((finality) => ({ finality, key: KEY, value, present: true, state }))
    const proven = await client.read(peer, KEY)
    expect('type' in proven && Buffer.from(proven.value ?? none).toString()).toBe('Geneva')
    expect(client.state.checkpoint?.height).toBe(8)
  })

  it('that there is no value', async () => {
    const { client, peer } = reader((finality) => ({
      finality,
      key: 'town',
      value: none,
      present: false,
      state: other,
    }))
    expect(await client.read(peer, 'town')).toMatchObject({ type: 'kv', key: 'town', value: null })
  })

  it('another value, denied or invented, another key: refused', async () => {
    const lies: [Parameters<typeof KvProof.encode>[0], RegExp][] = [
      [{ key: KEY, value: Buffer.from('Zurich'), present: true, state }, /^bad-state-proof: p/],
      [{ key: KEY, value: none, present: false, state: other }, /^bad-state-proof: p/],
      [{ key: KEY, value: none, present: false, state }, /^bad-state-proof: p/],
      [{ key: KEY, value, present: false, state }, /^malformed: p/],
      [{ key: KEY, value, present: true }, /^malformed: p/],
      [{ key: 'town', value: none, present: false, state: other }, /^altered: p answered with a proof of another key/],
    ]
    for (const [lie, reason] of lies) {
      const { client, peer } = reader((finality) => ({ ...lie, finality }))
      expect(await refusal(client.read(peer, KEY))).toMatch(reason)
    }
  })

  it('a read that a peer cannot prove says why', async () => {
    const { client } = reader(() => ({}))
    const mute: LightPeer = { name: 'mute', ask: async () => ({ ok: false, problem: 'pruned' }) }
    expect(await client.read(mute, KEY)).toEqual({ problem: 'pruned' })
  })
})

describe('A25 what a light client keeps', () => {
  const chain = new SessionsChain(team)
  chain.grow(10)

  async function keptState(): Promise<LightState> {
    const client = clientOf(chain)
    await client.follow(peerOf(chain, 'p'))
    return client.state
  }

  it('A25 a state older than the trust period is refused, and the message says why', async () => {
    const state = await keptState()
    const { timestamp = 0 } = state.checkpoint ?? {}
    checkTrustPeriod(state, timestamp + TRUST_PERIOD_MS)
    checkTrustPeriod({ ...state, checkpoint: null }, timestamp + 2 * TRUST_PERIOD_MS)
    const late = () => checkTrustPeriod(state, timestamp + TRUST_PERIOD_MS + 1)
    expect(late).toThrow(
      expect.objectContaining({ code: 'too-old', message: expect.stringMatching(/sold their keys/) }),
    )
  })

  it('a state survives its file, and one that is altered or foreign is refused', async () => {
    const state = await keptState()
    const text = writeLightState(state)
    const { chainId } = chain.genesis
    expect(readLightState(text, chainId)).toEqual(state)
    expect(() => readLightState(text, 'f'.repeat(64))).toThrow(expect.objectContaining({ code: 'other-chain' }))
    const broken = [
      '',
      '{}',
      text.slice(1),
      text.replace('"version": 1', '"version": 2'),
      text.replace('"k": 1', '"k": 65'),
    ]
    const document = JSON.parse(text)
    broken.push(JSON.stringify({ ...document, session: { ...document.session, voters: [] } }))
    broken.push(JSON.stringify({ ...document, checkpoint: { ...document.checkpoint, height: -1 } }))
    for (const each of broken) {
      expect(() => readLightState(each, chainId)).toThrow(expect.objectContaining({ code: 'malformed' }))
    }
  })
})

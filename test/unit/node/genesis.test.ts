/** What a genesis may say, which chain it names, and what session it gives. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import {
  createGenesis,
  type GenesisInput,
  genesisTimeMs,
  parseGenesis,
  readGenesis,
  sessionOf,
} from '../../../src/node/genesis.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const keyOf = (n: number): string => createSigner(Buffer.alloc(32, n)).publicKey
const seat = (n: number) => ({ publicKey: keyOf(n), org: `org${n}` })

const base: GenesisInput = {
  network: 'test',
  genesisTime: '2026-01-01T00:00:00Z',
  session: { proposers: [seat(1), seat(2)], voters: [seat(1), seat(2), { ...seat(3), power: 5 }] },
}

const withPala = (pala: GenesisInput['pala']): GenesisInput => ({ ...base, pala })
const withVoters = (voters: GenesisInput['session']['voters']): GenesisInput => ({
  ...base,
  session: { ...base.session, voters },
})

/** Points of order 1, 2, 4 and 8. */
const SMALL_ORDER = [
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]

describe('genesis', () => {
  it('fills in the defaults of P25, with k = 1 and a leader that proposes at once', () => {
    const { genesis } = createGenesis(base)
    expect(genesis.pala).toEqual({
      k: 1,
      stopOffset: 0,
      blockIntervalMs: 0,
      emptyBlockIntervalMs: 1_000,
      firstProposalDelayMs: 1_000,
      firstProposalLimitMs: 4_000,
      voterTimeoutMs: 6_000,
      maxVoterTimeoutMs: 60_000,
      heartbeatMs: 15_000,
      maxBlockBytes: 1_048_576,
      maxClockDriftMs: 2_000,
    })
    expect(genesis.atx).toEqual({ timeframe: 'month', start: '2025-01-01T09:00:00Z', n1: 6, n2: 3 })
  })

  it('names a chain that golden bytes fix', () => {
    expect(createGenesis(base).chainId).toBe('8a85208726d3c955c80bc32e3283139f2bc8e52d5e0e53bd7369e47c0f084264')
  })

  it('names the same chain whatever the layout of the file, and another for any other content', () => {
    const { chainId, text, genesis } = createGenesis(base)
    const reversed = Object.fromEntries(Object.entries(JSON.parse(text)).reverse())
    expect(parseGenesis(JSON.stringify(reversed)).chainId).toBe(chainId)
    expect(parseGenesis(JSON.stringify(base)).chainId).toBe(chainId)
    const others = [withPala({ k: 2 }), { ...base, kv: { city: 'Geneva' } }, { ...base, network: 'test2' }]
    const ids = new Set([chainId, ...others.map((other) => createGenesis(other).chainId)])
    expect(ids.size).toBe(4)
    expect(genesisTimeMs(genesis)).toBe(1_767_225_600_000)
  })

  it('P16.1 gives session 1 with its members in order', () => {
    const session = sessionOf(createGenesis(base).genesis)
    expect(session.session).toBe(1)
    expect(session.proposers.map(({ key }) => key)).toEqual([keyOf(1), keyOf(2)])
    expect(session.voters[2]).toEqual({ key: keyOf(3), org: 'org3', weight: 5 })
    expect(session.params.k).toBe(1)
  })

  it.each<[string, unknown, RegExp]>([
    ['no proposer', { ...base, session: { ...base.session, proposers: [] } }, /session\.proposers/],
    ['no voter', withVoters([]), /session\.voters/],
    ['a voter twice', withVoters([seat(1), { ...seat(1), org: 'other' }]), /session\.voters: names a key twice/],
    ['a weight of 0', withVoters([{ ...seat(1), power: 0 }]), /session\.voters\[0\]\.power/],
    ['a fractional weight', withVoters([{ ...seat(1), power: 1.5 }]), /power/],
    ['too much weight', withVoters([1, 2].map((n) => ({ ...seat(n), power: 2 ** 53 - 1 }))), /session\.voters/],
    ['k = 0', withPala({ k: 0 }), /pala\.k/],
    ['k = 65', withPala({ k: 65 }), /pala\.k/],
    ['a stop inside the window', withPala({ k: 2, stopOffset: 5 }), /pala\.stopOffset/],
    ['a first proposal after the timeout', withPala({ firstProposalLimitMs: 6_000 }), /pala\.firstProposalLimitMs/],
    ['a delay above the limit', withPala({ firstProposalDelayMs: 5_000 }), /pala\.firstProposalDelayMs/],
    ['a greatest timeout below the first', withPala({ maxVoterTimeoutMs: 5_000 }), /pala\.maxVoterTimeoutMs/],
    ['idle blocks slower than timeouts', withPala({ emptyBlockIntervalMs: 6_000 }), /pala\.emptyBlockIntervalMs/],
    ['a time that is none', { ...base, genesisTime: 'yesterday' }, /genesisTime.*RFC 3339/],
    ['a network with a slash', { ...base, network: 'a/b' }, /network/],
    ['an upper-case key', withVoters([{ ...seat(1), publicKey: keyOf(1).toUpperCase() }]), /publicKey/],
    ['an empty kv key', { ...base, kv: { '': 'x' } }, /kv/],
    ['a value above 64 KiB', { ...base, kv: { a: 'é'.repeat(32_769) } }, /kv\.a/],
    ['an unknown field', { ...base, sesion: {} }, /sesion is unknown, did you mean session\?/],
    ['an unknown parameter', withPala({ heartbeatM: 1 } as object), /pala\.heartbeatM is unknown, did you mean heart/],
    ['a list', [], /the document/],
  ])('P16.2 refuses %s and names the field', (_name, document, message) => {
    const parse = () => parseGenesis(JSON.stringify(document))
    expect(parse).toThrow(expect.objectContaining({ code: 'genesis-invalid' }))
    expect(parse).toThrow(message)
  })

  it.each([...SMALL_ORDER, 'f'.repeat(64)])('P16.2 refuses the unusable key %s', (publicKey) => {
    expect(() => parseGenesis(JSON.stringify(withVoters([{ publicKey, org: 'x' }])))).toThrow(/not a usable Ed25519/)
  })

  it('refuses more members than decoders take (P25)', () => {
    const many = (count: number) => Array.from({ length: count }, () => seat(1))
    expect(() => parseGenesis(JSON.stringify(withVoters(many(401))))).toThrow(/session\.voters: Too big/)
    const proposers = { ...base, session: { ...base.session, proposers: many(33) } }
    expect(() => parseGenesis(JSON.stringify(proposers))).toThrow(/session\.proposers: Too big/)
  })

  it('reads a file; a missing, damaged or huge one says what to do', async () => {
    const path = join(await tempDir(), 'genesis.json')
    await expect(readGenesis(path)).rejects.toMatchObject({ code: 'genesis-missing' })
    const { text, chainId } = createGenesis(base)
    await writeFile(path, text)
    expect((await readGenesis(path)).chainId).toBe(chainId)
    await writeFile(path, text.slice(0, -20))
    await expect(readGenesis(path)).rejects.toMatchObject({ code: 'genesis-invalid' })
    await writeFile(path, text + ' '.repeat(8 * 1_024 * 1_024))
    await expect(readGenesis(path)).rejects.toMatchObject({ code: 'genesis-invalid' })
  })
})

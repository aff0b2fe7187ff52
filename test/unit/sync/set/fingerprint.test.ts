/** Both suites of fingerprints (S3.5): the spec's values, the algebra, and what XOR alone cannot see. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createAccumulator,
  decodeAccumulator,
  encodeAccumulator,
  sameFingerprint,
} from '../../../../src/sync/set/fingerprint.ts'
import { lift } from '../../../../src/sync/set/lthash.ts'
import type { Suite } from '../../../../src/sync/set/types.ts'
import { idOf } from '../../../helpers/sync/atx-set.ts'
import { accumulatorOf, hex, packed, shown } from './fixtures.ts'

const SUITES: readonly Suite[] = ['xor', 'lthash16']
const JANUARY = ['atx-bob', 'atx-dave', 'atx-carol', 'atx-jan-late'].map(idOf)
const FEBRUARY = ['atx-feb-first', 'atx-feb-mid', 'atx-feb-late'].map(idOf)

const strongOf = (ids: readonly string[]) =>
  hex(accumulatorOf('lthash16', ids).fingerprint().strong ?? new Uint8Array(0))

describe('S3.6 strong values', () => {
  it.each([
    ['the empty set', [], '3364c7ec741178e1ed3632950d43dc85e6b633b6e5200ae67ca4ed45f8c7dd9d'],
    ['bob', [idOf('atx-bob')], '3773c8fcd7dbc0de93246a7341cd8e12fde28651ac3156a3edf2a42058ecae68'],
    ['January', JANUARY, 'b3dd0b8ed32dfeebe64142391c7565b3a2c85d1323963a18321cac637ea8fd66'],
    [
      'January and February',
      [...JANUARY, ...FEBRUARY],
      '0518cc02c6b8b2443185c9ab03ea999297e50d88cda7ecb476665621c308dccb',
    ],
  ])('%s', (_, ids, strong) => {
    expect(strongOf(ids)).toBe(strong)
  })

  it('the first lanes of bob', () => {
    const lanes = new Uint16Array(lift(packed([idOf('atx-bob')]), 0).buffer)
    expect([...lanes.subarray(0, 4)]).toEqual([48_944, 23_722, 46_054, 36_941])
  })
})

const numbers = (text: string) => text.split(' ').map((number) => idOf(`forge-${number}`))
const FORGED_A = numbers(
  '0 2 4 7 10 11 14 15 21 22 23 24 25 26 27 29 30 33 34 35 36 37 41 43 44 49 50 54 56 58 60 61 62 63 67 68 69 73 76 79 80 82 83 86 87 88 89 91 95 96 97 98 99 100 102 106 107 109 112 113 114 115 116 118 121',
)
const FORGED_B = numbers(
  '122 123 125 127 130 131 133 135 136 139 145 148 150 151 154 155 162 165 169 171 173 175 176 178 179 182 185 186 188 193 195 198 199 201 205 208 210 211 212 213 214 215 217 220 221 222 224 225 226 228 230 232 233 234 235 236 238 241 246 247 249 253 254 255 256',
)

describe('S10.1, A11: two sets with one count and one XOR', () => {
  const [a, b] = [accumulatorOf('lthash16', FORGED_A), accumulatorOf('lthash16', FORGED_B)]

  it('have no id in common, and the XOR of the spec', () => {
    expect(FORGED_A.filter((id) => FORGED_B.includes(id))).toEqual([])
    const xor = 'a8b3fa1d8ca913693a1d7e7aa56f5a7fd0ff5ff207746ac240bbfd123eaf46e1'
    expect([a, b].map((each) => shown(each.fingerprint('xor')))).toEqual([`65 ${xor} -`, `65 ${xor} -`])
  })

  it('suite 1 takes them for equal, suite 2 does not', () => {
    expect(sameFingerprint(a.fingerprint('xor'), b.fingerprint('xor'))).toBe(true)
    expect(sameFingerprint(a.fingerprint(), b.fingerprint())).toBe(false)
  })
})

describe('S3.5 comparing', () => {
  const [bob, dave] = ['atx-bob', 'atx-dave'].map((name) => accumulatorOf('lthash16', [idOf(name)]).fingerprint())
  if (bob === undefined || dave === undefined) throw new Error('two fingerprints')

  it.each([
    ['the same set', bob, bob, true],
    ['another set', bob, dave, false],
    ['another count', bob, { ...bob, count: 2 }, false],
    ['another strong value', bob, { ...bob, strong: dave.strong }, false],
    ['a strong value on one side only is passed over', bob, { ...bob, strong: null }, true],
  ])('%s', (_, a, b, same) => {
    expect(sameFingerprint(a, b)).toBe(same)
    expect(sameFingerprint(b, a)).toBe(same)
  })
})

/** The sum of a set, lane by lane, with nothing clever about it. */
function lanesOf(ids: readonly string[]): number[] {
  const sum = new Array<number>(1_024).fill(0)
  for (const id of ids) {
    const bytes = Buffer.from(lift(packed([id]), 0).buffer)
    for (let lane = 0; lane < 1_024; lane++) {
      sum[lane] = ((sum[lane] as number) + bytes.readUInt16LE(lane * 2)) % 65_536
    }
  }
  return sum
}

const idSets = fc.uniqueArray(fc.nat(200), { maxLength: 24 }).map((names) => names.map((name) => idOf(`${name}`)))

describe.each(SUITES)('the algebra of %s', (suite) => {
  it('uniting disjoint parts, and taking one away again, gives the fingerprint of the whole and of the rest', () => {
    fc.assert(
      fc.property(idSets, fc.nat(24), (ids, cut) => {
        const [left, right] = [ids.slice(0, cut), ids.slice(cut)]
        const whole = accumulatorOf(suite, left)
        whole.unite(accumulatorOf(suite, right))
        expect(shown(whole.fingerprint())).toBe(shown(accumulatorOf(suite, ids.toReversed()).fingerprint()))
        whole.subtract(accumulatorOf(suite, left))
        expect(shown(whole.fingerprint())).toBe(shown(accumulatorOf(suite, right).fingerprint()))
      }),
      { numRuns: 40 },
    )
  })

  it('the state on disk gives the accumulator back, and other bytes give none', () => {
    const january = accumulatorOf(suite, JANUARY)
    const bytes = encodeAccumulator(january)
    const read = decodeAccumulator(bytes, suite)
    expect(read === null ? null : shown(read.fingerprint())).toBe(shown(january.fingerprint()))
    expect(decodeAccumulator(bytes.subarray(1), suite)).toBeNull()
    expect(decodeAccumulator(bytes, suite === 'xor' ? 'lthash16' : 'xor')).toBeNull()
  })

  it('a copy goes its own way', () => {
    const first = accumulatorOf(suite, JANUARY)
    const before = shown(first.fingerprint())
    first.copy().add(packed(FEBRUARY))
    expect(shown(first.fingerprint())).toBe(before)
  })

  it('reads packed ids wherever they lie in memory', () => {
    const shifted = Buffer.concat([Buffer.alloc(1), packed(JANUARY)]).subarray(1)
    const accumulator = createAccumulator(suite)
    accumulator.add(shifted)
    expect(shown(accumulator.fingerprint())).toBe(shown(accumulatorOf(suite, JANUARY).fingerprint()))
  })
})

it('S3.5 lanes are sums mod 2^16, little endian in the state: beside a model that adds one at a time', () => {
  fc.assert(
    fc.property(idSets, (ids) => {
      const state = Buffer.from(encodeAccumulator(accumulatorOf('lthash16', ids))).subarray(40)
      expect(Array.from({ length: 1_024 }, (_, lane) => state.readUInt16LE(lane * 2))).toEqual(lanesOf(ids))
    }),
    { numRuns: 20 },
  )
})

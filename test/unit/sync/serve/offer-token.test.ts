/** Tokens of offers (S9.1). */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TOKEN_LIFE_MS } from '../../../../src/sync/serve/bounds.ts'
import { createOfferTokens } from '../../../../src/sync/serve/offer-token.ts'

const START = 1_700_000_000_000

function tokensAt(start = START) {
  let now = start
  const tokens = createOfferTokens(new Uint8Array(32).fill(1), { now: () => now })
  const pass = (ms: number): void => {
    now += ms
  }
  return { tokens, pass }
}

it('S9.1 the bytes of a token: expiry, then HMAC-SHA-256 over domain, expiry and peer', () => {
  expect(Buffer.from(tokensAt().tokens.make('12D3KooWBob')).toString('hex')).toMatchInlineSnapshot(
    `"0000018bd01c5680605da566737c1a41ab37f1e9d4700c47419aa8d1fddfbd381da79acc546ea1f6"`,
  )
})

it('S9.1 a token is good for its peer, until it expires', () => {
  const { tokens, pass } = tokensAt()
  const token = tokens.make('bob')
  expect(tokens.isGood('bob', token)).toBe(true)
  expect(tokens.isGood('eve', token)).toBe(false)
  pass(TOKEN_LIFE_MS - 1)
  expect(tokens.isGood('bob', token)).toBe(true)
  pass(1)
  expect(tokens.isGood('bob', token)).toBe(false)
})

it('S9.1 a token of another process is not good', () => {
  const { tokens } = tokensAt()
  const others = createOfferTokens(new Uint8Array(32).fill(2), { now: () => START })
  expect(tokens.isGood('bob', others.make('bob'))).toBe(false)
})

it('property: no changed, cut or invented token is good', () => {
  const { tokens } = tokensAt()
  const token = tokens.make('bob')
  const changed = fc
    .record({ at: fc.nat(token.byteLength - 1), by: fc.integer({ min: 1, max: 255 }) })
    .map(({ at, by }) => {
      const copy = Uint8Array.from(token)
      copy[at] = (copy[at] ?? 0) ^ by
      return copy
    })
  const cut = fc.nat(token.byteLength - 1).map((length) => token.subarray(0, length))
  fc.assert(
    fc.property(fc.oneof(changed, cut, fc.uint8Array({ maxLength: 64 })), (bad) => {
      expect(tokens.isGood('bob', bad)).toBe(false)
    }),
  )
})

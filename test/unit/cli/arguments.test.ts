/** What people type: durations, multiaddrs, node numbers, typing errors. */
import { describe, expect, test } from 'vitest'
import { formatMs, parseDuration } from '../../../bin/durations.ts'
import { exitCodeOf } from '../../../bin/errors.ts'
import { checkMultiaddr } from '../../../bin/multiaddr-check.ts'
import { checkCount, parseFaultKinds, parseNode, parseRate } from '../../../bin/testnet-arguments.ts'
import { PalaverError } from '../../../src/errors.ts'

const PEER = '12D3KooWBmAwcd4PJNJvfV89HwE48nwkRmAgo8Vy3uQEyNNHBox2'

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text, '--timeout')).toBe(ms)
  })

  test.each(['', '30', 's', '-1s', '0s', '1d', '99999h', 'NaNs'])("'%s' is a usage error", (text) => {
    expect(() => parseDuration(text, '--timeout')).toThrowError(expect.objectContaining({ code: 'usage' }))
  })

  test('are printed in the unit that reads best', () => {
    expect([null, 4.24, 420, 4_200, 300_000, 7_500_000].map(formatMs)).toEqual([
      '-',
      '4.2 ms',
      '420 ms',
      '4.2 s',
      '5 min',
      '2 h 5 min',
    ])
  })
})

describe('multiaddrs', () => {
  test('a dialable one passes', () => {
    expect(checkMultiaddr(`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`)).toContain(PEER)
    expect(checkMultiaddr(`/dns4/node.example.org/tcp/4001/p2p/${PEER}`)).toContain(PEER)
  })

  test.each([
    ['http://127.0.0.1:4001', /URL/],
    ['127.0.0.1:4001', /must begin/],
    [`/ip4/127.0.0.1/p2p/${PEER}`, /port/],
    ['/ip4/127.0.0.1/tcp/4001', /peer id/],
    ['/ip4/127.0.0.1/tcp/4001/p2p/12D3Koo', /not a peer id/],
  ])('%s names its mistake', (text, message) => {
    expect(() => checkMultiaddr(text)).toThrowError(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
    )
  })
})

test('node numbers, counts and fault kinds are checked', () => {
  expect([parseNode('2'), parseNode('node3')]).toEqual([2, 3])
  expect(parseFaultKinds('kill, pause')).toEqual(['kill', 'pause'])
  expect(parseFaultKinds(undefined)).toEqual([])
  const usage = expect.objectContaining({ code: 'usage' })
  for (const bad of [
    () => parseNode('-1'),
    () => parseNode('x'),
    () => checkCount('--nodes', 1.5, 1),
    () => checkCount('--nodes', Number.NaN, 1),
    () => parseFaultKinds('explode'),
  ]) {
    expect(bad).toThrowError(usage)
  }
})

test('error codes map to the exit codes of CONTRACT, anything else is a bug', () => {
  const exit = (code: string): number => exitCodeOf(new PalaverError(code, 'x'))
  expect(['usage', 'genesis-invalid', 'unreachable', 'timeout', 'home-locked', 'wrong-password'].map(exit)).toEqual([
    2, 3, 4, 5, 7, 1,
  ])
  expect(exitCodeOf(new TypeError('x'))).toBe(70)
})

describe('rates of links', () => {
  test.each([
    ['40000', 40_000],
    ['250KB', 250_000],
    ['1MB/s', 1_000_000],
    ['1.5m', 1_500_000],
    ['2GB', 2_000_000_000],
  ])('%s is %d bytes per second', (text, bytes) => {
    expect(parseRate(text)).toBe(bytes)
  })

  test.each(['', '0', '-1', 'fast', '1TB', '1e9', '1 M B', 'MB', '0.0001'])("'%s' is a usage error", (text) => {
    expect(() => parseRate(text)).toThrowError(expect.objectContaining({ code: 'usage' }))
  })
})

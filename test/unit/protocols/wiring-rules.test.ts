/** Small rules of the network layer: peer ids, which duplicate connection stays, dial errors, the catalogue. */
import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CHANNELS, ROLE_HANDSHAKE, TOPICS } from '../../../src/protocols/catalogue.ts'
import { explainDialError } from '../../../src/protocols/dial-errors.ts'
import { redundantLinks, SIMULTANEOUS_MS } from '../../../src/protocols/duplicate-links.ts'
import { peerIdFromPublicKeyHex, publicKeyHexFromPeerId } from '../../../src/protocols/peer-ids.ts'

describe('peer ids', () => {
  it('translate both ways', () => {
    const key = hash('sha256', 'key')
    expect(peerIdFromPublicKeyHex(key)).toMatch(/^12D3KooW/)
    expect(publicKeyHexFromPeerId(peerIdFromPublicKeyHex(key))).toBe(key)
  })

  it.each(['', 'nonsense', 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'])(
    '%j is not the id of an Ed25519 key',
    (text) => {
      expect(publicKeyHexFromPeerId(text)).toBeNull()
    },
  )
})

describe('P18.7 duplicate connections', () => {
  const link = (direction: 'inbound' | 'outbound', openedAt: number) => ({
    peer: 'm',
    openedAt,
    connection: { direction },
  })
  const [dialled, taken] = [link('outbound', 1_000), link('inbound', 1_100)]

  it.each([
    ['one connection stays', 'a', [dialled], []],
    ['of simultaneous dials the smaller id closes the other’s', 'a', [dialled, taken], [taken]],
    ['whichever came first', 'a', [taken, dialled], [taken]],
    ['the larger id closes nothing', 'z', [dialled, taken], []],
    [
      'a later dial by the other side replaces a stale connection',
      'a',
      [dialled, link('inbound', 1_000 + SIMULTANEOUS_MS)],
      [dialled],
    ],
    ['of two dials by the other side the newer stays', 'a', [taken, link('inbound', 1_200)], [taken]],
  ])('%s', (_what, self, links, closed) => {
    expect(redundantLinks(self, links)).toEqual(closed)
  })
})

describe('dial errors', () => {
  const named = (name: string, message = '', code?: string) => Object.assign(new Error(message), { name, code })
  it.each([
    ['connection-refused', named('Error', 'connect ECONNREFUSED', 'ECONNREFUSED')],
    ['connection-refused', new AggregateError([named('Error', '', 'ECONNREFUSED')], 'all failed')],
    ['connection-refused', new Error('outer', { cause: named('Error', '', 'ECONNREFUSED') })],
    [
      'wrong-peer-id',
      named('EncryptionFailedError', 'Payload identity key X does not match expected remote identity key Y'),
    ],
    ['wrong-peer-id', named('UnexpectedPeerError')],
    ['not-libp2p', named('EncryptionFailedError', 'Unexpected EOF - stream closed while reading 46/72 bytes')],
    ['connection-closed', named('EncryptionFailedError', 'Unexpected EOF - stream closed while reading 0/1 bytes')],
    ['dial-timeout', named('EncryptionFailedError', 'The operation was aborted due to timeout')],
    ['dial-timeout', named('TimeoutError')],
    ['unreachable', named('Error', '', 'ENOTFOUND')],
    ['bad-multiaddr', named('NoValidAddressesError')],
    ['banned', named('DialDeniedError')],
    ['self-dial', named('DialError', 'Tried to dial self')],
    ['connection-closed', 'a string'],
  ])('%s', (code, error) => {
    const explained = explainDialError(error, '/ip4/192.0.2.1/tcp/1')
    expect(explained).toMatchObject({ code, cause: error })
    expect(explained.message).toContain('/ip4/192.0.2.1/tcp/1')
  })
})

describe('catalogue', () => {
  it('every row is bounded and named /palaver/<concern>/<name>/<major>', () => {
    const rows = Object.values(CHANNELS)
    for (const row of rows) {
      expect(row.protocol).toMatch(/^\/palaver\/[a-z]+\/[a-z]+\/\d+$/)
      expect(row.maxQueueBytes).toBeGreaterThan(row.maxMessageBytes)
      expect(row.burst).toBeGreaterThanOrEqual(row.rate)
    }
    expect(new Set(rows.map(({ protocol }) => protocol)).size).toBe(rows.length)
    expect(ROLE_HANDSHAKE.protocol).toMatch(/^\/palaver\/role\//)
    for (const { name } of Object.values(TOPICS)) expect(name).toMatch(/^[a-z]+\/[a-z]+\/\d+$/)
  })
})

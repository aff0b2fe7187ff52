/** What stands between libp2p and the node: its log, its book of peers, the DHT's store. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Peer } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import { recordlessStore } from '../../../src/node/dht-store.ts'
import { bridgeLog, formatLine } from '../../../src/node/libp2p-log.ts'
import { trimPeerBook } from '../../../src/node/peer-book.ts'
import { seedOf } from '../../helpers/networks.ts'

describe('the log of libp2p', () => {
  it.each([
    ['dial to %p failed - %e', ['12D3', new TypeError('no')], 'dial to 12D3 failed - TypeError: no'],
    ['%d of %s at 100%%', [3, 'x'], '3 of x at 100%'],
    ['missing %s', [], 'missing %s'],
    ['%o', [{ a: 1 }], '{"a":1}'],
    [new Error('only'), [], 'Error: only'],
  ])('%j', (pattern, values, line) => {
    expect(formatLine(pattern, values)).toBe(line)
  })

  it('goes to debug for errors, to trace for the rest, and nowhere when nobody listens', () => {
    const lines: string[] = []
    const write = (level: string) => (fields: object, message: string) =>
      void lines.push(`${level} ${JSON.stringify(fields)} ${message}`)
    const base = {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    }
    const loud = bridgeLog({ ...base, isLevelEnabled: (level) => level === 'debug' }).forComponent('libp2p')
    loud('chatter')
    loud.newScope('dial').error('failed %d times', 3)
    bridgeLog(base).forComponent('libp2p').error('unheard')
    expect(lines).toEqual(['debug {"component":"libp2p:dial"} failed 3 times'])
  })
})

describe('the book of peers', () => {
  it('forgets peers above the bound: never the wanted, first those that never answered', async () => {
    const peers = await Promise.all(
      ['wanted', 'never', 'old', 'new'].map(async (name, at): Promise<Peer> => {
        const id = peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seedOf(name)))
        const metadata = new Map(at < 2 ? [] : [['last-dial-success', Buffer.from(String(at))]])
        return { id, addresses: [], metadata, tags: new Map(), protocols: [] }
      }),
    )
    const left = new Set(peers.map(({ id }) => id.toString()))
    const store = {
      all: async () => peers.filter(({ id }) => left.has(id.toString())),
      delete: async (id: Peer['id']) => void left.delete(id.toString()),
    }
    const options = { isWanted: (peer: string) => peer === peers[0]?.id.toString(), max: 1 }
    expect(await trimPeerBook(store, options)).toBe(2)
    expect([...left]).toEqual([peers[0]?.id.toString(), peers[3]?.id.toString()])
    expect(await trimPeerBook(store, options)).toBe(0)
  })
})

describe('the DHT’s store', () => {
  it('takes everything and keeps nothing', async () => {
    const key = '/dht/record/x' as unknown as Parameters<typeof recordlessStore.put>[0]
    await recordlessStore.put(key, new Uint8Array(1))
    expect(await recordlessStore.has(key)).toBe(false)
    await expect(recordlessStore.get(key)).rejects.toMatchObject({ name: 'NotFoundError' })
  })
})

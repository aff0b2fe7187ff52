/** Whether a home looks for a snapshot at all, and what its API says while one is fetched. */
import { describe, expect, it } from 'vitest'
import { EXIT, exitCodeOf } from '../../../bin/errors.ts'
import { systemClock } from '../../../src/machine/clock.ts'
import { nodeStatusSchema } from '../../../src/node/api/schemas.ts'
import { ConfigError } from '../../../src/node/errors.ts'
import { createEventBus } from '../../../src/node/events.ts'
import { parseGenesis, sessionOf } from '../../../src/node/genesis.ts'
import { type HomeStartOptions, prepareHome } from '../../../src/node/home-start.ts'
import { createLog } from '../../../src/node/log.ts'
import { createSnapshotPort } from '../../../src/node/snapshot-port.ts'
import { signerOf } from '../../helpers/committee.ts'
import { createTeam, genesisOf, SessionsChain } from '../../helpers/sessions-chain.ts'
import { openDb } from '../../helpers/snapshots.ts'

const team = createTeam('founder', 4)
const genesis = parseGenesis(genesisOf(team).text)
const session = sessionOf(genesis.genesis)
/** Nobody listens there. */
const NOBODY = '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'
const events = createEventBus({ clock: systemClock, onListenerError: () => undefined })
const metrics = async () => ({ contentType: 'text/plain', text: '' })

async function prepare(options: Partial<HomeStartOptions>) {
  const notices: string[] = []
  const { db, store } = await openDb()
  const start = (change: Partial<HomeStartOptions> = {}) =>
    prepareHome({
      sync: 'auto',
      genesis,
      session,
      publicKey: signerOf('newcomer').publicKey,
      self: 'newcomer',
      db,
      addresses: [NOBODY],
      mdns: false,
      clock: systemClock,
      startedAt: systemClock.now(),
      signal: new AbortController().signal,
      log: createLog('fatal').forModule('net'),
      events,
      metrics,
      openApi: async () => undefined,
      onSync: () => undefined,
      onNotice: (text) => notices.push(text),
      ...options,
      ...change,
    })
  return { start, notices, store }
}

const ended = AbortSignal.abort('looked')

describe('whether to look for a snapshot', () => {
  it.each<[string, Partial<HomeStartOptions>]>([
    ['told to begin with blocks', { sync: 'blocks' }],
    ['a member of the first committee, which would not vote for a while', { publicKey: session.voters[0]?.key ?? '' }],
    ['nobody to ask', { addresses: [] }],
  ])('not: %s', async (_why, options) => {
    const { start } = await prepare({ ...options, signal: ended })
    await expect(start()).resolves.toBeUndefined()
  })

  it('else yes, and a member of the first committee when told to', async () => {
    const { start } = await prepare({ signal: ended })
    await expect(start()).rejects.toBe('looked')
    await expect(start({ sync: 'snapshot', publicKey: session.voters[0]?.key ?? '' })).rejects.toBe('looked')
  })

  it('auto: when nobody can be reached it begins with blocks at once', async () => {
    const { start, notices } = await prepare({})
    await expect(start()).resolves.toBeUndefined()
    expect(notices).toEqual([])
  })

  it('a home with final blocks goes on with them, and says so to whoever wants a snapshot', async () => {
    const { start, store, notices } = await prepare({ sync: 'snapshot', signal: ended })
    const chain = new SessionsChain(team)
    const { proposal } = chain.add()
    const { hash, header } = proposal.block
    await store.write(
      [
        { type: 'block', proposal },
        { type: 'finalized', blocks: [{ hash, sn: header.sn, height: 1 }] },
      ],
      true,
    )
    await start()
    expect(notices).toEqual(['this home has block 1 and goes on from there, without a snapshot'])
  })

  it('CONTRACT: a snapshot that cannot be had ends with exit code 5', () => {
    expect(exitCodeOf(new ConfigError('no-snapshot', 'none'))).toBe(EXIT.notReady)
  })
})

describe('the API while a snapshot is fetched', () => {
  const portOf = (snapshot: object | null) =>
    createSnapshotPort({
      self: 'newcomer',
      chainId: genesis.chainId,
      networkName: 'proofs',
      genesisTime: 0,
      session,
      network: { peers: () => [] },
      events,
      metrics,
      clock: systemClock,
      startedAt: systemClock.now(),
      progress: () => (snapshot === null ? null : { snapshot: snapshot as never, peers: 3 }),
    })
  const progress = { height: 900, chunks: 8, storedChunks: 2, bytes: 4_000, storedBytes: 1_000 }

  it('has a status in the shape of every other one', () => {
    const status = portOf(progress).status()
    expect(nodeStatusSchema.parse(status)).toEqual(status)
    expect(status.sync).toMatchObject({ state: 'catching-up', phase: 'snapshot', target: 900, peers: 3 })
    expect(status.sync.snapshot).toEqual(progress)
    expect(portOf(null).status().sync).toMatchObject({ state: 'searching', phase: null })
  })

  it('is not ready, and refuses what needs a chain', () => {
    const port = portOf(progress)
    expect(port.readiness()).toEqual([{ name: 'sync', ok: false, detail: 'fetching a snapshot' }])
    expect(() => port.kv('city')).toThrow(/fetching a snapshot: wait/)
    expect(() => port.block('latest')).toThrow(expect.objectContaining({ code: 'not-ready' }))
  })
})

/**
 * A process of its own that runs consensus, range sync, store and network without a ledger: one that serves a chain, or one
 * that catches up and tells what that cost. `range-sync.ts` forks it: `range-node.ts serve|follow DATABASE ADDRESS...`.
 */
import { createSigner } from '../src/crypto/keys.ts'
import { systemClock } from '../src/machine/clock.ts'
import { openDatabase } from '../src/node/database.ts'
import type { PalaverNetwork } from '../src/node/libp2p.ts'
import { createPala } from '../src/pala/service.ts'
import { restoreState } from '../src/pala/state.ts'
import { createPalaStore, type PalaStore } from '../src/pala/store.ts'
import type { Block } from '../src/pala/types.ts'
import { CHANNELS } from '../src/protocols/catalogue.ts'
import type { Network } from '../src/protocols/network.ts'
import { createQuietNetwork } from './quiet-network.ts'
import { configOf, SESSION, seedOf } from './range-chain.ts'

/** What a process that catches up says: payload delivered from its first range request on, and what that took. */
export type Spent = { readonly bytes: number; readonly blocks: number; readonly cpuMs: number; readonly wallMs: number }
export type Report =
  | { readonly type: 'serving'; readonly addresses: readonly string[]; readonly height: number }
  | { readonly type: 'caughtUp'; readonly spent: Spent; readonly startCpuMs: number }

const SERVERS = 2
const ZERO_HASH = '0'.repeat(64)
const ignore = (): void => undefined

const createNetwork = (name: string): PalaverNetwork => createQuietNetwork(seedOf(name), configOf(name).chainId)

type Parts = {
  readonly name: string
  readonly store: PalaStore
  readonly network: Network
  readonly deliver: (block: Block) => void
}

/** Consensus with an application that takes what it is given. */
async function startPala({ name, store, network, deliver }: Parts): Promise<void> {
  const pala = createPala({
    state: restoreState(configOf(name), [SESSION], await store.load()),
    store,
    journal: null,
    network,
    application: {
      buildPayload: async () => [],
      checkPayload: async () => ({ verdict: 'valid' }),
      deliver: async (block) => deliver(block),
      stateRootAt: async () => ZERO_HASH,
      electNext: async () => null,
      appliedHeight: () => 0,
    },
    signer: createSigner(seedOf(name)),
    clock: systemClock,
    observer: {
      notice: ignore,
      finalized: ignore,
      alarm: (code, detail) => fail(`${code}: ${detail}`),
      rejected: ignore,
      persisted: ignore,
      leaderChanged: ignore,
      voted: ignore,
      failed: fail,
    },
  })
  await network.start()
  pala.start()
}

function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}

const tell = (report: Report): void => void process.send?.(report)

async function serve(path: string): Promise<void> {
  const store = createPalaStore(await openDatabase(path))
  const networks = Array.from({ length: SERVERS }, (_, index) => createNetwork(`server ${index}`))
  for (const [index, network] of networks.entries()) {
    await startPala({ name: `server ${index}`, store, network, deliver: ignore })
  }
  const addresses = networks.flatMap((network) => network.multiaddrs().slice(0, 1))
  tell({ type: 'serving', addresses, height: (await store.finalized())?.height ?? 0 })
}

async function follow(path: string, height: number, addresses: readonly string[]): Promise<void> {
  const network = createNetwork('follower')
  let first: { readonly cpu: NodeJS.CpuUsage; readonly at: number } | null = null
  let bytes = 0
  const asked = onFirstRequest(network, () => {
    first = { cpu: process.cpuUsage(), at: systemClock.now() }
  })
  function deliver({ header, payload }: Block): void {
    for (const entry of payload) bytes += entry.byteLength
    if (header.height < height || first === null) return
    const { user, system } = process.cpuUsage(first.cpu)
    const spent = { bytes, blocks: height, cpuMs: (user + system) / 1_000, wallMs: systemClock.now() - first.at }
    tell({ type: 'caughtUp', spent, startCpuMs: (first.cpu.user + first.cpu.system) / 1_000 })
  }
  await startPala({ name: 'follower', store: createPalaStore(await openDatabase(path)), network: asked, deliver })
  for (const address of addresses) await network.connect(address)
}

/** The same network, which tells when ranges are asked for the first time. */
function onFirstRequest(network: Network, note: () => void): Network {
  let isFirst = true
  return {
    ...network,
    channel(row, receive) {
      const channel = network.channel(row, receive)
      if (row !== CHANNELS.palaRange) return channel
      return {
        send(peer, message) {
          if (isFirst) note()
          isFirst = false
          return channel.send(peer, message)
        },
      }
    },
  }
}

// The parent ends this process by a message, so that a profile is written.
process.on('message', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
const [role, path, height, ...addresses] = process.argv.slice(2)
if (path === undefined) fail('usage: range-node serve|follow DATABASE [HEIGHT ADDRESS...]')
if (role === 'serve') await serve(path)
else await follow(path, Number(height), addresses)

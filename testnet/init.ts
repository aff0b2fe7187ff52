/** Makes the homes of a testnet: keys without password, one genesis, addresses under which the nodes find each other. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSigner } from '../src/crypto/keys.ts'
import { systemClock } from '../src/machine/clock.ts'
import { createGenesis, type OpenedGenesis } from '../src/node/genesis.ts'
import { createNodeHome } from '../src/node/home-creation.ts'
import { createSeed } from '../src/node/keystore.ts'
import { peerIdFromPublicKeyHex } from '../src/protocols/peer-ids.ts'
import { TestnetError } from './errors.ts'
import { freePorts } from './free-ports.ts'
import { homeOf, type Manifest, manifestPath, type NodeEntry, readManifest, writeManifest } from './manifest.ts'

export type TestnetSize = { readonly validators: number; readonly observers: number }

export type InitOptions = TestnetSize & {
  readonly dir: string
  readonly network?: string
  /** Consensus parameters that differ from a testnet's. */
  readonly pala?: Readonly<Record<string, number>>
  /** What differs from the usual calendar of the ATX set; a testnet's timeframes of a fixed length start when it is made. */
  readonly atx?: { readonly timeframe: number }
}

/** On one machine a silent leader is given up sooner than over a WAN. */
const PALA = {
  firstProposalDelayMs: 200,
  firstProposalLimitMs: 1_500,
  voterTimeoutMs: 3_000,
  maxVoterTimeoutMs: 20_000,
}

/** Makes `dir` with genesis.json, node0/ ... and testnet.json. Throws `exists` when a testnet lies there already. */
export async function initTestnet(options: InitOptions): Promise<Manifest> {
  const { dir, validators, observers, network = 'testnet' } = options
  if (existsSync(manifestPath(dir))) {
    throw new TestnetError(
      'exists',
      `there is a testnet in ${dir} already; start it with: palaver testnet start ${dir}`,
    )
  }
  mkdirSync(dir, { recursive: true })
  const seeds = Array.from({ length: validators + observers }, createSeed)
  const keys = seeds.map((seed) => createSigner(seed).publicKey)
  const seats = keys.slice(0, validators).map((publicKey, index) => ({ publicKey, org: `org${index}` }))
  const genesisTime = new Date(systemClock.now()).toISOString()
  const session = { proposers: seats, voters: seats }
  const atx = options.atx === undefined ? {} : { atx: { ...options.atx, start: genesisTime } }
  const genesis = createGenesis({ network, genesisTime, session, pala: { ...PALA, ...options.pala }, ...atx })
  const ports = await freePorts(seeds.length)
  const nodes = keys.map((publicKey, index) =>
    newEntry({ index, role: index < validators ? 'validator' : 'observer', publicKey, port: ports[index] ?? 0 }),
  )
  const manifest: Manifest = { version: 1, network, nodes, proxy: null }
  for (const node of nodes) await makeHome({ dir, manifest, genesis, node, seed: seeds[node.index] ?? createSeed() })
  writeFileSync(join(dir, 'genesis.json'), genesis.text)
  writeManifest(dir, manifest)
  return manifest
}

export type EntryParts = Pick<NodeEntry, 'index' | 'role'> & { readonly publicKey: string; readonly port: number }

/** A node that never ran. */
export function newEntry({ index, role, publicKey, port }: EntryParts): NodeEntry {
  const peerId = peerIdFromPublicKeyHex(publicKey)
  return { index, role, home: `node${index}`, peerId, p2pPort: port, innerPort: null, apiUrl: null, process: null }
}

export type NewNode = {
  readonly dir: string
  readonly manifest: Manifest
  readonly genesis: OpenedGenesis
  readonly node: NodeEntry
  readonly seed: Uint8Array
}

/** Makes a node's home, with the addresses of all validators in the manifest. */
export async function makeHome({ dir, manifest, genesis, node, seed }: NewNode): Promise<void> {
  const others = manifest.nodes.filter(({ index, role }) => index !== node.index && role === 'validator')
  const config = {
    listen: [`/ip4/127.0.0.1/tcp/${node.p2pPort}`],
    peers: others.map(({ p2pPort, peerId }) => `/ip4/127.0.0.1/tcp/${p2pPort}/p2p/${peerId}`),
    api: '127.0.0.1:0',
    mdns: false,
  }
  await createNodeHome(homeOf(dir, node), { seed, password: null, genesis, config })
}

/** Whether `dir` holds a testnet of that size, to be run again. Throws `exists` for one of another size. */
export function reuseTestnet(dir: string, { validators, observers }: TestnetSize): boolean {
  if (!existsSync(manifestPath(dir))) return false
  const { nodes } = readManifest(dir)
  const found = nodes.filter((node) => node.role === 'validator').length
  if (found === validators && nodes.length === validators + observers) return true
  const size = `${found} validators and ${nodes.length - found} observers`
  throw new TestnetError(
    'exists',
    `the testnet in ${dir} has ${size}; say so with --nodes and --observers, or use another --dir`,
  )
}

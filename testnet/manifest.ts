/** `testnet.json`: which nodes a testnet has, where their homes are, and which processes run them now. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ProcessIdentity } from '../src/node/process-identity.ts'
import { TestnetError } from './errors.ts'

export type NodeEntry = {
  readonly index: number
  readonly role: 'validator' | 'observer'
  /** Folder of the home, relative to the testnet's. */
  readonly home: string
  readonly peerId: string
  /** Port under which the other nodes know this one. */
  readonly p2pPort: number
  /** Port the node really listens on while link proxies run; null when that is `p2pPort`. */
  readonly innerPort: number | null
  /** API address of the last start. */
  readonly apiUrl: string | null
  readonly process: ProcessIdentity | null
}

/** The process that carries the traffic between nodes, and how to command it. */
export type ProxyEntry = { readonly process: ProcessIdentity; readonly controlUrl: string; readonly token: string }

export type Manifest = {
  readonly version: 1
  readonly network: string
  readonly nodes: readonly NodeEntry[]
  readonly proxy: ProxyEntry | null
}

const FILE = 'testnet.json'

export function manifestPath(dir: string): string {
  return join(dir, FILE)
}

/** Reads the manifest. Throws `no-testnet` or `manifest-invalid`. */
export function readManifest(dir: string): Manifest {
  const text = readText(dir)
  try {
    const manifest = JSON.parse(text) as Manifest
    if (manifest.version !== 1 || !Array.isArray(manifest.nodes))
      throw new SyntaxError('not a testnet manifest of version 1')
    return manifest
  } catch (cause) {
    throw new TestnetError(
      'manifest-invalid',
      `${manifestPath(dir)} is damaged; make the testnet anew with: palaver testnet init --nodes 4 --dir DIR`,
      { cause },
    )
  }
}

function readText(dir: string): string {
  try {
    return readFileSync(manifestPath(dir), 'utf8')
  } catch (cause) {
    throw new TestnetError(
      'no-testnet',
      `no testnet in ${resolve(dir)}; make one with: palaver testnet init --nodes 4 --dir ${dir}`,
      { cause },
    )
  }
}

/** Replaces the manifest in one step. It holds the proxy's token, so only its owner reads it. */
export function writeManifest(dir: string, manifest: Manifest): void {
  mkdirSync(dir, { recursive: true })
  const temporary = `${manifestPath(dir)}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, manifestPath(dir))
}

/** Changes one node's entry, rereading the file so that other processes' changes stay. */
export function updateNode(dir: string, index: number, change: Partial<NodeEntry>): NodeEntry {
  const manifest = readManifest(dir)
  const changed = { ...nodeOf(manifest, index), ...change }
  writeManifest(dir, { ...manifest, nodes: manifest.nodes.map((node) => (node.index === index ? changed : node)) })
  return changed
}

/** Records or forgets the proxy. */
export function updateProxy(dir: string, proxy: ProxyEntry | null): void {
  writeManifest(dir, { ...readManifest(dir), proxy })
}

/** The node with that number. Throws `usage`. */
export function nodeOf(manifest: Manifest, index: number): NodeEntry {
  const node = manifest.nodes.find((entry) => entry.index === index)
  if (node !== undefined) return node
  throw new TestnetError('usage', `there is no node ${index}; the testnet has nodes 0 to ${manifest.nodes.length - 1}`)
}

/** The absolute path of a node's home. */
export function homeOf(dir: string, node: NodeEntry): string {
  return resolve(dir, node.home)
}

/** The file that takes a node's output. */
export function logOf(dir: string, node: NodeEntry): string {
  return join(homeOf(dir, node), 'node.log')
}

/** How many validators may fail: f of 3f + 1. */
export function faultsTolerated(manifest: Manifest): number {
  return Math.floor((manifest.nodes.filter((node) => node.role === 'validator').length - 1) / 3)
}

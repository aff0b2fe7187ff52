/** Peers that serve a chain with a snapshot of a state, and newcomers who know only the first committee. */
import { ClassicLevel } from 'classic-level'
import { onTestFinished } from 'vitest'
import { verifyEd25519 } from '../../src/crypto/ed25519.ts'
import type { Hash, PeerId } from '../../src/domain.ts'
import type { SnapshotManifest } from '../../src/ledger/snapshot.ts'
import { encodeChunk, type StateEntry } from '../../src/ledger/snapshot-chunk.ts'
import { createSnapshotTarget } from '../../src/ledger/snapshot-import.ts'
import { leafChange, pathOf, sortChanges } from '../../src/ledger/state-hash.ts'
import { StateTree } from '../../src/ledger/state-tree.ts'
import { serveProofs } from '../../src/node/proof-server.ts'
import { createProofSource } from '../../src/node/proof-sources.ts'
import { createProofs } from '../../src/node/proofs.ts'
import { createSnapshotPeers } from '../../src/node/snapshot-peers.ts'
import { createManifestProver } from '../../src/node/snapshot-proof.ts'
import { serveSnapshots } from '../../src/node/snapshot-server.ts'
import { createPalaStore } from '../../src/pala/store.ts'
import { SnapshotChunk } from '../../src/protocols/wire/snapshot.gen.ts'
import { CHAIN_ID, type Committee } from './committee.ts'
import { createFakeNetwork } from './fake-network.ts'
import type { LongChain } from './pala-chain.ts'
import { linkNodes, type PalaNode, startPalaNode, type Tamper } from './pala-nodes.ts'
import { tempDir } from './temp-dir.ts'

/** Chunks are the subtrees under each path of so many bits. */
const BITS = 3

export type State = { readonly root: Hash; readonly entries: readonly StateEntry[] }

/** A state of `keys` kv pairs whose values are `word`. */
export function stateOf(keys: number, word: string): State {
  const entries = Array.from({ length: keys }, (_, index) => ({ key: `kv/key ${index}`, value: Buffer.from(word) }))
  entries.sort((a, b) => pathOf(a.key).compare(pathOf(b.key)))
  const tree = new StateTree()
  tree.update(sortChanges(entries.map(({ key, value }) => leafChange(key, value))))
  return { root: tree.root(), entries }
}

export type Snapshot = { readonly manifest: SnapshotManifest; readonly chunks: readonly Uint8Array[] }

/** The snapshot of a state that the chain commits to, at a height. */
export async function snapshotOf({ links }: LongChain, height: number, { root, entries }: State): Promise<Snapshot> {
  const parts = Array.from({ length: 2 ** BITS }, (_, prefix) => ({
    prefix,
    entries: entries.filter(({ key }) => pathOf(key).readUInt8(0) >> (8 - BITS) === prefix),
  })).filter((part) => part.entries.length > 0)
  const chunks = parts.map((part) => SnapshotChunk.encode({ entries: part.entries }))
  const infos = await Promise.all(parts.map((part) => encodeChunk(part.entries, { prefix: part.prefix, bits: BITS })))
  const witness = links.find(({ proposal: { block } }) => block.header.stateHeight === height)
  const manifest = {
    height,
    blockHash: links[height - 1]?.proposal.block.hash ?? '',
    stateRoot: root,
    proofHeight: witness?.proposal.block.header.height ?? 0,
    chunks: infos,
  }
  return { manifest, chunks }
}

export type ServerOptions = {
  readonly committee: Committee
  readonly chain: LongChain
  /** Read at each request. */
  readonly snapshot: () => Snapshot | null
  readonly lowestHeight?: number
}

export type Server = PalaNode & { readonly asked: number[] }

/** A node that holds the chain and serves blocks, proofs and the snapshot; `asked` are the chunks that went out. */
export async function startServer(peer: PeerId, options: ServerOptions): Promise<Server> {
  const { committee, chain, snapshot, lowestHeight } = options
  const base = { committee, chain }
  const node = await startPalaNode(peer, lowestHeight === undefined ? base : { ...base, lowestHeight })
  const { tree } = node.pala.state
  const source = createProofSource({ store: node.store, tree, first: committee.session, db: (await openDb()).db })
  const proofs = createProofs(source)
  const asked: number[] = []
  serveProofs({ network: node.network, proofs, value: async () => ({ ok: false, problem: 'unknown' }) })
  serveSnapshots({
    network: node.network,
    snapshots: () => ({
      manifest: async () => snapshot()?.manifest ?? null,
      async chunk(height, index) {
        const served = snapshot()
        if (served?.manifest.height !== height) return null
        asked.push(index)
        return served.chunks[index] ?? null
      },
    }),
  })
  return { ...node, asked }
}

export async function openDb(dir?: string) {
  const path = dir ?? (await tempDir())
  const db = new ClassicLevel<string, Uint8Array>(path, { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  return { db, dir: path, store: createPalaStore(db) }
}

/** A home without blocks, in a folder of an earlier one or a new one. */
export async function openNewcomer(committee: Committee, dir?: string, deadlineMs = 500) {
  const home = await openDb(dir)
  const network = createFakeNetwork('newcomer')
  const peers = createSnapshotPeers({ network, deadlineMs })
  const target = createSnapshotTarget({ db: home.db, prefix: 'ledger/', chainId: CHAIN_ID })
  const first = committee.session
  const prover = createManifestProver({ chainId: CHAIN_ID, first, peers, verifyEd25519 })
  return { ...home, peer: 'newcomer', network, peers, target, prover }
}

export type Newcomer = Awaited<ReturnType<typeof openNewcomer>>

/** Connects them; `tamper` sees what the server sends. */
export function meet(newcomer: Newcomer, server: PalaNode, tamper?: Tamper): PeerId {
  linkNodes(newcomer, server, tamper)
  return server.peer
}

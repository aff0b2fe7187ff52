/** Adds a node to a testnet that exists: a home with a new key, told where the others are. It follows until it is elected. */
import { join } from 'node:path'
import { createSigner } from '../src/crypto/keys.ts'
import { readGenesis } from '../src/node/genesis.ts'
import { createSeed } from '../src/node/keystore.ts'
import { freePorts } from './free-ports.ts'
import { makeHome, newEntry } from './init.ts'
import { type NodeEntry, readManifest, writeManifest } from './manifest.ts'

/** Makes the home and the manifest's entry; link proxies that run already do not cover it. */
export async function addNode(dir: string): Promise<NodeEntry & { readonly publicKey: string }> {
  const manifest = readManifest(dir)
  const genesis = await readGenesis(join(dir, 'genesis.json'))
  const seed = createSeed()
  const { publicKey } = createSigner(seed)
  const [port = 0] = await freePorts(1)
  const node = newEntry({ index: manifest.nodes.length, role: 'observer', publicKey, port })
  await makeHome({ dir, manifest, genesis, node, seed })
  const present = readManifest(dir)
  writeManifest(dir, { ...present, nodes: [...present.nodes, node] })
  return { ...node, publicKey }
}

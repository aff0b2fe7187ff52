/** A testnet grows: the new node belongs to the chain, knows where the members are, and is none of them. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { addNode } from '../../../testnet/add.ts'
import { initTestnet } from '../../../testnet/init.ts'
import { readManifest } from '../../../testnet/manifest.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

it('testnet add makes a home on the same chain, with the addresses of the members', async () => {
  const dir = join(await tempDir(), 'net')
  const { nodes } = await initTestnet({ dir, validators: 2, observers: 0 })
  const added = await addNode(dir)
  expect(added).toMatchObject({ index: 2, role: 'observer', process: null })
  expect(readManifest(dir).nodes.map(({ peerId }) => peerId)).toEqual([...nodes.map((n) => n.peerId), added.peerId])
  const read = (name: string): Promise<string> => readFile(join(dir, added.home, name), 'utf8')
  expect(await read('genesis.json')).toBe(await readFile(join(dir, 'genesis.json'), 'utf8'))
  const { peers } = JSON.parse(await read('config.json')) as { peers: string[] }
  expect(peers).toEqual(nodes.map(({ p2pPort, peerId }) => `/ip4/127.0.0.1/tcp/${p2pPort}/p2p/${peerId}`))
  expect((await addNode(dir)).index).toBe(3)
})

it('testnet add says how to make a testnet where there is none', async () => {
  await expect(addNode(join(await tempDir(), 'none'))).rejects.toMatchObject({ code: 'no-testnet' })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { taggedHash } from '../../../src/crypto/tagged-hash.ts'
import { leafChange, pathOf, sortChanges } from '../../../src/ledger/state-hash.ts'
import { KEY_TAG, LEAF_TAG, NODE_TAG, VALUE_TAG } from '../../../src/ledger/state-proof.ts'
import { StateTree } from '../../../src/ledger/state-tree.ts'

type Contents = ReadonlyMap<string, Uint8Array>
type Leaf = { readonly path: Uint8Array; readonly hash: Uint8Array }

function bit(path: Uint8Array, depth: number): number {
  return ((path[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1
}

/** The definition of the root, without any cleverness. */
function modelHash(leaves: readonly Leaf[], depth: number): Uint8Array {
  const [only] = leaves
  if (only === undefined) return new Uint8Array(32)
  if (leaves.length === 1) return only.hash
  const zeros = leaves.filter(({ path }) => bit(path, depth) === 0)
  const ones = leaves.filter(({ path }) => bit(path, depth) === 1)
  return taggedHash(NODE_TAG, modelHash(zeros, depth + 1), modelHash(ones, depth + 1))
}

function modelRoot(contents: Contents): string {
  const leaves = [...contents].map(([key, value]) => {
    const path = taggedHash(KEY_TAG, Buffer.from(key))
    return { path, hash: taggedHash(LEAF_TAG, path, taggedHash(VALUE_TAG, value)) }
  })
  return Buffer.from(modelHash(leaves, 0)).toString('hex')
}

function update(tree: StateTree, changes: Iterable<readonly [string, Uint8Array | null]>): void {
  tree.update(sortChanges([...changes].map(([key, value]) => leafChange(key, value))))
}

const aKey = fc.integer({ min: 0, max: 60 }).map((n) => `kv/${n}`)
const aValue = fc.option(fc.uint8Array({ maxLength: 3 }), { nil: null })
const aBatch = fc.array(fc.tuple(aKey, aValue), { maxLength: 40 })

test('the root after any batches is that of the contents, deletes included', () => {
  fc.assert(
    fc.property(fc.array(aBatch, { maxLength: 8 }), (batches) => {
      const tree = new StateTree()
      const contents = new Map<string, Uint8Array>()
      for (const batch of batches) {
        const changes = new Map(batch)
        update(tree, changes)
        for (const [key, value] of changes) {
          if (value === null) contents.delete(key)
          else contents.set(key, value)
        }
        expect(tree.root()).toBe(modelRoot(contents))
        expect(tree.size).toBe(contents.size)
      }
    }),
  )
})

test('the root does not depend on the order or on the slicing of changes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(aKey, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (keys, slice) => {
      const value = Buffer.from('x')
      const whole = new StateTree()
      update(
        whole,
        keys.map((key) => [key, value] as const),
      )
      const sliced = new StateTree()
      const reversed = keys.toReversed().map((key) => [key, value] as const)
      for (let at = 0; at < keys.length; at += slice) update(sliced, reversed.slice(at, at + slice))
      expect(sliced.root()).toBe(whole.root())
    }),
  )
})

test('an empty tree has the root zero, again after everything was deleted', () => {
  const tree = new StateTree()
  expect(tree.root()).toBe('00'.repeat(32))
  const keys = Array.from({ length: 500 }, (_, index) => `kv/${index}`)
  update(
    tree,
    keys.map((key) => [key, Buffer.from(key)] as const),
  )
  expect(tree.root()).not.toBe('00'.repeat(32))
  update(
    tree,
    keys.map((key) => [key, null] as const),
  )
  expect([tree.root(), tree.size]).toEqual(['00'.repeat(32), 0])
})

test('memory: places of deleted keys are used again, and a key takes at most 185 bytes', () => {
  const tree = new StateTree()
  for (let round = 0; round < 6; round += 1) {
    const keys = Array.from({ length: 10_000 }, (_, index) => `kv/${round}/${index}`)
    update(
      tree,
      keys.map((key) => [key, Buffer.from('v')] as const),
    )
    if (round < 5)
      update(
        tree,
        keys.map((key) => [key, null] as const),
      )
  }
  // Slabs hold 4,096 nodes: up to one partly used slab of each kind.
  expect(tree.bytes - 4_096 * (48 + 104)).toBeLessThan(185 * tree.size)
})

/** The root that a way from the tree leads to, for the leaf at its end. */
function rootOf({ siblings, leaf }: ReturnType<StateTree['path']>, path: Uint8Array): string {
  let hash = leaf === null ? new Uint8Array(32) : taggedHash(LEAF_TAG, leaf.path, leaf.valueHash)
  for (const [up, sibling] of siblings.toReversed().entries()) {
    const other = sibling ?? new Uint8Array(32)
    const isRight = bit(path, siblings.length - 1 - up) === 1
    hash = isRight ? taggedHash(NODE_TAG, other, hash) : taggedHash(NODE_TAG, hash, other)
  }
  return Buffer.from(hash).toString('hex')
}

test('frozen versions lead to their own roots while the tree goes on, until they are released', () => {
  fc.assert(
    fc.property(fc.array(aBatch, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), aKey, (batches, kept, key) => {
      const tree = new StateTree()
      const path = pathOf(key)
      const versions: { version: ReturnType<StateTree['freeze']>; root: string }[] = []
      for (const batch of batches) {
        update(tree, new Map(batch))
        versions.push({ version: tree.freeze(), root: tree.root() })
        if (versions.length > kept) versions.shift()
        const [oldest] = versions
        if (oldest !== undefined) tree.release(oldest.version)
        for (const { version, root } of versions) expect(rootOf(tree.path(version, path), path)).toBe(root)
      }
    }),
  )
})

test('memory: frozen versions keep what was overwritten, up to the bound; then the oldest cannot be read', () => {
  const tree = new StateTree()
  const keys = Array.from({ length: 4_000 }, (_, index) => `kv/${index}`)
  const fill = (round: number): void =>
    update(
      tree,
      keys.map((key) => [key, Buffer.from([round])] as const),
    )
  fill(0)
  const plain = tree.bytes
  const first = tree.freeze()
  let last = first
  for (let round = 1; round < 40; round += 1) {
    fill(round)
    last = tree.freeze()
  }
  expect([tree.isReadable(first), tree.isReadable(last)]).toEqual([false, true])
  expect(tree.bytes - plain).toBeLessThan(34_000_000)
  tree.release(last)
  // The slabs in use are kept: at most one of each kind is partly filled.
  expect(tree.bytes - plain).toBeLessThanOrEqual(4_096 * (48 + 104))
})

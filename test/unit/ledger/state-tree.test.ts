import fc from 'fast-check'
import { expect, test } from 'vitest'
import { taggedHash } from '../../../src/crypto/tagged-hash.ts'
import {
  KEY_TAG,
  LEAF_TAG,
  leafChange,
  NODE_TAG,
  StateTree,
  sortChanges,
  VALUE_TAG,
} from '../../../src/ledger/state-tree.ts'

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

test('memory: places of deleted keys are used again, and a key takes at most 150 bytes', () => {
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
  expect(tree.bytes - 4_096 * (40 + 64)).toBeLessThan(150 * tree.size)
})

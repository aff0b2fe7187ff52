/** Inclusion proofs: complete for every tree, and exact about the place although the root does not count the entries. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MerkleProof, merkleProof, merkleRoot } from '../../../src/crypto/merkle.ts'
import { EMPTY_ROOT, isIncluded } from '../../../src/verify/merkle.ts'

const entriesOf = (count: number) => Array.from({ length: count }, (_, index) => Uint8Array.of(index >> 8, index & 255))

describe('Merkle inclusion', () => {
  it('proves every place in every tree of up to 24 entries, and no other place', () => {
    for (let count = 1; count <= 24; count++) {
      const entries = entriesOf(count)
      const root = merkleRoot(entries)
      for (const [index, entry] of entries.entries()) {
        const proof = merkleProof(entries, index)
        expect(isIncluded(root, entry, proof)).toBe(true)
        for (let other = 0; other < 2 * count; other++) {
          if (other !== index) expect(isIncluded(root, entry, { ...proof, index: other })).toBe(false)
        }
      }
    }
  })

  it('a place cannot be moved by dropping, adding or reordering what surrounds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), (count, at, seed) => {
        const entries = entriesOf(count)
        const root = merkleRoot(entries)
        const index = at % count
        const entry = entries[index] ?? new Uint8Array(0)
        const proof = merkleProof(entries, index)
        for (const lie of liesAbout(proof, entries, seed)) {
          for (let place = 0; place < count; place++) {
            if (place !== index) expect(isIncluded(root, entry, { ...lie, index: place })).toBe(false)
          }
        }
      }),
      { numRuns: 15 },
    )
  })

  it('another entry, another root, a hash of another length: refused', () => {
    const entries = entriesOf(7)
    const root = merkleRoot(entries)
    const proof = merkleProof(entries, 4)
    expect(isIncluded(root, Uint8Array.of(9), proof)).toBe(false)
    expect(isIncluded(merkleRoot(entriesOf(8)), entries[4] ?? root, proof)).toBe(false)
    const short = { ...proof, path: proof.path.map((each) => each.subarray(1)) }
    expect(isIncluded(root, entries[4] ?? root, short)).toBe(false)
  })

  it('the empty root is that of no entries', () => {
    expect(Buffer.from(EMPTY_ROOT)).toEqual(Buffer.from(merkleRoot([])))
  })
})

function liesAbout(proof: MerkleProof, entries: readonly Uint8Array[], seed: number): MerkleProof[] {
  const { path, anchors } = proof
  const other = merkleProof(entries, seed % entries.length)
  return [
    { ...proof, anchors: anchors.slice(1) },
    { ...proof, anchors: anchors.slice(0, -1) },
    { ...proof, path: path.slice(1) },
    { ...proof, path: [...path, ...path] },
    { ...proof, anchors: other.anchors },
    { ...proof, path: other.path },
    { ...proof, anchors: [...anchors, ...other.anchors] },
    { ...proof, anchors: anchors.map(({ entry, path: up }) => ({ entry, path: up.slice(1) })) },
  ]
}

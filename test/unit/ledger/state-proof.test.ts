/** Proofs of single keys: what is so can be shown, and nothing else can. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { taggedHash } from '../../../src/crypto/tagged-hash.ts'
import { leafChange, pathOf, sortChanges } from '../../../src/ledger/state-hash.ts'
import { encodeStateProof, type StateClaim, verifyStateProof } from '../../../src/ledger/state-proof.ts'
import { StateTree } from '../../../src/ledger/state-tree.ts'
import { StateProof } from '../../../src/protocols/wire/state-proof.gen.ts'

type Contents = ReadonlyMap<string, Uint8Array>

function treeOf(contents: Contents): StateTree {
  const tree = new StateTree()
  tree.update(sortChanges([...contents].map(([key, value]) => leafChange(key, value))))
  return tree
}

function proofOf(tree: StateTree, key: string): Uint8Array {
  const path = pathOf(key)
  return encodeStateProof(tree.path(tree.freeze(), path), path)
}

function isShown(claim: StateClaim): boolean {
  return verifyStateProof(claim, taggedHash).ok
}

const aKey = fc.integer({ min: 0, max: 80 }).map((n) => `kv/${n}`)
const aValue = fc.uint8Array({ maxLength: 3 })
const someContents = fc.array(fc.tuple(aKey, aValue), { maxLength: 60 }).map((pairs) => new Map(pairs))

/** 200 keys, one of them, and claims about it that are true. */
function example() {
  const contents = new Map(Array.from({ length: 200 }, (_, n) => [`kv/${n}`, Buffer.from(`value ${n}`)]))
  const tree = treeOf(contents)
  const root = tree.root()
  const claimOf = (key: string): StateClaim => ({
    root,
    key,
    value: contents.get(key) ?? null,
    proof: proofOf(tree, key),
  })
  const absent = Array.from({ length: 50 }, (_, n) => claimOf(`kv/absent ${n}`))
  const beside = absent.find(({ proof }) => StateProof.decode(proof).otherPath.byteLength > 0)
  const empty = absent.find(({ proof }) => StateProof.decode(proof).otherPath.byteLength === 0)
  if (beside === undefined || empty === undefined) throw new Error('50 absent keys have both kinds of places')
  return { present: claimOf('kv/7'), another: claimOf('kv/8'), beside, empty }
}

function rewrite(claim: StateClaim, change: (message: StateProof) => Partial<StateProof>): StateClaim {
  const message = StateProof.decode(claim.proof)
  return { ...claim, proof: StateProof.encode({ ...message, ...change(message) }) }
}

describe('state proofs', () => {
  it('show presence and absence as a model knows it, and no other value', () => {
    fc.assert(
      fc.property(someContents, aKey, aValue, (contents, key, value) => {
        const tree = treeOf(contents)
        const proof = proofOf(tree, key)
        const actual = contents.get(key) ?? null
        const claims = [null, value, new Uint8Array(0), actual]
        for (const claimed of claims) {
          const isTrue = claimed === null ? actual === null : actual !== null && Buffer.compare(actual, claimed) === 0
          expect(isShown({ root: tree.root(), key, value: claimed, proof })).toBe(isTrue)
        }
      }),
    )
  })

  it('the proof of one key shows nothing of another', () => {
    fc.assert(
      fc.property(someContents, aKey, aKey, (contents, key, other) => {
        fc.pre(key !== other)
        const tree = treeOf(contents)
        const proof = proofOf(tree, other)
        const actual = contents.get(key) ?? null
        // An empty or other place may lie on the way of both; what is shown then is still true.
        for (const value of [null, ...contents.values()]) {
          const isTrue = value === null ? actual === null : actual !== null && Buffer.compare(actual, value) === 0
          if (isShown({ root: tree.root(), key, value, proof })) expect(isTrue).toBe(true)
        }
      }),
    )
  })

  it('no altered byte is accepted for any kind of place', () => {
    const { present, beside, empty } = example()
    for (const claim of [present, beside, empty]) {
      expect(isShown(claim)).toBe(true)
      for (let at = 0; at < claim.proof.byteLength; at += 1) {
        for (const flip of [1, 0x80, 0xff]) {
          const proof = Buffer.from(claim.proof)
          proof[at] = (proof[at] ?? 0) ^ flip
          expect(isShown({ ...claim, proof }), `byte ${at}`).toBe(false)
        }
      }
    }
  })

  it('no truncated or extended proof is accepted', () => {
    const { present, beside, empty } = example()
    for (const claim of [present, beside, empty]) {
      for (let size = 0; size < claim.proof.byteLength; size += 1) {
        expect(isShown({ ...claim, proof: claim.proof.subarray(0, size) }), `${size} bytes`).toBe(false)
      }
      expect(isShown({ ...claim, proof: Buffer.concat([claim.proof, Buffer.from([0x22, 0])]) })).toBe(false)
    }
  })

  const { present, another, beside, empty } = example()
  const zeros = new Uint8Array(32)
  const refused: [lie: string, claim: StateClaim, reason: RegExp][] = [
    [
      'another root',
      { ...present, root: another.root.replace(/^./, (c) => (c === '0' ? '1' : '0')) },
      /leads to the root/,
    ],
    ['another value', { ...present, value: Buffer.from('value 8') }, /leads to the root/],
    ['absence of a present key', { ...present, value: null }, /does not show no value/],
    ['presence of an absent key', { ...empty, value: new Uint8Array(0) }, /leads to the root/],
    ['presence by the leaf of another', { ...beside, value: Buffer.from('x') }, /another key/],
    ["another key's proof", { ...present, proof: another.proof }, /leads to the root/],
    [
      'absence beside its own leaf',
      rewrite({ ...present, value: null }, () => ({
        otherPath: pathOf(present.key),
        otherValueHash: taggedHash('palaver/state/value/1', present.value ?? zeros),
      })),
      /the very key/,
    ],
    [
      'absence beside a leaf from elsewhere',
      rewrite(beside, ({ otherPath }) => ({ otherPath: Buffer.from(otherPath.map((byte) => byte ^ 0x80)) })),
      /stands elsewhere/,
    ],
    ['a missing level', rewrite(present, ({ siblings }) => ({ siblings: siblings.slice(1) })), /leads to the root/],
    ['a level too many', rewrite(present, ({ siblings }) => ({ siblings: [...siblings, zeros.fill(7)] })), /leads to/],
    ['swapped levels', rewrite(present, ({ siblings }) => ({ siblings: siblings.toReversed() })), /leads to/],
    [
      'a sibling of 31 bytes',
      rewrite(present, ({ siblings: [, ...rest] }) => ({ siblings: [zeros.subarray(1), ...rest] })),
      /no hash/,
    ],
    [
      'an empty sibling written out',
      rewrite(present, ({ siblings }) => ({ siblings: [...siblings, new Uint8Array(32)] })),
      /no hash/,
    ],
    [
      'a path of 31 bytes',
      rewrite(beside, ({ otherPath }) => ({ otherPath: otherPath.subarray(1) })),
      /not two hashes/,
    ],
    ['a path without a value', rewrite(beside, () => ({ otherValueHash: new Uint8Array(0) })), /not two hashes/],
    [
      '257 levels',
      { ...present, proof: Buffer.concat(Array.from({ length: 257 }, () => Buffer.from([10, 0]))) },
      /not a StateProof/,
    ],
    ['far too many bytes', { ...present, proof: Buffer.alloc(100_000, 10) }, /at most 8772 bytes/],
    ['no message', { ...present, proof: Buffer.from([0xff, 0xff]) }, /not a StateProof/],
    ['a key that is no text', { ...empty, key: '\ud800' }, /not Unicode/],
  ]

  it.each(refused)('refused: %s', (_lie, claim, reason) => {
    const verdict = verifyStateProof(claim, taggedHash)
    expect(verdict).toEqual({ ok: false, reason: expect.stringMatching(reason) })
  })

  it('any bytes give a verdict', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.string(),
        fc.option(aValue, { nil: null }),
        (proof, key, value) => {
          expect(isShown({ root: 'ab'.repeat(32), key, value, proof })).toBe(false)
        },
      ),
    )
  })

  it('an empty state shows that every key is absent', () => {
    const tree = new StateTree()
    expect(isShown({ root: tree.root(), key: 'kv/x', value: null, proof: proofOf(tree, 'kv/x') })).toBe(true)
  })

  it('size: below 600 bytes for 1,000 keys, below 800 for 20,000', () => {
    for (const [count, most] of [
      [1_000, 600],
      [20_000, 800],
    ] as const) {
      const tree = treeOf(new Map(Array.from({ length: count }, (_, n) => [`kv/${n}`, Buffer.from('v')])))
      const sizes = Array.from({ length: 200 }, (_, n) => proofOf(tree, `kv/${n}`).byteLength)
      expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeLessThan(most)
    }
  })

  it('the bytes of a proof are golden: changing them needs a new version of the tags', () => {
    const contents = new Map(['a', 'b', 'c'].map((name) => [`kv/${name}`, Buffer.from(name)]))
    const tree = treeOf(contents)
    expect({ root: tree.root(), proof: Buffer.from(proofOf(tree, 'kv/b')).toString('hex') }).toMatchInlineSnapshot(`
      {
        "proof": "0a20d975f7cfa5a98f55ad6360efefe0a27af178ac3239f5a4e0f67e51af3c7143fb0a000a000a000a20515276da24e1db11f71dfb2f30321c42f62cfb18969e1e7c2157eaea31157f2a",
        "root": "67c2f8bf07f50c1a29f62548e0853988133f8c128fe547d6418d3c9ed8318cdd",
      }
    `)
  })
})

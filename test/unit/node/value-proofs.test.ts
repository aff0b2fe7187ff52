/** Proofs of kv values made from a node's states and final blocks, judged by the verifier that anyone runs. */
import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { leafChange, pathOf, sortChanges } from '../../../src/ledger/state-hash.ts'
import type { ProvenState } from '../../../src/ledger/state-history.ts'
import { encodeStateProof } from '../../../src/ledger/state-proof.ts'
import { StateTree } from '../../../src/ledger/state-tree.ts'
import { createProofs, type ProofOutcome } from '../../../src/node/proofs.ts'
import { createValueProofs } from '../../../src/node/value-proofs.ts'
import { KvProof } from '../../../src/protocols/wire/state-proof.gen.ts'
import { createProofVerifier } from '../../../src/verify/verify.ts'
import { type Stored, sourceOf } from '../../helpers/proof-source.ts'
import { createTeam, SessionsChain } from '../../helpers/sessions-chain.ts'
import { until } from '../../helpers/until.ts'
import { verifyWithNode } from '../verify/node-verifier.ts'

const team = createTeam('org', 4, { k: 1 })
const KEYS = ['a', 'b', 'c', 'd', 'e']
const LAST = 12

/** The state after `height`: each key but `e` holds the height. */
function stateAt(height: number): StateTree {
  const tree = new StateTree()
  const changes = KEYS.slice(0, 4).map((key) => leafChange(`kv/${key}`, Buffer.from(`${key} at ${height}`)))
  tree.update(sortChanges(changes))
  return tree
}

/** Twelve blocks, each of which commits to the state two below. `kept`: the heights whose states the ledger still has. */
function setUp(kept: Set<number>, present: Record<string, string> = {}) {
  const chain = new SessionsChain(team)
  for (let height = 1; height <= LAST; height += 1) {
    chain.add({ header: { stateRoot: stateAt(Math.max(0, height - 2)).root() } })
  }
  const stored: Stored = { finalized: LAST - 1, missing: new Set(), saved: new Map() }
  const source = sourceOf(chain, stored)
  const ledger = {
    appliedHeight: () => LAST,
    stateValue(key: string): Uint8Array | undefined {
      const value = present[key.slice(3)]
      return value === undefined ? undefined : Buffer.from(value)
    },
    async proveState(key: string, height: number): Promise<ProvenState | null> {
      if (!kept.has(height)) return null
      const tree = stateAt(height)
      const path = pathOf(key)
      const proof = encodeStateProof(tree.path(tree.freeze(), path), path)
      const value = key === 'kv/e' ? null : Buffer.from(`${key.slice(3)} at ${height}`)
      return { height, blockHash: '', stateRoot: tree.root(), value, proof }
    },
  }
  const prove = createValueProofs({ proofs: createProofs(source), source, ledger })
  const verifier = createProofVerifier(chain.genesis.text, { verifyEd25519: verifyWithNode })
  const shown = async (outcome: ProofOutcome): Promise<unknown> => {
    if (!outcome.ok) return outcome.problem
    const { key, value, height, stateHeight } = (await verifier.bytes('kv', outcome.proof)).summary
    return { key, value, height, stateHeight }
  }
  return { prove, shown, stored, verifier, kept }
}

const everyHeight = () => new Set(Array.from({ length: LAST + 1 }, (_, height) => height))

describe('proofs of values', () => {
  it('the newest block that can be proven shows the value after the height it commits to', async () => {
    const { prove, shown } = setUp(everyHeight())
    expect(await shown(await prove('b'))).toEqual({ key: 'b', value: 'b at 8', height: 10, stateHeight: 8 })
    expect(await shown(await prove('e'))).toEqual({ key: 'e', value: null, height: 10, stateHeight: 8 })
  })

  it('an older block serves when the state of the newest is not kept', async () => {
    const { prove, shown } = setUp(new Set([5, 6, 12]))
    expect(await shown(await prove('b'))).toEqual({ key: 'b', value: 'b at 6', height: 8, stateHeight: 6 })
  })

  it('nothing can be proven while no header commits to a kept state', async () => {
    const { prove, shown } = setUp(new Set([10, 11, 12]))
    expect(await shown(await prove('b'))).toBe('not-final')
    expect(await shown(await prove('b', { waitMs: 1 }))).toBe('not-final')
  })

  it('who waits gets the proof as soon as there is one', async () => {
    const { prove, shown, kept } = setUp(new Set(), { c: 'c at 8' })
    const settled = { done: false }
    const waiting = prove('c', { waitMs: 600_000 }).finally(() => {
      settled.done = true
    })
    kept.add(8)
    await until(() => settled.done)
    expect(await shown(await waiting)).toEqual({ key: 'c', value: 'c at 8', height: 10, stateHeight: 8 })
  })

  it('who waits gets the present value at once, and otherwise a state no older than the question', async () => {
    const present: Record<string, string> = { b: 'b at 8' }
    const { prove, shown, kept } = setUp(everyHeight(), present)
    expect(await shown(await prove('b', { waitMs: 600_000 }))).toMatchObject({ value: 'b at 8' })
    present.b = 'written since'
    const settled = { done: false }
    const waiting = prove('b', { waitMs: 600_000 }).finally(() => {
      settled.done = true
    })
    kept.delete(8)
    present.b = 'b at 7'
    await until(() => settled.done)
    expect(await shown(await waiting)).toMatchObject({ value: 'b at 7', stateHeight: 7 })
    present.b = 'never proven'
    expect(await shown(await prove('b', { waitMs: 1 }))).toMatchObject({ value: 'b at 7' })
  })

  it('a value that is not the one of the state is refused by the verifier', async () => {
    const { prove, verifier } = setUp(everyHeight())
    const outcome = await prove('a')
    if (!outcome.ok) throw new Error(outcome.problem)
    const message = KvProof.decode(outcome.proof)
    const lies: Partial<KvProof>[] = [
      { value: Buffer.from('a at 9') },
      { value: new Uint8Array(0), present: false },
      { key: 'b' },
      { present: false },
    ]
    for (const lie of lies) {
      const proof = KvProof.encode({ ...message, ...lie })
      await expect(verifier.bytes('kv', proof)).rejects.toMatchObject({
        code: expect.stringMatching(/bad-state-proof|malformed/),
      })
    }
  })
})

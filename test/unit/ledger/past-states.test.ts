/** Proofs at recent heights while the ledger goes on: headers commit to states a little in the past. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { taggedHash } from '../../../src/crypto/tagged-hash.ts'
import { verifyStateProof } from '../../../src/ledger/state-proof.ts'
import { until } from '../../helpers/until.ts'
import { blockOf, executeNext, kv, type Opened, openLedger, tx } from './fixtures.ts'

/** Executes one block that writes `writes`; null deletes. */
async function execute(opened: Opened, nonce: number, writes: Readonly<Record<string, string | null>>): Promise<void> {
  const entries = Object.entries(writes).map(([key, value]) => kv(key, value))
  await executeNext(opened, tx(0, nonce, ...entries))
}

/** What the ledger proves to be under a key after a height; undefined when that state is not kept. */
async function provenAt({ ledger }: Opened, key: string, height: number): Promise<string | null | undefined> {
  const proven = await ledger.proveState(`kv/${key}`, height)
  if (proven === null) return undefined
  const { stateRoot: root, value, proof } = proven
  expect([proven.height, root]).toEqual([height, await ledger.stateRootAt(height)])
  expect(verifyStateProof({ root, key: `kv/${key}`, value, proof }, taggedHash)).toEqual({ ok: true })
  return value === null ? null : Buffer.from(value).toString()
}

describe('proofs at recent heights', () => {
  it('each height proves what was there then, though it was overwritten or deleted since', async () => {
    const opened = await openLedger()
    await execute(opened, 0, { city: 'Bern', lake: 'Thun' })
    await execute(opened, 1, { city: 'Geneva' })
    await execute(opened, 2, { city: null, lake: 'Leman' })
    await execute(opened, 3, { city: 'Basel' })
    const cities = await Promise.all([0, 1, 2, 3, 4, 5].map((height) => provenAt(opened, 'city', height)))
    expect(cities).toEqual([null, 'Bern', 'Geneva', null, 'Basel', undefined])
    const lakes = await Promise.all([0, 1, 2, 3, 4].map((height) => provenAt(opened, 'lake', height)))
    expect(lakes).toEqual([null, 'Thun', 'Thun', 'Leman', 'Leman'])
    expect(await provenAt(opened, 'motto', 4)).toBe('parley')
  })

  it('any history of writes is proven at every height, as a model keeps it', async () => {
    const aWrite = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      fc.option(fc.string({ maxLength: 3 }), { nil: null }),
      {
        minKeys: 1,
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(aWrite, { minLength: 1, maxLength: 8 }), async (blocks) => {
        const opened = await openLedger()
        const model: Map<string, string>[] = [new Map()]
        for (const [nonce, writes] of blocks.entries()) {
          await execute(opened, nonce, writes)
          const next = new Map(model.at(-1))
          for (const [key, value] of Object.entries(writes)) {
            if (value === null) next.delete(key)
            else next.set(key, value)
          }
          model.push(next)
        }
        for (const [height, state] of model.entries()) {
          for (const key of 'abcdefg') expect(await provenAt(opened, key, height)).toBe(state.get(key) ?? null)
        }
        await opened.stop()
      }),
      { numRuns: 15 },
    )
  })

  it('at least the latest 64 heights are kept, and no more than 256', async () => {
    const opened = await openLedger()
    for (let block = 0; block < 300; block += 1) await execute(opened, block, { count: `${block + 1}` })
    for (let height = 300; height > 300 - 64; height -= 1)
      expect(await provenAt(opened, 'count', height)).toBe(`${height}`)
    expect(await provenAt(opened, 'count', 45)).toBe('45')
    expect(await provenAt(opened, 'count', 44)).toBeUndefined()
  })

  it('a restart keeps the present state only', async () => {
    const first = await openLedger()
    await execute(first, 0, { city: 'Bern' })
    await execute(first, 1, { city: 'Geneva' })
    await first.stop()
    const second = await openLedger({ dir: first.dir })
    expect(await provenAt(second, 'city', 1)).toBeUndefined()
    expect(await provenAt(second, 'city', 2)).toBe('Geneva')
  })

  it('blocks that were executed together leave the state after the last of them', async () => {
    const opened = await openLedger()
    const blocks = [1, 2, 3].map((height) => blockOf(height, tx(0, height - 1, kv('count', `${height}`))))
    await Promise.all(blocks.map((block) => opened.ledger.deliver(block)))
    await until(() => opened.ledger.appliedHeight() === 3)
    expect(await provenAt(opened, 'count', 3)).toBe('3')
  })
})

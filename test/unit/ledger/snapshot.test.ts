/** Snapshots: what one ledger exports, another one imports and goes on with; nothing false gets in, and a kill costs little. */
import { ClassicLevel } from 'classic-level'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import {
  type ChunkInfo,
  chunkBytes,
  decodeManifest,
  encodeManifest,
  MAX_MANIFEST_BYTES,
  manifestProblem,
  type SnapshotManifest,
  type SnapshotTarget,
} from '../../../src/ledger/snapshot.ts'
import { createSnapshotTarget } from '../../../src/ledger/snapshot-import.ts'
import { SnapshotChunk } from '../../../src/protocols/wire/snapshot.gen.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'
import { blockOf, CHAIN, executeNext, kv, type Opened, openLedger, tx } from './fixtures.ts'

const EVERY = 10
/** A value that makes chunks small in keys. */
const BIG = 'v'.repeat(20_000)

type Source = Opened & { readonly grow: (keys: Readonly<Record<string, string | null>>) => Promise<void> }

/** A ledger that makes a snapshot every ten heights; `grow` adds a block that writes keys. */
async function openSource(): Promise<Source> {
  const opened = await openLedger({ snapshotEvery: EVERY })
  let nonce = 0
  return {
    ...opened,
    async grow(keys) {
      const entries = Object.entries(keys).map(([key, value]) => kv(key, value))
      await executeNext(opened, ...(entries.length === 0 ? [] : [tx(0, nonce++, ...entries)]))
    },
  }
}

async function emptyBlocks(source: Source, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await source.grow({})
}

/** Goes on until a snapshot of a height at or above `from` is served. */
async function snapshotOf({ ledger }: Opened, from: number): Promise<SnapshotManifest> {
  const found: { manifest?: SnapshotManifest } = {}
  await until(async () => {
    const manifest = await ledger.snapshots().manifest()
    if (manifest !== null && manifest.height >= from) found.manifest = manifest
    return found.manifest !== undefined
  })
  if (found.manifest === undefined) throw new Error('until() waited for it')
  return found.manifest
}

async function chunksOf(ledger: Ledger, { height, chunks }: SnapshotManifest): Promise<Uint8Array[]> {
  return Promise.all(
    chunks.map(async (_, index) => {
      const bytes = await ledger.snapshots().chunk(height, index)
      if (bytes === null) throw new Error(`chunk ${index} is served`)
      return bytes
    }),
  )
}

type Home = {
  readonly db: ClassicLevel<string, Uint8Array>
  readonly dir: string
  readonly target: SnapshotTarget
  readonly close: () => Promise<void>
}

async function openTarget(dir?: string): Promise<Home> {
  const home = dir ?? (await tempDir())
  const db = new ClassicLevel<string, Uint8Array>(home, { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  const target = createSnapshotTarget({ db, prefix: 'ledger/', chainId: CHAIN })
  return { db, dir: home, target, close: () => db.close() }
}

async function importAll(home: Home, manifest: SnapshotManifest, chunks: readonly Uint8Array[]): Promise<void> {
  for (const index of await home.target.begin(manifest)) {
    expect(await home.target.put(index, chunks[index] ?? new Uint8Array(0))).toEqual({ ok: true })
  }
  await home.target.finish()
}

/** 40 keys of 20 kB: several chunks; and its snapshot. */
async function exported() {
  const source = await openSource()
  for (let block = 0; block < 4; block += 1) {
    await source.grow(Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`big ${block} ${n}`, BIG + n])))
  }
  await source.grow({ motto: null, small: 'x' })
  await emptyBlocks(source, EVERY)
  const manifest = await snapshotOf(source, EVERY)
  return { source, manifest, chunks: await chunksOf(source.ledger, manifest) }
}

describe('snapshots', () => {
  it('an import equals the state it was made of, and the ledger goes on from there', async () => {
    const { source, manifest, chunks } = await exported()
    expect(manifest).toMatchObject({ height: EVERY, proofHeight: EVERY + 2, blockHash: blockOf(EVERY).hash })
    expect(manifest.stateRoot).toBe(await source.ledger.stateRootAt(EVERY))
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks.map((bytes) => bytes.byteLength)).toEqual(manifest.chunks.map(({ bytes }) => bytes))

    const home = await openTarget()
    await importAll(home, manifest, chunks)
    await home.close()
    const { ledger } = await openLedger({ dir: home.dir })
    const { height, blockHash, stateRoot } = manifest
    expect(ledger.applied()).toEqual({ height, blockHash, stateRoot })
    expect(await ledger.get('big 3 9')).toEqual({ value: `${BIG}9`, height })
    // Genesis had a motto; it was deleted before the snapshot.
    expect(await ledger.get('motto')).toEqual({ value: null, height })

    const next = blockOf(height + 1, tx(0, 5, kv('after', 'import')))
    await ledger.deliver(next)
    const replay = await source.ledger.stateRootAt(height)
    expect(replay).toBe(stateRoot)
    await until(() => ledger.appliedHeight() === height + 1)
    expect((await ledger.get('after')).value).toBe('import')
  })

  it('is of the same height on every node, also where blocks go to disk together', async () => {
    const source = await openSource()
    await emptyBlocks(source, 5)
    const together = Array.from({ length: 12 }, (_, index) => blockOf(6 + index))
    await Promise.all(together.map((block) => source.ledger.deliver(block)))
    await until(() => source.ledger.appliedHeight() === 17)
    expect((await snapshotOf(source, 1)).height).toBe(EVERY)
  })

  it('P20.6 the last write takes other writes with it; before it there is nothing of them', async () => {
    const { manifest, chunks } = await exported()
    const home = await openTarget()
    await home.db.put('gone', Buffer.from('x'))
    const missing = await home.target.begin(manifest)
    for (const index of missing.slice(1)) await home.target.put(index, chunks[index] ?? new Uint8Array(0))
    const beside = [
      { key: 'beside', value: Buffer.from('consensus') },
      { key: 'gone', value: null },
    ]
    await expect(home.target.finish(beside)).rejects.toMatchObject({ code: 'snapshot-incomplete' })
    expect([await home.db.get('beside'), await home.target.unfinished()]).toEqual([undefined, manifest])
    await home.target.put(missing[0] ?? 0, chunks[missing[0] ?? 0] ?? new Uint8Array(0))
    await home.target.finish(beside)
    expect(Buffer.from((await home.db.get('beside')) ?? []).toString()).toBe('consensus')
    expect([await home.db.get('gone'), await home.target.unfinished()]).toEqual([undefined, null])
  })

  it('an import that is not wanted any more leaves nothing behind', async () => {
    const { manifest, chunks } = await exported()
    const home = await openTarget()
    await home.target.begin(manifest)
    await home.target.put(0, chunks[0] ?? new Uint8Array(0))
    await home.target.discard()
    expect(await home.db.keys().all()).toEqual([])
  })

  it('any state comes back with the same root, in chunks that fold to it', async () => {
    const someKeys = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme' }),
      fc.nat({ max: 40_000 }),
      {
        maxKeys: 60,
      },
    )
    await fc.assert(
      fc.asyncProperty(someKeys, async (sizes) => {
        const source = await openSource()
        await source.grow(
          Object.fromEntries(
            Object.entries(sizes)
              .slice(0, 6)
              .map(([key, size]) => [key, 'x'.repeat(size)]),
          ),
        )
        await source.grow(Object.fromEntries(Object.keys(sizes).map((key) => [`${key}!`, 'y'])))
        await emptyBlocks(source, EVERY)
        const manifest = await snapshotOf(source, EVERY)
        expect(await manifestProblem(manifest)).toBeNull()
        expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest)
        const home = await openTarget()
        await importAll(home, manifest, await chunksOf(source.ledger, manifest))
        await home.close()
        const { ledger, stop } = await openLedger({ dir: home.dir })
        expect(ledger.applied().stateRoot).toBe(await source.ledger.stateRootAt(EVERY))
        await stop()
        await source.stop()
      }),
      { numRuns: 6 },
    )
  })

  it('blocks that are executed meanwhile do not change what is exported', async () => {
    const source = await openSource()
    await source.grow(Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`key ${n}`, BIG + n])))
    await emptyBlocks(source, EVERY + 1)
    // The export starts here, and the state changes under it.
    for (let n = 0; n < 8; n += 1) await source.grow({ [`key ${n}`]: `changed ${n}`, [`new ${n}`]: BIG })
    const manifest = await snapshotOf(source, EVERY)
    const home = await openTarget()
    await importAll(home, manifest, await chunksOf(source.ledger, manifest))
    await home.close()
    const { ledger } = await openLedger({ dir: home.dir })
    expect(manifest.height).toBe(EVERY)
    expect(ledger.applied().stateRoot).toBe(await source.ledger.stateRootAt(EVERY))
    expect((await ledger.get('key 3')).value).toBe(`${BIG}3`)
    expect((await ledger.get('new 3')).value).toBeNull()
  })

  it('the latest snapshot is served, also after a restart, and no earlier one', async () => {
    const { source, manifest } = await exported()
    await source.grow({ later: 'yes' })
    await emptyBlocks(source, EVERY)
    const second = await snapshotOf(source, 2 * EVERY)
    expect(second.height).toBe(2 * EVERY)
    expect(await source.ledger.snapshots().chunk(manifest.height, 0)).toBeNull()
    expect(await source.ledger.snapshots().chunk(second.height, second.chunks.length)).toBeNull()
    await source.stop()
    const { ledger } = await openLedger({ dir: source.dir, snapshotEvery: EVERY })
    expect(await ledger.snapshots().manifest()).toEqual(second)
    const home = await openTarget()
    await importAll(home, second, await chunksOf(ledger, second))
  })

  it('the same state gives the same chunks on every node', async () => {
    const [one, other] = [await exported(), await exported()]
    expect(one.manifest).toEqual(other.manifest)
    expect(one.chunks).toEqual(other.chunks)
  })
})

describe('snapshots: what is imported', () => {
  it('goes on where a kill stopped it', async () => {
    const { manifest, chunks } = await exported()
    const first = await openTarget()
    const order = (await first.target.begin(manifest)).toReversed()
    const [one = 0, two = 0] = order
    await first.target.put(one, chunks[one] ?? new Uint8Array(0))
    await first.target.put(two, chunks[two] ?? new Uint8Array(0))
    const storedBytes = (chunks[one]?.byteLength ?? 0) + (chunks[two]?.byteLength ?? 0)
    expect(first.target.progress()).toEqual({
      height: EVERY,
      chunks: chunks.length,
      storedChunks: 2,
      bytes: chunkBytes(manifest),
      storedBytes,
    })
    await first.close()

    const second = await openTarget(first.dir)
    const missing = await second.target.begin(manifest)
    expect(missing).toEqual(order.slice(2).toReversed())
    expect(second.target.progress()).toMatchObject({ storedChunks: 2, storedBytes })
    await expect(second.target.finish()).rejects.toMatchObject({ code: 'snapshot-incomplete' })
    for (const index of missing) await second.target.put(index, chunks[index] ?? new Uint8Array(0))
    await second.target.finish()
    await second.close()
    expect((await openLedger({ dir: first.dir })).ledger.applied().stateRoot).toBe(manifest.stateRoot)
  })

  it('leaves the home as it was until it is complete', async () => {
    const { manifest, chunks } = await exported()
    const before = await openLedger()
    const cursor = before.ledger.applied()
    await before.stop()
    const home = await openTarget(before.dir)
    const [first = 0] = await home.target.begin(manifest)
    await home.target.put(first, chunks[first] ?? new Uint8Array(0))
    await home.close()
    const { ledger } = await openLedger({ dir: before.dir })
    expect(ledger.applied()).toEqual(cursor)
    expect((await ledger.get('motto')).value).toBe('parley')
  })

  it('starts anew with another manifest', async () => {
    const { source, manifest, chunks } = await exported()
    await source.grow({ later: 'yes' })
    await emptyBlocks(source, EVERY)
    const second = await snapshotOf(source, 2 * EVERY)
    const home = await openTarget()
    const [first = 0] = await home.target.begin(manifest)
    await home.target.put(first, chunks[first] ?? new Uint8Array(0))
    expect(await home.target.begin(second)).toEqual([...second.chunks.keys()])
    await importAll(home, second, await chunksOf(source.ledger, second))
    await home.close()
    expect((await openLedger({ dir: home.dir })).ledger.appliedHeight()).toBe(second.height)
  })

  it('is refused by a home that has executed the height', async () => {
    const { source, manifest } = await exported()
    await source.stop()
    const home = await openTarget(source.dir)
    await expect(home.target.begin(manifest)).rejects.toMatchObject({ code: 'snapshot-too-old' })
  })
})

type Lie = { readonly bytes: Uint8Array; readonly reason: RegExp }

describe('snapshots: lies', () => {
  it('a false chunk is refused with its reason, and nothing of it is stored', async () => {
    const { source, manifest, chunks } = await exported()
    await source.grow({ small: 'changed' })
    await emptyBlocks(source, EVERY)
    const second = await snapshotOf(source, 2 * EVERY)
    const changed = second.chunks.findIndex(({ hash }, index) => hash !== manifest.chunks[index]?.hash)
    const ofOther = (await chunksOf(source.ledger, second))[changed] ?? new Uint8Array(0)
    const honest = chunks[changed] ?? new Uint8Array(0)
    const { entries } = SnapshotChunk.decode(honest)
    const flipped = Buffer.from(honest)
    flipped[flipped.byteLength - 1] = (flipped.at(-1) ?? 0) ^ 1
    const twice = SnapshotChunk.encode({
      entries: entries.map((entry, at) => (at === 1 ? (entries[0] ?? entry) : entry)),
    })
    const garbage = Buffer.alloc(honest.byteLength, 0xff)
    const lies: Record<string, Lie> = {
      'one flipped bit': { bytes: flipped, reason: /hash of the manifest/ },
      'of another snapshot': { bytes: ofOther, reason: /bytes in place of|hash of the manifest/ },
      'of another place': { bytes: chunks[changed === 0 ? 1 : 0] ?? honest, reason: /in place of|another chunk/ },
      truncated: { bytes: honest.subarray(1), reason: /bytes in place of/ },
      'far too large': { bytes: Buffer.alloc(5_000_000), reason: /5000000 bytes in place of/ },
      'an entry twice': { bytes: twice, reason: /bytes in place of|not in order/ },
      'another order': { bytes: SnapshotChunk.encode({ entries: entries.toReversed() }), reason: /not in order/ },
      'no message': { bytes: garbage, reason: /not a SnapshotChunk/ },
      'other counts': { bytes: Buffer.concat([honest.subarray(0, 0), Buffer.alloc(honest.byteLength)]), reason: /./ },
    }
    const home = await openTarget()
    await home.target.begin(manifest)
    for (const [name, { bytes, reason }] of Object.entries(lies)) {
      const outcome = await home.target.put(changed, bytes)
      expect(outcome, name).toEqual({ ok: false, reason: expect.stringMatching(reason) })
    }
    expect(await home.target.put(chunks.length, honest)).toMatchObject({ ok: false })
    expect(home.target.progress()).toMatchObject({ storedChunks: 0, storedBytes: 0 })
    await importAll(home, manifest, chunks)
  })

  it('a manifest that contradicts itself is refused before anything is stored', async () => {
    const { manifest } = await exported()
    const [first, ...rest] = manifest.chunks
    if (first === undefined) throw new Error('the example has chunks')
    const chunk = (change: Partial<ChunkInfo>): SnapshotManifest => ({
      ...manifest,
      chunks: [{ ...first, ...change }, ...rest],
    })
    const lies: [SnapshotManifest, RegExp][] = [
      [{ ...manifest, stateRoot: 'ab'.repeat(32) }, /fold to the state root/],
      [{ ...manifest, chunks: rest }, /fold to the state root/],
      [{ ...manifest, chunks: [] }, /fold to the state root 0000/],
      [{ ...manifest, chunks: [...rest, first] }, /at or before the end/],
      [{ ...manifest, chunks: [first, first, ...rest] }, /at or before the end/],
      [chunk({ hash: 'cd'.repeat(32) }), /fold to the state root/],
      [chunk({ hash: '' }), /not 32 bytes/],
      [chunk({ bits: 49 }), /more than 48 bits/],
      [chunk({ bits: first.bits + 1 }), /fold to|at or before/],
      [chunk({ prefix: 2 ** first.bits }), /longer than its bits/],
      [chunk({ keys: 0 }), /keys/],
      [chunk({ keys: 1_000_000_000 }), /keys/],
      [chunk({ bytes: 0 }), /bytes/],
      [chunk({ bytes: 2 ** 31 }), /bytes/],
      [{ ...manifest, height: 0 }, /height/],
      [{ ...manifest, proofHeight: manifest.height }, /proof height/],
      [{ ...manifest, blockHash: 'no hash' }, /block hash/],
      [{ ...manifest, chunks: new Array(65_537).fill(first) }, /more than 65536 chunks/],
    ]
    const home = await openTarget()
    for (const [lie, reason] of lies) {
      await expect(home.target.begin(lie)).rejects.toMatchObject({
        code: 'bad-snapshot',
        message: expect.stringMatching(reason),
      })
    }
    expect(home.target.progress()).toBeNull()
  })

  it('the bytes of a manifest are bounded before they are read, and any bytes give a manifest or a reason', () => {
    const parse = (bytes: Uint8Array): string => {
      try {
        decodeManifest(bytes)
        return 'a manifest'
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(parse(Buffer.alloc(MAX_MANIFEST_BYTES + 1))).toBe('bad-snapshot')
    // 65,537 empty chunk records.
    expect(parse(Buffer.concat(new Array(65_537).fill(Buffer.from([0x2a, 0]))))).toBe('bad-snapshot')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['a manifest', 'bad-snapshot']).toContain(parse(bytes))
      }),
    )
  })
})

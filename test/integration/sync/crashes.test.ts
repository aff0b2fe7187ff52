/** A service that is killed between any two of its writes: insertions, rolls, batches of a serve, what is fetched (spec/sync.md 11, 13). */
import { describe, expect, it } from 'vitest'
import { createAccumulator, sameFingerprint } from '../../../src/sync/set/fingerprint.ts'
import type { AtxRecord, AtxSet, Fingerprint } from '../../../src/sync/set/types.ts'
import { atxsOf, dayOf, HOUR_MS, makeAtx, packIds, type TestAtx } from '../../helpers/sync/atx-blobs.ts'
import {
  connect,
  createWorld,
  equal,
  gossip,
  session,
  type World,
  type WorldNode,
} from '../../helpers/sync/atx-world.ts'
import { type MortalDb, mortalDb } from '../../helpers/sync/mortal-db.ts'
import { until } from '../../helpers/until.ts'

const NEVER = Number.POSITIVE_INFINITY
const DAYS = 5
const days = Array.from({ length: DAYS }, (_, frame) => atxsOf(frame, 20))

type Life = { readonly world: World; readonly alice: WorldNode; readonly bob: WorldNode; readonly disk: MortalDb }

/** Alice has all, Bob only the last day; his disk dies after so many writes from here on. */
async function begin(dieAfter: number, story: (life: Life) => Promise<void>, bobs: TestAtx[][]): Promise<Life> {
  const world = createWorld()
  const alice = await world.node('alice')
  const before = await world.node('bob')
  await world.fill([
    [alice, days],
    [before, bobs],
  ])
  await before.stop()
  let disk: MortalDb | undefined
  const bob = await world.node('bob', {
    dir: before.dir,
    disk(db) {
      disk = mortalDb(db, dieAfter)
      return disk.db
    },
  })
  if (disk === undefined) throw new Error('the service has a disk')
  const life = { world, alice, bob, disk }
  await story(life).catch((error: unknown) => {
    if (dieAfter === NEVER) throw error
  })
  await bob.stop()
  return life
}

/** What the checkpoints of a set must be, from its records alone. */
async function rebuilt(set: AtxSet) {
  const records = await set.list({ fromSeq: 0, limit: set.count + 1 })
  const { frame } = set.heads()
  const of = (isIn: (record: AtxRecord) => boolean): Fingerprint => {
    const sum = createAccumulator('lthash16')
    sum.add(packIds(records.filter(isIn)))
    return sum.fingerprint()
  }
  return {
    records,
    curr: of((record) => record.frame === frame),
    old: of((record) => record.frame === frame - 1),
    all: of((record) => record.frame < frame),
    total: of(() => true),
  }
}

async function expectWhole({ service, deeds }: WorldNode): Promise<void> {
  const { set } = service
  const { records, ...sums } = await rebuilt(set)
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, seq) => seq))
  const heads = set.heads()
  for (const [name, sum] of Object.entries(sums)) {
    expect([name, sameFingerprint(heads[name as keyof typeof sums], sum)]).toEqual([name, true])
  }
  const blobs = await set.blobs(records.map(({ id }) => id))
  expect(blobs.filter((blob) => blob === null)).toEqual([])
  expect(deeds.rebuilt).toEqual([])
}

/** Kills Bob after each number of writes that the story takes; then he starts again and catches up. */
async function killEverywhere(story: (life: Life) => Promise<void>, bobs: TestAtx[][], count: number): Promise<number> {
  const { disk } = await begin(NEVER, story, bobs)
  const writes = disk.writes()
  for (let dieAfter = 0; dieAfter < writes; dieAfter++) {
    const { world, alice, bob } = await begin(dieAfter, story, bobs)
    const again = await world.node('bob', { dir: bob.dir })
    await expectWhole(again)
    await again.service.start()
    connect(alice, again)
    await equal(Math.max(count, alice.service.set.count), alice, again)
    await expectWhole(again)
    expect(again.deeds.failed).toEqual([])
    await again.stop()
    await alice.stop()
  }
  return writes
}

const hasFailed = ({ deeds }: WorldNode): boolean => deeds.failed.length > 0

describe('kill -9 between any two writes', () => {
  it('of insertions and rolls', async () => {
    const atxs = [4, 5, 6].map((frame) => makeAtx(`by gossip-${frame}`, { epoch: 2 * frame }))
    const story = async ({ world, alice, bob }: Life): Promise<void> => {
      for (const [i, atx] of atxs.entries()) {
        world.clock.jumpTo(dayOf(4 + i) + 2 * HOUR_MS)
        bob.service.set.heads()
        await gossip(alice, atx)
        await Promise.race([gossip(bob, atx), until(() => hasFailed(bob))])
      }
    }
    expect(await killEverywhere(story, days, 5 * 20 + 3)).toBeGreaterThan(3)
  })

  it('of a serve', async () => {
    const story = async ({ alice, bob }: Life): Promise<void> => {
      connect(alice, bob)
      bob.service.sync('alice')
      await until(() => bob.service.set.count === 100 || hasFailed(bob))
      await until(() => bob.service.serves().length + bob.service.sessions().length === 0 || hasFailed(bob))
    }
    const onlyNow = days.map((atxs, frame) => (frame === DAYS - 1 ? atxs : []))
    expect(await killEverywhere(story, onlyNow, 100)).toBeGreaterThan(2)
  })

  it('of fetching what a session found', async () => {
    const story = async ({ alice, bob }: Life): Promise<void> => {
      connect(alice, bob)
      await session(bob, alice)
      await until(() => bob.service.fetching().queued === 0 || hasFailed(bob))
    }
    const withGaps = days.map((atxs, frame) => (frame === 3 ? atxs.slice(0, 5) : atxs))
    expect(await killEverywhere(story, withGaps, 100)).toBeGreaterThan(0)
  })
})

describe('a stop without notice', () => {
  it('what was inserted is there, what was only fetched is fetched again', async () => {
    const { alice, bob, world } = await begin(
      1,
      async ({ alice, bob }) => {
        connect(alice, bob)
        bob.service.sync('alice')
        await until(() => hasFailed(bob))
      },
      days.map((atxs, frame) => (frame === DAYS - 1 ? atxs : [])),
    )
    expect(hasFailed(bob)).toBe(true)
    const again = await world.node('bob', { dir: bob.dir })
    await expectWhole(again)
    connect(alice, again)
    await again.service.start()
    await equal(100, alice, again)
  })
})

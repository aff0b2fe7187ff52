/** Whose agreement counts (S7.3, S8): only a peer's all of whose listed ids came, whatever it echoes. */
import { expect, it } from 'vitest'
import type { Item } from '../../../src/sync/messages.ts'
import { atxsOf, makeAtx, type TestAtx } from '../../helpers/sync/atx-blobs.ts'
import { attach, createPuppet, dialRaw, hear, type Puppet } from '../../helpers/sync/atx-puppet.ts'
import { idsOf, leadRounds } from '../../helpers/sync/atx-rounds.ts'
import { blames, createWorld, type World, type WorldNode } from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

const OPEN = 8
const listed: readonly TestAtx[] = [0, 1, 2].map((i) => makeAtx(`listed-${i}`, { epoch: 2 * OPEN }))

async function target(): Promise<{ world: World; alice: WorldNode }> {
  const world = createWorld()
  const alice = await world.node('alice', { tuning: { minSyncedPeers: 1 } })
  await world.fill([[alice, Array.from({ length: OPEN + 1 }, (_, frame) => atxsOf(frame, 20))]])
  await alice.service.start()
  return { world, alice }
}

type Lies = { readonly name?: string; readonly holds: readonly TestAtx[]; readonly item?: (id: string) => Item | null }

/** Lists the same ids in each session that the node begins, and agrees with whatever the node makes of them. */
function echo({ world, alice }: { world: World; alice: WorldNode }, { name = 'echo', ...lies }: Lies): void {
  const puppet: Puppet = createPuppet(name, {
    ...lies,
    clock: world.clock,
    async onSync(stream, { sessionId }) {
      await stream.send(puppet.hello('sync', { sessionId }))
      await leadRounds(stream, { frame: OPEN, lists: [idsOf(listed).sort()], answer: (result) => result })
      await hear(stream, 'done')
      await stream.send({ type: 'done', why: 'agreed', back: 0 })
      await stream.end()
    },
  })
  attach(alice, puppet)
}

const endsOf = ({ deeds }: WorldNode, name = 'echo') =>
  deeds.sessions.filter(({ peer }) => peer === name).map(({ outcome }) => outcome)

it.each([
  ['none', 0, 0],
  ['all but one', 2, 0],
  ['all', 3, 1],
])(
  'A12 who lists ids, has %s of them and echoes our result: %i came, it counts %i times',
  async (_what, came, have) => {
    const { world, alice } = await target()
    echo({ world, alice }, { holds: listed.slice(0, came) })
    // A session begins once it is settled what the one before came to.
    for (let i = 1; i <= 3; i++) {
      await until(() => endsOf(alice).length === i, 10_000)
      await until(() => alice.service.fetching().queued === 0)
      if (i < 3) world.clock.jump(400_000)
    }
    expect(endsOf(alice).map(({ kind }) => kind)).toEqual(['agreed', 'agreed', 'agreed'])
    expect(endsOf(alice).map(({ figures }) => figures.gained)).toEqual([3, 3 - came, 3 - came])
    expect(alice.deeds.notFetched).toEqual(Array(3 - came).fill('unavailable'))
    expect(alice.service.agreements()).toEqual({ have, need: 1, isSynced: have === 1 })
  },
)

it('who is banned while its ids are fetched has agreed to nothing', async () => {
  const { world, alice } = await target()
  echo({ world, alice }, { holds: [], item: (id) => ({ id, status: 'busy' }) })
  await until(() => endsOf(alice).length > 0, 10_000)
  expect([endsOf(alice)[0]?.kind, alice.service.fetching().queued]).toEqual(['agreed', 3])
  for (let i = 1; i <= 3; i++) {
    const raw = dialRaw(alice, 'echo')
    await raw.send(Uint8Array.of(0xff))
    await until(() => blames(alice).length === i)
  }
  expect(blames(alice).at(-1)).toBe('echo: protocol (ban)')
  expect(alice.deeds.notFetched).toEqual(['dropped', 'dropped', 'dropped'])
  // When another one's turn has come, so has what was to be settled.
  echo({ world, alice }, { name: 'other', holds: [] })
  await until(() => endsOf(alice, 'other').length > 0, 10_000)
  expect(alice.service.agreements()).toMatchObject({ have: 0, isSynced: false })
})

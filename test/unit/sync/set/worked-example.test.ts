/** The worked example of S3.6 through the live set: every value of it, at every boundary of years, and its side stories. */
import { describe, expect, it } from 'vitest'
import type { SettledFilter } from '../../../../src/sync/set/grades.ts'
import type { NewAtx } from '../../../../src/sync/set/types.ts'
import { at, atx, CALENDAR, GENESIS, idOf, openSet } from '../../../helpers/sync/atx-set.ts'
import { headsOf, hex } from './fixtures.ts'

const J = '977bc211382b266a5e5a8cbbb88df9c5bf011438bf46c58dbae01c3624830061'
const JH = 'dfd46351cd3b2a55ec1591c123efab04fab843822d12c853679f2bd242ef8bc7'
const F = 'f18e8101e48db3fd694878229bbcb7b06bf92be94f30ee3d314fdc55be46deec'
const JF = '66f54310dca695973712f49923314e75d4f83fd1f0762bb08bafc0639ac5de8d'
const JFH = '40f26a3e113fb1122b2c723a5ecd9a4eb98a730113ad2611e18e1eda41ebb5bb'
const M = '906933ed2317b43f7a8828106c8d615c27840a14bd294a35be6d84582c4ffa8d'
const JFM = 'f69c70fdffb121a84d9adc894fbc2f29f37c35c54d5f618535c2443bb68a2400'
const APRIL = '49f8d87cbad73059b3facee17fd4e38d6c0af80b944ef4ded97ea69a367a2f90'
const NONE = '00'.repeat(32)

/** Ids of the spec by name. */
const NAMES: Readonly<Record<string, string>> = {
  'atx-bob': 'dea3db8eb329bf6ba13b6a66e1d0a07ea786229e99bb1e5f7e5ae2bc32dc9968',
  'atx-dave': 'db85247aecb5b46932a3c18e9c395bb874d3f14394a362a5d960aa6f7e8ca040',
  'atx-carol': 'daf29ca592a721577f8d3a295e0650c229ed905f200ab4a9c0a563010ebfb2ef',
  'atx-jan-late': '48afa140f5100c3fb24f1d7a9b6252c145b957ba92540ddedd7f37e4666c8ba6',
  'atx-feb-first': '67755e9b106cc8ae151a8356898449f11a760a74d8e14b93421b48213d66d05e',
  'atx-feb-mid': 'b0fcf6b439785fd6606c7dd76fc42a7a1cfd6d4d740aa80f19754acd580e6584',
  'atx-feb-late': '2607292ecd9924851c3e86a37dfcd43b6d724cd0e3db0da16a21deb9db2e6b36',
  'atx-mar-mid': '906933ed2317b43f7a8828106c8d615c27840a14bd294a35be6d84582c4ffa8d',
  'atx-apr-1': APRIL,
}

/** The grades of the example are given, so the filter goes by name: grade 0 never settles, the others at once. */
const LATE = ['atx-jan-late', 'atx-feb-late'].map(idOf)
const filter: SettledFilter = { settlesAt: ({ id }) => (LATE.includes(hex(id)) ? null : 0) }

const EVENTS: readonly (readonly [time: string, name: string])[] = [
  ['2025-01-01 09:00', 'atx-bob'],
  ['2025-01-01 09:15', 'atx-dave'],
  ['2025-01-01 09:49', 'atx-carol'],
  ['2025-02-01 08:59:59.999', 'atx-jan-late'],
  ['2025-02-01 09:00:00.000', 'atx-feb-first'],
  ['2025-02-14 12:00', 'atx-feb-mid'],
  ['2025-02-28 23:00', 'atx-feb-late'],
  ['2025-03-15 00:00', 'atx-mar-mid'],
  ['2025-03-20 00:00', 'atx-dave'],
  ['2025-04-02 10:00', 'atx-apr-1'],
]

type Opened = Awaited<ReturnType<typeof openSet>>

/** Plays the events up to and including `until`, then moves the clock there. */
async function play({ set, clock }: Opened, { after = '', until }: { after?: string; until: string }): Promise<void> {
  for (const [time, name] of EVENTS) {
    if (at(time) > at(until) || (after !== '' && at(time) <= at(after))) continue
    clock.time = at(time)
    await set.insert([atx(name)])
  }
  clock.time = at(until)
}

/** XORs and counts of a set's checkpoints, as the table of the spec has them. */
function row({ set }: Opened) {
  const { frame, curr, old, all, fast } = set.heads()
  const text = ({ count, xor }: { count: number; xor: Uint8Array }) => `${count} ${hex(xor)}`
  return [frame, ...[curr, old, all, fast].map(text)]
}

it('S3.6 the ids of the names', () => {
  expect(Object.keys(NAMES).map(idOf)).toEqual(Object.values(NAMES))
})

it.each([
  ['2025-02-01 08:59:59.999', 0, `4 ${J}`, `0 ${NONE}`, `0 ${NONE}`, `0 ${NONE}`],
  ['2025-02-01 09:00', 1, `1 ${idOf('atx-feb-first')}`, `4 ${J}`, `4 ${J}`, `3 ${JH}`],
  ['2025-03-01 08:59:59.999', 1, `3 ${F}`, `4 ${J}`, `4 ${J}`, `3 ${JH}`],
  ['2025-03-01 09:00', 2, `0 ${NONE}`, `3 ${F}`, `7 ${JF}`, `6 ${JFH}`],
  ['2025-04-01 09:00', 3, `0 ${NONE}`, `1 ${M}`, `8 ${JFM}`, `8 ${JFM}`],
  ['2025-04-02 10:00', 3, `1 ${APRIL}`, `1 ${M}`, `8 ${JFM}`, `8 ${JFM}`],
])('S3.6 the checkpoints at %s', async (until, ...expected) => {
  const opened = await openSet({ filter })
  await play(opened, { until })
  expect(row(opened)).toEqual(expected)
})

it('S3.6 the roll at 2025-02-01 09:00 empties c_curr before the first ATX of February comes', async () => {
  const opened = await openSet({ filter })
  await play(opened, { until: '2025-02-01 08:59:59.999' })
  opened.clock.time = at('2025-02-01 09:00')
  expect(row(opened)).toEqual([1, `0 ${NONE}`, `4 ${J}`, `4 ${J}`, `3 ${JH}`])
})

it('S3.6 the strong values of January, and of January and February', async () => {
  const opened = await openSet({ filter })
  await play(opened, { until: '2025-03-01 09:00' })
  const { old, all } = opened.set.heads()
  expect(hex(all.strong ?? new Uint8Array(0))).toBe('0518cc02c6b8b2443185c9ab03ea999297e50d88cda7ecb476665621c308dccb')
  expect(old.count).toBe(3)
  const january = await openSet({ filter })
  await play(january, { until: '2025-02-01 08:59:59.999' })
  expect(hex(january.set.heads().curr.strong ?? new Uint8Array(0))).toBe(
    'b3dd0b8ed32dfeebe64142391c7565b3a2c85d1323963a18321cac637ea8fd66',
  )
})

it('S3.2 c_curr, c_old and c_all at every boundary from 2025-01-01 09:00 over eight years, one ATX a month', async () => {
  const opened = await openSet({ filter, suite: 'xor' })
  const { set, clock } = opened
  let all = 0n
  let previous = 0n
  const number = (bytes: Uint8Array) => BigInt(`0x${hex(bytes)}`)
  for (let month = 0; month < 96; month++) {
    const boundary = Date.UTC(2025, month, 1, 9)
    expect(set.boundary(month)).toBe(boundary)
    clock.time = boundary
    all ^= previous
    const { frame, curr, old, all: closed } = set.heads()
    expect([frame, curr.count, number(old.xor), number(closed.xor)]).toEqual([month, 0, previous, all])
    clock.time = Date.UTC(2025, month + 1, 1, 9) - 1
    await set.insert([atx(`month ${month}`)])
    previous = BigInt(`0x${idOf(`month ${month}`)}`)
    expect(number(set.heads().curr.xor)).toBe(previous)
  }
})

describe('S3.6 side stories', () => {
  it('downtime over two boundaries: three rolls in all, c_curr and c_old are empty', async () => {
    const first = await openSet({ time: at('2025-01-05 00:00') })
    await first.set.insert([atx('atx-bob')])
    first.clock.time = at('2025-02-05 00:00')
    await first.set.insert([atx('atx-feb-mid')])
    await first.stop()
    const again = await openSet({ dir: first.dir, time: at('2025-04-05 00:00') })
    const all = '2 6e5f2d3a8a51e0bdc15717b18e148a04bb7b4fd3edb1b650672fa8716ad2fcec'
    expect(row(again)).toEqual([3, `0 ${NONE}`, `0 ${NONE}`, all, all])
    expect(again.rebuilds).toEqual([])
  })

  it('a clock that steps back moves nothing into the closed timeframe', async () => {
    const { set, clock } = await openSet({ time: at('2025-02-01 09:00:01') })
    await set.insert([atx('first')])
    clock.time = at('2025-02-01 08:59:00')
    const [second] = await set.insert([atx('second')])
    expect([second?.frame, second?.committedAt]).toEqual([1, at('2025-02-01 09:00:01')])
  })

  it('a clock that steps back over a boundary that was rolled, with no ATX since, moves nothing either', async () => {
    const first = await openSet({ time: at('2025-02-01 09:00:01') })
    await first.stop()
    const { set } = await openSet({ dir: first.dir, time: at('2025-02-01 08:59:00') })
    const [record] = await set.insert([atx('late')])
    expect([record?.frame, record?.committedAt]).toEqual([1, at('2025-02-01 09:00')])
  })

  it('a duplicate changes nothing and is left out of the answer', async () => {
    const { set } = await openSet()
    const twice: readonly NewAtx[] = [atx('a'), atx('b'), atx('a')]
    expect((await set.insert(twice)).map(({ id }) => id)).toEqual([idOf('a'), idOf('b')])
    const before = headsOf(set)
    expect(await set.insert([atx('b')])).toEqual([])
    expect(headsOf(set)).toEqual(before)
  })

  it('S3.1 the calendar of the example begins at genesis', () => {
    expect(CALENDAR.boundary(0)).toBe(GENESIS)
  })
})

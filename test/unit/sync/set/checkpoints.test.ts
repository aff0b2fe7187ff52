/** Checkpoints (S3.2, S3.3) beside a model that keeps every id and adds them up anew. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  emptyCheckpoints,
  highGradeOf,
  nextSettlingAfter,
  rollTo,
  settlingAt,
  totalOf,
} from '../../../../src/sync/set/checkpoints.ts'
import type { Accumulator } from '../../../../src/sync/set/types.ts'
import { idOf } from '../../../helpers/sync/atx-set.ts'
import { accumulatorOf, packed, shown } from './fixtures.ts'

type Item = { readonly id: string; readonly frame: number; readonly settlesAt: number | null }

const steps = fc.array(
  fc.oneof(
    fc.record({ settlesAt: fc.option(fc.integer({ min: 0, max: 9 })) }),
    fc.record({ missed: fc.integer({ min: 1, max: 4 }) }),
  ),
  { maxLength: 30 },
)

const xorOf = (items: readonly Item[]) =>
  shown(
    accumulatorOf(
      'xor',
      items.map(({ id }) => id),
    ).fingerprint(),
  )
const shownAll = (parts: readonly Accumulator[]) => parts.map((part) => shown(part.fingerprint()))

it('S3.2 c_all = all closed timeframes, c_old = the newest of them, one roll per boundary', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 10 }), (run, now) => {
      const state = emptyCheckpoints('xor')
      const items: Item[] = []
      for (const step of run) {
        if ('missed' in step) {
          rollTo(state, state.frame + step.missed)
          continue
        }
        const item = { id: idOf(`${items.length}`), frame: state.frame, settlesAt: step.settlesAt }
        items.push(item)
        state.curr.add(packed([item.id]))
        if (item.settlesAt === null) continue
        settlingAt(state.currSettling, { at: item.settlesAt, suite: 'xor' }).add(packed([item.id]))
      }
      const { frame } = state
      const model = [
        items.filter((item) => item.frame === frame),
        items.filter((item) => item.frame === frame - 1),
        items.filter((item) => item.frame < frame),
        items,
        items.filter((item) => {
          const isSettled = item.settlesAt !== null && item.settlesAt <= now
          return item.frame < frame - 1 || (item.frame === frame - 1 && isSettled)
        }),
      ]
      const parts = [state.curr, state.old, state.all, totalOf(state), highGradeOf(state, now)]
      expect(shownAll(parts)).toEqual(model.map(xorOf))
    }),
  )
})

it('S3.2 a roll to the open timeframe changes nothing', () => {
  const state = emptyCheckpoints('lthash16')
  state.curr.add(packed([idOf('a')]))
  rollTo(state, 1)
  const before = shownAll([state.curr, state.old, state.all])
  rollTo(state, 1)
  expect(shownAll([state.curr, state.old, state.all])).toEqual(before)
})

it('S3.3 the step-1 value changes by itself when a part settles, and at no other time', () => {
  const state = emptyCheckpoints('xor')
  const ids = ['a', 'b'].map(idOf)
  state.curr.add(packed(ids))
  for (const [index, id] of ids.entries()) {
    settlingAt(state.currSettling, { at: 10 * (index + 1), suite: 'xor' }).add(packed([id]))
  }
  expect(nextSettlingAfter(state, 0)).toBe(Number.POSITIVE_INFINITY)
  rollTo(state, 1)
  expect([0, 10, 20].map((now) => nextSettlingAfter(state, now))).toEqual([10, 20, Number.POSITIVE_INFINITY])
  expect([9, 10, 20].map((now) => highGradeOf(state, now).count)).toEqual([0, 1, 2])
})

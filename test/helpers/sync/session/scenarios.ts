/** The sets of scenarios S1 to S11 of the specification: `back` counts from the open timeframe. */
import { baseFrames, createFakeSet, type FakeSet, idOf } from './fake-set.ts'

export type SetPair = { readonly alice: FakeSet; readonly bob: FakeSet }

type Change = (frames: string[][]) => void

const frameAt = (frames: string[][], back: number): string[] => frames[frames.length - 1 - back] ?? []

function replace(frames: string[][], back: number, ids: string[]): void {
  frames[frames.length - 1 - back] = ids
}

/** Both hold the base, each changed in its way. */
function pairOf(alice: Change, bob: Change): SetPair {
  const [a, b] = [baseFrames(), baseFrames()]
  alice(a)
  bob(b)
  return { alice: createFakeSet({ frames: a }), bob: createFakeSet({ frames: b }) }
}

const same: Change = () => {}
const without =
  (back: number, keep: (index: number) => boolean): Change =>
  (frames) =>
    replace(
      frames,
      back,
      frameAt(frames, back).filter((_, i) => keep(i)),
    )

/** Everything of the timeframes `from`..`to` back is in the open one instead. */
const caughtUp =
  (from: number, to: number): Change =>
  (frames) => {
    for (let back = from; back <= to; back++) {
      frameAt(frames, 0).push(...frameAt(frames, back))
      replace(frames, back, [])
    }
  }

const drop =
  (from: number, to: number, keep: (index: number) => boolean = () => false): Change =>
  (frames) => {
    for (let back = from; back <= to; back++) without(back, keep)(frames)
  }

export const SCENARIOS = {
  S1: () => pairOf(same, same),
  S2: () => pairOf((frames) => frameAt(frames, 0).push(idOf('recent')), same),
  S3: () =>
    pairOf(
      same,
      without(1, (i) => i > 0),
    ),
  S4: () =>
    pairOf(same, (frames) => {
      const [late, ...others] = frameAt(frames, 1)
      replace(frames, 1, others)
      frameAt(frames, 0).push(late ?? '')
    }),
  S5: () => pairOf(same, caughtUp(1, 1)),
  S6: () => pairOf(same, caughtUp(1, 11)),
  S7: () => pairOf(same, drop(1, 11)),
  S8: () =>
    pairOf(
      same,
      drop(1, 11, (i) => i % 2 === 0),
    ),
  S9: () => pairOf(same, drop(8, 11)),
  S10: () =>
    pairOf(
      without(9, (i) => i !== 3),
      without(9, (i) => i !== 7),
    ),
} as const satisfies Record<string, () => SetPair>

/** S11: one boundary later, with what Bob caught up on unsettled by his grades. */
export function oneBoundaryLater(name: 'S5' | 'S6'): SetPair {
  const { alice, bob } = SCENARIOS[name]()
  const caught = (bob.frames.at(-1) ?? []).filter((id) => !alice.frames.at(-1)?.includes(id))
  return {
    alice: createFakeSet({ frames: [...alice.frames, []] }),
    bob: createFakeSet({ frames: [...bob.frames, []], unsettled: caught }),
  }
}

/** Sessions as told runs: what each side says, and how it ends. `UPDATE_STORIES=1` rewrites them. */
import { describe, it } from 'vitest'
import { compareStory } from '../helpers/sim/story.ts'
import { SCENARIOS } from '../helpers/sync/session/scenarios.ts'
import { createPair, FEATURES } from '../helpers/sync/session/virtual-pair.ts'

const STORIES = [
  ['atx-sync-equal', 'S1', ['Equal sets (S1): one fingerprint each way, and both are done.']],
  [
    'atx-sync-last-month',
    'S3',
    [
      'Bob misses one ATX of last month (S3): step 1 fails, the open timeframe (back 0) is equal, round 1 shows the id.',
      'Both then know the same set. 399 ids moved; Bob fetches one ATX, beside the session.',
    ],
  ],
  [
    'atx-sync-isolated',
    'S7',
    [
      'Bob has only what was published since he joined (S7). Three closed timeframes in a row bring Alice nothing (N_2), while Bob',
      'gains: she asks him to stop and serves him the rest in bulk.',
    ],
  ],
  [
    'atx-sync-deep',
    'S10',
    [
      'Each misses one ATX older than the window (S10): N_1 rounds show no difference, so nobody is behind; the whole sets are',
      'reconciled instead.',
    ],
  ],
] as const

describe('stories of sync sessions', () => {
  it.each(STORIES)('%s', (story, scenario, opening) => {
    const lines: string[] = opening.map((line) => `-- ${line}`)
    const { alice, bob } = SCENARIOS[scenario]()
    const config = { features: { ...FEATURES, deepRange: true }, limits: { chunkIds: 64 } }
    const run = createPair({
      alice: { set: alice, config },
      bob: { set: bob, config },
      trace: (line) => lines.push(line),
    })
    run.run()
    compareStory(story, lines)
  })
})

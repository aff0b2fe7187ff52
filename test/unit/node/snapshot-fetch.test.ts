/** Fetching chunks of a snapshot from several peers (P17.6): liars are penalised, others fill in. */
import { describe, expect, it } from 'vitest'
import { fetchChunks } from '../../../src/node/snapshot-fetch.ts'

const GOOD = Buffer.from('good')
const BAD = Buffer.from('bad')

/** What peers give for any chunk: a wrong one, none, or the right one. */
async function run(given: Readonly<Record<string, Uint8Array | null>>, missing: readonly number[]) {
  const stored: number[] = []
  const asked: string[] = []
  const penalised: string[] = []
  const left = await fetchChunks({
    missing,
    peers: Object.keys(given),
    async ask(peer) {
      asked.push(peer)
      return given[peer] ?? null
    },
    target: {
      async put(index, bytes) {
        if (bytes === BAD) return { ok: false, reason: 'wrong' }
        stored.push(index)
        return { ok: true }
      },
    },
    penalise: (peer) => void penalised.push(peer),
  })
  return { left, stored: stored.sort((a, b) => a - b), asked, penalised }
}

const TWENTY = Array.from({ length: 20 }, (_, index) => index)

describe('fetchChunks', () => {
  it('P17.6 spreads the chunks over all peers, each chunk asked once', async () => {
    const { left, stored, asked, penalised } = await run({ a: GOOD, b: GOOD }, TWENTY)
    expect({ left, stored, penalised }).toEqual({ left: [], stored: TWENTY, penalised: [] })
    expect(asked).toHaveLength(20)
    expect(new Set(asked)).toEqual(new Set(['a', 'b']))
  })

  it('P17.6 penalises a liar once and takes its chunks from another peer', async () => {
    const { left, stored, penalised } = await run({ liar: BAD, honest: GOOD }, TWENTY)
    expect({ left, stored, penalised }).toEqual({ left: [], stored: TWENTY, penalised: ['liar'] })
  })

  it('a peer without the chunks is no liar', async () => {
    const { left, stored, penalised } = await run({ empty: null, honest: GOOD }, [4])
    expect({ left, stored, penalised }).toEqual({ left: [], stored: [4], penalised: [] })
  })

  it('fetches only what is missing', async () => {
    expect((await run({ a: GOOD }, [3, 17])).asked).toHaveLength(2)
  })

  it('says what nobody gave', async () => {
    const { left, stored, penalised } = await run({ liar: BAD, empty: null }, TWENTY)
    expect({ left, stored, penalised }).toEqual({ left: TWENTY, stored: [], penalised: ['liar'] })
    expect((await run({}, [1])).left).toEqual([1])
  })
})

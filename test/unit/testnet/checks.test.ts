/** The agreement check: equal logs and states pass; one different block, state, chain or missing block does not. */
import { afterEach, describe, expect, test } from 'vitest'
import { createClient } from '../../../src/client/client.ts'
import { checkAgreement, type NamedClient, waitForCatchUp } from '../../../testnet/checks.ts'
import { createFakeApi, type FakeApi } from '../cli/fake-api.ts'

const open: FakeApi[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()))
})

type Chain = {
  readonly heights?: number
  readonly forkAt?: number
  readonly stateRoot?: string
  readonly chainId?: string
  readonly executed?: number
}

/** A node with final blocks 1..heights; block h claims the state of height h - 1. */
async function node(
  name: string,
  { heights = 250, forkAt, stateRoot, chainId = 'c', executed = 200 }: Chain = {},
): Promise<NamedClient> {
  const block = (height: number): object => ({
    height,
    hash: forkAt !== undefined && height >= forkAt ? `fork${height}` : `h${height}`,
    txIds: ['t'],
    entries: 2,
    stateHeight: height - 1,
    stateRoot: `s${height - 1}`,
  })
  const api = await createFakeApi({
    'GET /v1/status': {
      json: {
        chainId,
        finalized: { height: heights },
        ledger: { height: executed, stateRoot: stateRoot ?? `s${executed}` },
      },
    },
    'GET /v1/blocks': (response, { url }) => {
      const { searchParams } = new URL(url, 'http://x')
      const from = Number(searchParams.get('from'))
      const count = Math.max(0, Math.min(Number(searchParams.get('limit')), heights - from + 1))
      response.end(JSON.stringify(Array.from({ length: count }, (_, i) => block(from + i))))
    },
  })
  open.push(api)
  return { name, client: createClient({ url: api.url }) }
}

describe('agreement', () => {
  test('equal logs agree up to the least height, and their transactions are counted once', async () => {
    const nodes = [await node('node0'), await node('node1', { heights: 230 }), await node('node2')]
    expect(await checkAgreement(nodes)).toEqual({
      agreement: true,
      height: 230,
      differences: [],
      txs: 230,
      entries: 460,
    })
  })

  test.each<[string, Chain, RegExp]>([
    ['another block', { forkAt: 249 }, /at height 249 node1 has fork249/],
    ['another state', { stateRoot: 'bad' }, /node1 has state bad at height 200, the chain says s200/],
    ['another chain', { chainId: 'd' }, /node1 follows chain d/],
  ])('%s is a difference that names height and node', async (_, chain, sentence) => {
    const outcome = await checkAgreement([await node('node0'), await node('node1', chain)])
    expect(outcome.agreement).toBe(false)
    expect(outcome.differences[0]).toMatch(sentence)
  })

  test('no node at all is no agreement', async () => {
    await expect(checkAgreement([])).resolves.toMatchObject({ agreement: false })
  })
})

test('catching up ends when the last is near the best, or at the deadline', async () => {
  const near = [await node('node0'), await node('node1', { heights: 245 })]
  expect(await waitForCatchUp(near, { slack: 10, deadlineMs: 1_000 })).toBe(true)
  const far = [await node('node0'), await node('node1', { heights: 100 })]
  expect(await waitForCatchUp(far, { slack: 10, deadlineMs: 200 })).toBe(false)
})

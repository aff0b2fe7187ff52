/** `/v1/blocks`: final blocks by height, hash or page. */
import { RequestError } from './errors.ts'
import type { Operations } from './operation.ts'
import { blockParams, pageQuery } from './parameters.ts'
import { blockSchema, blocksSchema, finalEntriesSchema } from './schemas.ts'

const DEFAULT_LIMIT = 20

export function addBlocks({ node, add }: Operations): void {
  add(
    {
      method: 'GET',
      path: '/v1/blocks',
      summary: 'Final blocks from a height upward, or the last ones',
      query: pageQuery,
      answer: blocksSchema,
    },
    ({ query: { from, limit } }) => node.blocks(from ?? null, limit ?? DEFAULT_LIMIT),
  )
  add(
    {
      method: 'GET',
      path: '/v1/blocks/:ref',
      summary: 'A block by height, by hash, or `latest` (the latest final one)',
      params: blockParams,
      answer: blockSchema,
      problems: [404],
    },
    async ({ params: { ref } }) => {
      const block = await node.block(isHeight(ref) ? Number(ref) : ref)
      if (block !== null) return block
      throw new RequestError('not-found', `this node has no block ${ref}; see /v1/status for its final height`)
    },
  )
  add(
    {
      method: 'GET',
      path: '/v1/blocks/:ref/entries',
      summary: 'The entries of a final block, in order',
      params: blockParams,
      answer: finalEntriesSchema,
      problems: [404],
    },
    async ({ params: { ref } }) => {
      const entries = await node.entries(isHeight(ref) ? Number(ref) : ref)
      if (entries !== null) return entries
      throw new RequestError('not-found', `this node has no final block ${ref}; see /v1/status for its final height`)
    },
  )
}

function isHeight(ref: string): boolean {
  return /^[0-9]{1,15}$/.test(ref)
}

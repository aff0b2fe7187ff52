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
      problems: [404, 410],
    },
    async ({ params: { ref } }) => {
      const block = await node.block(isHeight(ref) ? Number(ref) : ref)
      if (block !== null) return block
      throw missing(node, ref, `this node has no block ${ref}; see /v1/status for its final height`)
    },
  )
  add(
    {
      method: 'GET',
      path: '/v1/blocks/:ref/entries',
      summary: 'The entries of a final block, in order',
      params: blockParams,
      answer: finalEntriesSchema,
      problems: [404, 410],
    },
    async ({ params: { ref } }) => {
      const entries = await node.entries(isHeight(ref) ? Number(ref) : ref)
      if (entries !== null) return entries
      throw missing(node, ref, `this node has no final block ${ref}; see /v1/status for its final height`)
    },
  )
}

/** A block that was here and went is another matter than one that never was. */
function missing(node: Operations['node'], ref: string, detail: string): RequestError {
  const { lowestHeight } = node.status()
  if (!isHeight(ref) || Number(ref) < 1 || Number(ref) >= lowestHeight) return new RequestError('not-found', detail)
  const advice = `this node keeps blocks from ${lowestHeight} on: ask an archive node, one that runs with --prune-keep 0`
  return new RequestError('pruned', `block ${ref} is pruned here; ${advice}`, { lowestHeight })
}

function isHeight(ref: string): boolean {
  return /^[0-9]{1,15}$/.test(ref)
}

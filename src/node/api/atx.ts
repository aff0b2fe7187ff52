/** `/v1/atx`: the shared set of ATXs: what is in it, publishing, and bringing it in step with peers. */
import type { AtxPublication } from './atx-port.ts'
import {
  atxDetailSchema,
  atxListSchema,
  atxStatusSchema,
  atxSyncAnswerSchema,
  atxSyncRequestSchema,
  publishedSchema,
  publishRequestSchema,
} from './atx-schemas.ts'
import { RequestError } from './errors.ts'
import type { Operations } from './operation.ts'
import { atxParams, pageQuery } from './parameters.ts'

const DEFAULT_ATXS = 20

export function addAtxs({ node, add }: Operations): void {
  const { atx } = node
  add(
    {
      method: 'GET',
      path: '/v1/atx',
      summary: 'ATXs in the order of receipt: from a position on, or the latest',
      description: 'Oldest first, without bodies. To follow what comes, listen to the events of topic `atx`.',
      query: pageQuery,
      answer: atxListSchema,
    },
    ({ query }) => atx.list(query.from ?? null, query.limit ?? DEFAULT_ATXS),
  )
  add(
    {
      method: 'GET',
      path: '/v1/atx/status',
      summary: 'Size, fingerprints and timeframes of the set, and the conversations about it',
      description: 'Two nodes hold the same set when `fingerprint` is the same on both.',
      answer: atxStatusSchema,
    },
    () => atx.status(),
  )
  add(
    {
      method: 'GET',
      path: '/v1/atx/:id',
      summary: 'One ATX with its bytes',
      params: atxParams,
      answer: atxDetailSchema,
      problems: [404],
    },
    async ({ params: { id } }) => {
      const found = await atx.show(id)
      if (found !== null) return found
      throw new RequestError('not-found', `ATX ${id} is not in this node's set; see /v1/atx for what is`)
    },
  )
  add(
    {
      method: 'POST',
      path: '/v1/atx',
      summary: 'Publishes an ATX: of this node, or one that was signed elsewhere',
      description:
        'Judged like any other, on disk when the call returns, then announced. 409 `refused` says which rule it breaks, or that what it builds on is not here: nothing of it is kept then, so publish that first and this again. The same body in the same epoch is the same ATX (`isNew: false`).',
      body: publishRequestSchema,
      answer: publishedSchema,
      isMutating: true,
      failureStatus: 409,
      problems: [401, 409, 413],
    },
    ({ body }) => atx.publish(publicationOf(body)),
  )
  add(
    {
      method: 'POST',
      path: '/v1/atx/sync',
      summary: 'Begins reconciliation with a peer, or with all',
      description: 'Answers at once; `/v1/atx/status` and the events of topic `sync` show how it goes.',
      body: atxSyncRequestSchema,
      answer: atxSyncAnswerSchema,
      isMutating: true,
      problems: [401, 404],
    },
    async ({ body }) => ({ peers: await atx.sync(body.peerId ?? null) }),
  )
}

function publicationOf({ body, blob }: { body?: string | undefined; blob?: string | undefined }): AtxPublication {
  if (body !== undefined && blob === undefined) return { body: Buffer.from(body, 'base64') }
  if (blob !== undefined && body === undefined) return { blob: Buffer.from(blob, 'base64') }
  throw new RequestError('invalid-request', "give one of 'body' (this node signs) and 'blob' (signed elsewhere)")
}

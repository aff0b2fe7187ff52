/** `/v1/peers`: who this node is connected with, and connecting, disconnecting, banning. */
import type { Operations } from './operation.ts'
import { banQuery, peerIdParams } from './parameters.ts'
import { connectAnswerSchema, connectRequestSchema, peersSchema } from './schemas.ts'

/** The peer, not this node, is what failed. */
const BAD_GATEWAY = 502

export function addPeers({ node, add }: Operations): void {
  add({ method: 'GET', path: '/v1/peers', summary: 'The connected peers', answer: peersSchema }, () => node.peers())
  add(
    {
      method: 'POST',
      path: '/v1/peers',
      summary: 'Connect to a peer',
      description: 'Answers once the peer has proven its roles. The problem names why it was not reached.',
      body: connectRequestSchema,
      answer: connectAnswerSchema,
      problems: [409, 502, 504],
      isMutating: true,
      failureStatus: BAD_GATEWAY,
    },
    async ({ body }) => ({ peerId: await node.connect(body.multiaddr) }),
  )
  add(
    {
      method: 'DELETE',
      path: '/v1/peers/:id',
      summary: 'Disconnect from a peer; with `ban=true`, refuse it from now on',
      params: peerIdParams,
      query: banQuery,
      answer: null,
      problems: [404],
      isMutating: true,
    },
    ({ params, query }) => (query.ban === true ? node.ban(params.id) : node.disconnect(params.id)),
  )
}

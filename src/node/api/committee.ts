/** `/v1/committee`: who decides, what is proposed, and how past sessions came to be. */
import { committeeHistorySchema, committeeSchema } from './committee-schemas.ts'
import type { Operations } from './operation.ts'
import { limitQuery } from './parameters.ts'

const DEFAULT_SESSIONS = 20

export function addCommittee({ node, add }: Operations): void {
  add(
    {
      method: 'GET',
      path: '/v1/committee',
      summary: 'The committee of this session, and proposals to change it',
      description:
        'Propose, approve and withdraw through `/v1/tx` with module `committee`: `{"propose": {"add": [{"key", "org"}], ' +
        '"remove": [KEY], "replace": [{"old", "key", "org"}], "k", "params", "allowFewer"}}`, `{"approve": {"id"}}`, ' +
        '`{"withdraw": {"id"}}`.',
      answer: committeeSchema,
    },
    () => node.committee(),
  )
  add(
    {
      method: 'GET',
      path: '/v1/committee/history',
      summary: 'The latest sessions and what started each, newest first',
      query: limitQuery,
      answer: committeeHistorySchema,
    },
    ({ query }) => node.committeeHistory(query.limit ?? DEFAULT_SESSIONS),
  )
}

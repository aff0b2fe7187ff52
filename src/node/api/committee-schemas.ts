/** The shapes of `/v1/committee` as zod schemas; the compiler proves that they describe the types of `committee-view.ts`. */
import { z } from 'zod'
import type { SessionParams } from '../../domain.ts'
import type { CommitteeView, MemberView, PlanView, SessionRecordView } from './committee-view.ts'
import { count, describing, hash } from './schemas.ts'

const memberSchema = describing<MemberView>()(
  z.strictObject({ key: hash(), peerId: z.string(), org: z.string(), weight: count() }),
)

const paramFields = {
  k: count(),
  stopOffset: count(),
  blockIntervalMs: count(),
  emptyBlockIntervalMs: count(),
  firstProposalDelayMs: count(),
  firstProposalLimitMs: count(),
  voterTimeoutMs: count(),
  maxVoterTimeoutMs: count(),
  heartbeatMs: count(),
  maxBlockBytes: count(),
  maxClockDriftMs: count(),
}
const paramsSchema = describing<SessionParams>()(z.strictObject(paramFields))

const planSchema = describing<PlanView>()(
  z.strictObject({ proposers: z.array(memberSchema), voters: z.array(memberSchema), params: paramsSchema }),
)

const changeSchema = z.strictObject({
  add: z.array(
    z.strictObject({
      key: hash(),
      org: z.string(),
      weight: count(),
      roles: z.array(z.enum(['proposer', 'voter'])),
    }),
  ),
  remove: z.array(hash()),
  replace: z.array(
    z.strictObject({ old: hash(), key: hash(), org: z.string(), weight: count().nullable() }).meta({
      description: 'Weight null keeps that of the old member.',
    }),
  ),
  params: z.strictObject(paramFields).partial(),
  allowFewer: z.boolean(),
})

const proposalSchema = z.strictObject({
  id: hash(),
  author: z.strictObject({ key: hash(), peerId: z.string(), org: z.string().nullable() }),
  session: count(),
  height: count(),
  change: changeSchema,
  summary: z.array(z.string()).meta({ description: 'The change in sentences.' }),
  approvals: z.array(z.strictObject({ key: hash(), org: z.string(), weight: count() })),
  weight: count().meta({ description: 'Weight of the approvals by present voters.' }),
  needed: count().meta({ description: 'Weight that accepts it.' }),
  status: z.enum(['open', 'accepted', 'applied', 'withdrawn', 'dropped']).meta({
    description: '`accepted` takes effect when the session ends.',
  }),
  reason: z.string().nullable().meta({ description: 'Why it was dropped.' }),
})

export const committeeSchema = describing<CommitteeView>()(
  z.strictObject({
    session: count(),
    since: count().meta({ description: 'Height of the stop block before the session; 0 for genesis.' }),
    plan: planSchema,
    next: planSchema.nullable().meta({ description: 'The next committee by what is accepted so far, if it differs.' }),
    proposals: z.array(proposalSchema),
  }),
)

export const committeeHistorySchema = z.array(
  describing<SessionRecordView>()(
    z.strictObject({
      session: count(),
      since: count(),
      how: z.enum(['genesis', 'elected', 'kept']),
      plan: planSchema,
      changes: z.array(
        z.strictObject({ id: hash(), author: hash(), applied: z.boolean(), reason: z.string().nullable() }),
      ),
    }),
  ),
)

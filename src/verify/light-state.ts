/** What a light client keeps between runs: a committee and a block it trusts, as JSON. */
import { z } from 'zod'
import type { Hash, Millis } from '../domain.ts'
import { planProblem } from '../pala/plan-rules.ts'
import type { Session } from '../pala/types.ts'
import { VerifyError } from './errors.ts'

/** Trust to start from. `checkpoint` is the newest verified block, null before any; its timestamp is Unix milliseconds. */
export type LightState = {
  readonly chainId: Hash
  readonly session: Session
  readonly checkpoint: { readonly height: number; readonly hash: Hash; readonly timestamp: Millis } | null
}

const VERSION = 1
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const member = z.strictObject({ key: hash, org: z.string(), weight: z.int() })
const millis = z.int().min(0)

const stateSchema = z.strictObject({
  version: z.literal(VERSION),
  chainId: hash,
  session: z.strictObject({
    session: z.int().min(1),
    proposers: z.array(member),
    voters: z.array(member),
    params: z.strictObject({
      k: z.int(),
      stopOffset: z.int(),
      blockIntervalMs: millis,
      emptyBlockIntervalMs: millis,
      firstProposalDelayMs: millis,
      firstProposalLimitMs: millis,
      voterTimeoutMs: millis,
      maxVoterTimeoutMs: millis,
      heartbeatMs: millis,
      maxBlockBytes: z.int(),
      maxClockDriftMs: millis,
    }),
  }),
  checkpoint: z.strictObject({ height: z.int().min(1), hash, timestamp: millis }).nullable(),
})

/** The state as the text of a file. */
export function writeLightState(state: LightState): string {
  return `${JSON.stringify({ version: VERSION, ...state }, null, 2)}\n`
}

/** Reads {@link writeLightState}'s text for a chain. Throws `malformed`, or `other-chain`. */
export function readLightState(text: string, chainId: Hash): LightState {
  const result = stateSchema.safeParse(parseJson(text))
  if (!result.success) {
    const [issue] = result.error.issues
    throw new VerifyError('malformed', `the state is malformed: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { version: _, ...state } = result.data
  if (state.chainId !== chainId) {
    throw new VerifyError('other-chain', `the state is of chain ${state.chainId}, not ${chainId}`)
  }
  const problem = planProblem(state.session)
  if (problem !== null) throw new VerifyError('malformed', `the state holds no committee: ${problem}`)
  return state
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new VerifyError('malformed', `the state is not JSON: ${(cause as Error).message}`, { cause })
  }
}

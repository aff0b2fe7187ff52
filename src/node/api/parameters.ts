/** Path and query parameters: text on the wire, typed behind it. */
import { z } from 'zod'
import { MAX_PAGE } from './schemas.ts'

/** A whole number from 0, below 10^15. */
const wholeNumber = (max = 999_999_999_999_999) =>
  z
    .string()
    .regex(/^[0-9]{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(0).max(max, `must be at most ${max}`))

const flag = () =>
  z
    .enum(['true', 'false', '1', '0', ''], 'must be true or false')
    .transform((text) => text === 'true' || text === '1' || text === '')
    .pipe(z.boolean())

const hashText = () => z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex characters')

export const txIdParams = z.strictObject({ id: hashText() })
export const peerIdParams = z.strictObject({
  id: z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{20,100}$/, 'must be a peer id'),
})
export const banQuery = z.strictObject({ ban: flag().optional() })
export const keyParams = z.strictObject({ key: z.string().min(1).max(256) })
export const kvQuery = z.strictObject({ proof: flag().optional() })
export const verboseQuery = z.strictObject({ verbose: flag().optional() })
export const topicsQuery = z.strictObject({ topics: z.string().max(256).optional() })

export const evidenceParams = z.strictObject({ id: hashText() })
export const atxParams = z.strictObject({ id: hashText() })
export const blockParams = z.strictObject({
  ref: z.string().regex(/^(latest|[0-9]{1,15}|[0-9a-f]{64})$/, "must be a height, a block hash, or 'latest'"),
})
export const limitQuery = z.strictObject({ limit: wholeNumber(MAX_PAGE).optional() })
export const pageQuery = z.strictObject({
  from: wholeNumber().optional(),
  limit: wholeNumber(MAX_PAGE).optional(),
})

/**
 * Which plans a session may have (P16.2): one set of rules for voters, syncing nodes, the ledger, which refuses bad plans
 * early, and verifiers in a browser. Pure.
 */
import { isUsableKey } from '../crypto/usable-key.ts'
import type { CommitteePlan, Member, SessionParams } from '../domain.ts'

/** The most voters and proposers of a session (P25). */
export const MAX_VOTERS = 400
export const MAX_PROPOSERS = 32
/** The deepest window a session may have (P16.2). */
export const MAX_K = 64
/** Longest interval or timeout, in milliseconds: one day. */
export const MAX_MS = 86_400_000
/** `sessionCount` is an unsigned 32-bit integer (P5.1). */
export const MAX_STOP_OFFSET = 2 ** 32 - 1
export const MIN_HEARTBEAT_MS = 100
export const MIN_BLOCK_BYTES = 1_024
export const MAX_BLOCK_BYTES = 1_048_576
export const MAX_ORG_CHARACTERS = 64

/** Why no session may have this plan, for people; null when one may (P16.2). */
export function planProblem({ proposers, voters, params }: CommitteePlan): string | null {
  return (
    seatsProblem('proposer', proposers, MAX_PROPOSERS) ??
    seatsProblem('voter', voters, MAX_VOTERS) ??
    paramsProblem(params)
  )
}

function seatsProblem(seat: string, members: readonly Member[], max: number): string | null {
  if (members.length === 0) return `there must be at least one ${seat}`
  if (members.length > max) return `there may be at most ${max} ${seat}s, not ${members.length}`
  if (new Set(members.map(({ key }) => key)).size !== members.length) return `a ${seat} key appears twice`
  for (const { key, org, weight } of members) {
    if (!Number.isSafeInteger(weight) || weight < 1) return `the weight of ${seat} ${key} is not a positive integer`
    if (org.length === 0 || org.length > MAX_ORG_CHARACTERS)
      return `the organisation of ${seat} ${key} needs 1 to ${MAX_ORG_CHARACTERS} characters`
    if (!isUsableKey(key)) return `${key} is not a usable Ed25519 public key`
  }
  const total = members.reduce((sum, { weight }) => sum + weight, 0)
  return Number.isSafeInteger(2 * total + 2) ? null : `the ${seat}s have too much weight in all`
}

const isInteger = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max

function paramsProblem(p: SessionParams): string | null {
  if (!isInteger(p.k, 1, MAX_K)) return `k must be 1 to ${MAX_K}`
  if (p.stopOffset !== 0 && !isInteger(p.stopOffset, 2 * p.k + 2, MAX_STOP_OFFSET)) {
    return 'stopOffset must be 0 or at least 2k + 2'
  }
  if (!isInteger(p.maxBlockBytes, MIN_BLOCK_BYTES, MAX_BLOCK_BYTES)) {
    return `maxBlockBytes must be ${MIN_BLOCK_BYTES} to ${MAX_BLOCK_BYTES}`
  }
  return timesProblem(p)
}

function timesProblem(p: SessionParams): string | null {
  const times = [
    ['blockIntervalMs', 0],
    ['emptyBlockIntervalMs', 1],
    ['firstProposalDelayMs', 0],
    ['firstProposalLimitMs', 1],
    ['voterTimeoutMs', 1],
    ['maxVoterTimeoutMs', 1],
    ['heartbeatMs', MIN_HEARTBEAT_MS],
    ['maxClockDriftMs', 0],
  ] as const
  for (const [name, min] of times) {
    if (!isInteger(p[name], min, MAX_MS)) return `${name} must be ${min} to ${MAX_MS} milliseconds`
  }
  if (p.firstProposalLimitMs >= p.voterTimeoutMs) return 'firstProposalLimitMs must be below voterTimeoutMs'
  if (p.firstProposalDelayMs > p.firstProposalLimitMs)
    return 'firstProposalDelayMs must not exceed firstProposalLimitMs'
  if (p.voterTimeoutMs > p.maxVoterTimeoutMs) return 'maxVoterTimeoutMs must not be below voterTimeoutMs'
  return p.emptyBlockIntervalMs < p.voterTimeoutMs ? null : 'emptyBlockIntervalMs must be below voterTimeoutMs'
}

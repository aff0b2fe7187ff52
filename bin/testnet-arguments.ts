/** Arguments that the `testnet` commands share, with their checks. */
import { FAULT_KINDS, type FaultKind } from '../testnet/faults.ts'
import { CliError } from './errors.ts'

export const DIR_PLACE = { type: 'string', demandOption: true, describe: "the testnet's folder" } as const

export const NODE_PLACE = { type: 'string', demandOption: true, describe: 'number of a node, from 0' } as const

/** Committees above this size need real machines. */
const MAX_NODES = 64

/** A node number from `2` or `node2`. Throws `usage`. */
export function parseNode(text: string): number {
  const match = /^(?:node)?(\d{1,4})$/.exec(text)
  if (match?.[1] !== undefined) return Number(match[1])
  throw new CliError('usage', `'${text}' is no node number`, { hint: 'write 0, 1, 2 ...' })
}

/** A whole number within bounds. Throws `usage`. */
export function checkCount(flag: string, value: number, least: number, most = MAX_NODES): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new CliError('usage', `${flag} must be a whole number from ${least} to ${most}`, {
    hint: `such as ${flag} ${Math.max(least, Math.min(4, most))}`,
  })
}

const RATE_UNITS = { '': 1, K: 1e3, M: 1e6, G: 1e9 } as const

/** Bytes per second from `1MB`, `250KB/s` or `40000`. Throws `usage`. */
export function parseRate(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([KMG]?)B?(?:\/s)?$/i.exec(text)
  const unit = match?.[2]?.toUpperCase() as keyof typeof RATE_UNITS | undefined
  const bytesPerSecond = unit === undefined ? 0 : Math.round(Number(match?.[1]) * RATE_UNITS[unit])
  if (bytesPerSecond >= 1) return bytesPerSecond
  throw new CliError('usage', `'${text}' is no rate`, { hint: 'write bytes per second: 1MB, 250KB or 40000' })
}

/** Fault kinds from `kill,pause`. Throws `usage`. */
export function parseFaultKinds(text: string | undefined): FaultKind[] {
  return (text ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(parseFaultKind)
}

function parseFaultKind(text: string): FaultKind {
  const kind = FAULT_KINDS.find((known) => known === text.trim())
  if (kind !== undefined) return kind
  throw new CliError('usage', `unknown fault '${text}'`, { hint: `--perturb takes ${FAULT_KINDS.join(',')}` })
}

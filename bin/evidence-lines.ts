/** One line for people about one proof of misbehaviour. */
import type { EvidenceView } from '../src/node/api/node-port.ts'
import { short } from './output.ts'

/** `EVIDENCE doubleVote by voter org-2 12D3KooW... at (1,2,3), recorded on the ledger at height 7`. */
export function evidenceLine({ kind, accused, session, epoch, number, recordedAt }: EvidenceView): string {
  const who = accused === null ? 'of two quorums' : `by ${accused.seat} ${accused.org} key ${short(accused.key)}`
  const where = recordedAt === null ? 'not on the ledger' : `recorded on the ledger at height ${recordedAt}`
  return `EVIDENCE ${kind} ${who} at (${session},${epoch},${number}), ${where}`
}

/** Evidence of consensus as the ledger judges it: parsed once, proven against whatever committees the ledger's state names. */
import type { Hash } from '../domain.ts'
import type { EvidenceCase, PlanOf, ReadEvidence } from '../ledger/modules/evidence.ts'
import { accusationOf, accusedIn, offenceKey } from '../pala/evidence.ts'
import { decodeEvidence, evidenceIdOf } from '../pala/evidence-codec.ts'
import { verifyEvidence } from '../pala/evidence-verify.ts'
import type { Session } from '../pala/types.ts'

/** What the module `evidence` needs, for one chain. */
export function createEvidenceCourt(chainId: Hash): ReadEvidence {
  return (bytes) => {
    try {
      return openCase(bytes, chainId)
    } catch (error) {
      return (error as Error).message
    }
  }
}

function openCase(bytes: Uint8Array, chainId: Hash): EvidenceCase {
  const offence = decodeEvidence(bytes)
  const accusation = accusationOf(offence)
  const { session: number, epoch, s } = accusation.slot
  return {
    id: evidenceIdOf(bytes),
    bytes,
    session: number,
    offender(plans) {
      const session = sessionIn(plans, number)
      const accused = session === undefined ? null : accusedIn(session, accusation)
      if (accused === null) return null
      const { kind, key, org } = accused
      return { mark: offenceKey(accused), kind, key, org, session: number, epoch, s }
    },
    problem(plans) {
      const verdict = verifyEvidence(offence, { chainId, sessionOf: (session) => sessionIn(plans, session) })
      return verdict.ok ? null : verdict.reason
    },
  }
}

function sessionIn(plans: PlanOf, number: number): Session | undefined {
  const plan = plans(number)
  return plan === null ? undefined : { session: number, ...plan }
}

/** Structural validity of a block on its chain (P5.4, rules 2 to 9). Signatures and roots are checked before, by the service. */
import { MAX_U32 } from '../bounds.ts'
import type { TreeEntry } from '../chain.ts'
import { sessionOf } from '../committee.ts'
import { compareSn, type Sn } from '../sn.ts'
import type { Block, BlockHeader, Session, State, StopRule } from '../types.ts'
import { certsFor, inChainFinalHeight, provesStop } from './certificates.ts'

const ZERO_HASH = '0'.repeat(64)

/** Why `block` cannot follow `parent`, or null when it can. */
export function blockProblem(state: State, block: Block, parent: TreeEntry): string | null {
  const session = state.sessions.get(block.header.sn.session)
  if (session === undefined) return 'unknown session'
  return (
    relationProblem(block.header, parent) ??
    sessionProblem(state, block.header, parent) ??
    countProblem(block.header, parent) ??
    leaderProblem(state, block.header, session) ??
    stopProblem(block, stopRuleFor(session, { sn: block.header.sn, parent })) ??
    certsProblem(state, block, parent)
  )
}

/** P5.4-2, P5.4-3: the slot is well formed and follows the parent's. */
function relationProblem({ sn, parentSn, parentHash, timestamp }: BlockHeader, parent: TreeEntry): string | null {
  const p = parent.ref.sn
  if (sn.s < 1 || sn.epoch < 1 || sn.session < 1 || sn.s > MAX_U32 || sn.epoch > MAX_U32) return 'slot out of range'
  if (parentHash !== parent.ref.hash) return 'parent hash'
  if (parentSn.session !== p.session || parentSn.epoch !== p.epoch || parentSn.s !== p.s) return 'parent slot'
  if (!follows(sn, p)) return 'slot does not follow the parent'
  if (timestamp <= parent.timestamp) return 'timestamp not after the parent'
  return null
}

function follows(sn: Sn, parent: Sn): boolean {
  if (sn.session === parent.session && sn.epoch === parent.epoch) return sn.s === parent.s + 1
  if (sn.s !== 1) return false
  return sn.session === parent.session ? sn.epoch > parent.epoch : sn.session === parent.session + 1
}

/** P16.4-2, P16.4-3: a new session starts on a chain that itself proves the old session's stop block final. */
function sessionProblem({ sessions }: State, { sn }: BlockHeader, parent: TreeEntry): string | null {
  const { session } = parent.ref.sn
  if (session === 0 || session === sn.session || provesStop(sessions, parent)) return null
  return 'the session before is not proven to have stopped'
}

/** P5.4-4. */
function countProblem({ sn, height, sessionCount }: BlockHeader, parent: TreeEntry): string | null {
  if (height !== parent.ref.height + 1) return 'height'
  const expected = sn.session === parent.ref.sn.session ? parent.sessionCount + 1 : 1
  return sessionCount === expected ? null : 'session count'
}

/** P5.4-5. */
function leaderProblem(state: State, { sn, proposer }: BlockHeader, session: Session): string | null {
  return proposer === state.config.schedule(session, sn.epoch) ? null : 'proposer does not lead the epoch'
}

/** P5.4-7, P5.4-8: the stop block is where the rule says, and nothing is carried after it. */
function stopProblem({ header, payload }: Block, rule: { stop: StopRule; isAfter: boolean }): string | null {
  if (rule.stop !== 'may' && header.isStop !== (rule.stop === 'must')) return 'stop flag'
  if (!header.isStop && header.electionRoot !== ZERO_HASH) return 'election root outside a stop block'
  return rule.isAfter && payload.length > 0 ? 'payload after the stop block' : null
}

/**
 * P16.3: what a block at `sn` on `parent` must be. Before the stop offset an accepted change may end the session, once it
 * has had 2k + 2 blocks, the least a session may be planned for (P16.2).
 */
export function stopRuleFor(
  { params: { stopOffset, k } }: Session,
  { sn, parent }: { readonly sn: Sn; readonly parent: TreeEntry },
): { readonly stop: StopRule; readonly isAfter: boolean } {
  const continues = sn.session === parent.ref.sn.session
  if (continues && parent.stop !== null) return { stop: 'no', isAfter: true }
  const count = continues ? parent.sessionCount + 1 : 1
  if (stopOffset > 0 && count >= stopOffset) return { stop: 'must', isAfter: false }
  return { stop: count >= 2 * k + 2 ? 'may' : 'no', isAfter: false }
}

/** P11.3 and P16.4-4: whether a first block of `session` on `parent` is as fresh as the floor demands. */
export function isFreshEnough(
  session: number,
  { parent, floor }: { readonly parent: Sn; readonly floor: Sn },
): boolean {
  // All chains that stopped the session before are equal: they differ in empty blocks only.
  if (parent.session < session) return floor.session < session
  return compareSn(parent, floor) >= 0
}

/** P5.4-6: exactly the certificates of 5.2, each for the ancestor on this very chain. */
function certsProblem(state: State, block: Block, parent: TreeEntry): string | null {
  const { sn, stateHeight } = block.header
  const plan = certsFor(state.tree, state.sessions, { sn, parent })
  if (block.notarizations.length !== plan.notarized.length) return 'number of embedded notarizations'
  const matches = plan.notarized.every((entry, i) => block.notarizations[i]?.blockHash === entry.ref.hash)
  if (!matches) return 'embedded notarization of another block'
  if (plan.needsClockNotarization !== (block.clockNotarization !== null)) return 'embedded clock notarization'
  const target = block.clockNotarization?.target
  if (target !== undefined && (target.session !== sn.session || target.epoch !== sn.epoch)) {
    return 'embedded clock notarization of another epoch'
  }
  const expected = inChainFinalHeight(state.tree, state.sessions, { sn, parent })
  return stateHeight === expected ? null : 'state height'
}

/** The highest session-count-independent window test: slots the leader may have outstanding (P11.1-6). */
export function insideWindow(state: State, sn: Sn, fnc: Sn): boolean {
  const { k } = sessionOf(state.sessions, sn.session).params
  const sameEpoch = fnc.session === sn.session && fnc.epoch === sn.epoch
  return sn.s <= (sameEpoch ? fnc.s : 0) + k
}

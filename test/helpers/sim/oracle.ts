/** Watches a run from outside the nodes and fails it when an invariant of spec/pala.md 26.2 breaks. */
import type { Hash, PeerId } from '../../../src/domain.ts'
import { CLOCK_WINDOW, MAX_HELD_NOTARIZATIONS, MAX_PARKED_PROPOSALS } from '../../../src/pala/bounds.ts'
import { descendsFrom, finalizedOf } from '../../../src/pala/chain.ts'
import { sessionOf } from '../../../src/pala/committee.ts'
import { accusationOf, type Evidence } from '../../../src/pala/evidence.ts'
import { compareEpochs, compareSn, formatSn, GENESIS_SN, type Sn, snKey } from '../../../src/pala/sn.ts'
import { type Summary, summarise } from '../../../src/pala/state.ts'
import type { Block, Effect, Notarization, Proposal, Session, SessionRecord, State } from '../../../src/pala/types.ts'
import { type ChainBook, createChainBook } from './chain-book.ts'
import { demandLawful } from './chain-rules.ts'
import { demandDerived } from './recompute.ts'
import { demand } from './violation.ts'

export interface Oracle {
  readonly book: ChainBook
  /** A block was signed by a leader. */
  onBlock(proposal: Proposal): void
  /** A vote was signed. */
  onVote(vote: { readonly voter: number; readonly sn: Sn; readonly hash: Hash; readonly isHonest: boolean }): void
  /** An honest node ran some steps. */
  onStep(node: PeerId, state: State): void
  /** Its effects are done: what it now is, others may have seen. */
  onTurnDone(node: PeerId, state: State): void
  onEffect(node: PeerId, effect: Effect, state: State): void
  /** Blocks reached the application of an honest node. */
  onDeliver(node: PeerId, blocks: readonly Block[]): void
  onRestart(node: PeerId, state: State): void
}

export type OracleOptions = {
  /** The first session. */
  readonly session: Session
  /** Finality depth instead of each session's k (mutants). */
  readonly k?: number
  readonly isHonest: (node: PeerId) => boolean
  readonly isHonestVoter: (session: number, voter: number) => boolean
  readonly isHonestProposer: (session: number, proposer: number) => boolean
  readonly isNotarization: (notarization: Notarization) => boolean
}

const ORIGIN: Summary = {
  epoch: { session: 1, epoch: 1 },
  fnc: { sn: GENESIS_SN, hash: '', height: 0 },
  finalized: { sn: GENESIS_SN, hash: '', height: 0 },
}

/** How many turns of a node pass between two full recomputations (I9). */
const RECOMPUTE_EVERY = 16

export function createOracle(options: OracleOptions): Oracle {
  const { session, k, isNotarization } = options
  const book = createChainBook({ sessions: [session], ...(k === undefined ? {} : { k }), onNotarized: demandLawful })
  const votes = new Map<string, Hash>()
  /** Within one life of a process; and what outlives it. */
  const seen = new Map<PeerId, Summary>()
  const shown = new Map<PeerId, Summary>()
  const steps = new Map<PeerId, number>()

  /** I10: nobody honest is ever accused of what cannot be done by mistake. */
  function judge(evidence: Evidence): void {
    if (evidence.kind === 'conflictingNotarizations') {
      return demand(false, 'I2', () => `two certificates for ${formatSn(evidence.first.sn)}`)
    }
    const { kind, seat, index, slot } = accusationOf(evidence)
    const holds = seat === 'voter' ? options.isHonestVoter : options.isHonestProposer
    const isHonest = holds(slot.session, index)
    demand(!isHonest, 'I10', () => `${kind} against honest ${seat} ${index} at ${formatSn(slot)}`)
  }

  return {
    book,
    onBlock: (proposal) => book.addBlock(proposal),
    onVote({ voter, sn, hash, isHonest }) {
      const slot = `${voter}/${snKey(sn)}`
      const before = votes.get(slot)
      const once = !isHonest || before === undefined || before === hash
      demand(once, 'I3', () => `voter ${voter} voted twice at ${formatSn(sn)}`)
      votes.set(slot, hash)
      book.addVote(voter, sn, hash)
    },
    onStep(node, state) {
      const now = summarise(state)
      demandMonotone(node, seen.get(node) ?? ORIGIN, now)
      seen.set(node, now)
      demandSettled(node, now, book)
      demandBounded(node, state)
      const count = (steps.get(node) ?? 0) + 1
      steps.set(node, count)
      if (count % RECOMPUTE_EVERY !== 0) return
      demandDerived(node, state)
      demandCertified(node, state, isNotarization)
    },
    onTurnDone: (node, state) => void shown.set(node, summarise(state)),
    onEffect(node, effect, state) {
      if (effect.type === 'alarm') demand(false, 'I1', () => `${node} raised ${effect.code}: ${effect.detail}`)
      if (effect.type === 'persist') {
        for (const record of effect.records) if (record.type === 'evidence') judge(record.evidence)
      }
      if (effect.type === 'misbehaviour' && (effect.penalty === 'invalid' || effect.penalty === 'malformed')) {
        const { peer, reason } = effect
        demand(peer === null || !options.isHonest(peer), 'I10', () => `${node} blames ${peer} for "${reason}"`)
      }
      if (effect.type === 'deliver') demandProof(node, state, k)
      if (effect.type === 'notice' && effect.notice.kind === 'sessionStarted') {
        demandElected(node, effect.notice, book)
      }
    },
    onDeliver(node, blocks) {
      for (const { header, hash } of blocks) {
        const known = book.finalAt(header.height)
        demand(known === hash, known === undefined ? 'I5' : 'I1', () => `${node} took ${formatSn(header.sn)} as final`)
      }
    },
    onRestart(node, state) {
      const now = summarise(state)
      const before = shown.get(node) ?? ORIGIN
      demand(compareEpochs(now.epoch, before.epoch) >= 0, 'I4', () => `${node} restarted in an older epoch`)
      demand(now.finalized.height >= before.finalized.height, 'I4', () => `${node} lost final blocks`)
      seen.set(node, now)
    },
  }
}

/** I4 within one life. */
function demandMonotone(node: PeerId, before: Summary, now: Summary): void {
  demand(compareEpochs(now.epoch, before.epoch) >= 0, 'I4', () => `${node}: epoch went back`)
  demand(compareSn(now.fnc.sn, before.fnc.sn) >= 0, 'I4', () => `${node}: FNC went back to ${formatSn(now.fnc.sn)}`)
  demand(now.finalized.height >= before.finalized.height, 'I4', () => `${node}: finalized head went back`)
}

/** I8: every map keyed by remote data stays within its named bound. */
function demandBounded(node: PeerId, state: State): void {
  const { current } = state.epoch
  const { params, voters } = sessionOf(state.sessions, current.session)
  const { tree, parked, clocks, votes, verdicts, checking, timers } = state
  const rules: ReadonlyArray<readonly [string, number, number]> = [
    ['held', tree.held.size, MAX_HELD_NOTARIZATIONS],
    ['parked', parked.size, Math.min(MAX_PARKED_PROPOSALS, params.k * (CLOCK_WINDOW + 1))],
    ['clocks', clocks.size, CLOCK_WINDOW],
    ['votes', votes.size, tree.entries.size],
    ['verdicts', verdicts.size, tree.entries.size],
    ['checking', checking.size, tree.entries.size],
    ['timers', timers.size, 10],
    ['slots', tree.bySlot.size, tree.entries.size],
  ]
  for (const [name, size, bound] of rules) demand(size <= bound, 'I8', () => `${node}: ${name} holds ${size}`)
  for (const calls of clocks.values()) demand(calls.size <= voters.length, 'I8', () => `${node}: clocks`)
}

/** I5: the machine's own tree holds a certificate k slots above the head it just made final, or as deep below a stop block (P16.6). */
function demandProof(node: PeerId, { tree, sessions }: State, k: number | undefined): void {
  const head = finalizedOf(tree)
  const depth = k ?? sessionOf(sessions, head.ref.sn.session).params.k
  for (const entry of tree.entries.values()) {
    const { ref, notarized } = entry
    if (!notarized || ref.sn.session !== head.ref.sn.session || ref.sn.s <= depth) continue
    const top = Math.min(ref.height - depth, entry.stop?.height ?? Number.POSITIVE_INFINITY)
    if (top === head.ref.height && descendsFrom(tree, ref.hash, head.ref.hash)) return
  }
  demand(false, 'I5', () => `${node}: nothing proves that ${formatSn(head.ref.sn)} is final`)
}

/** I1 over time: the finalized head is a final block, so it never moves sideways (P16.6). */
function demandSettled(node: PeerId, { finalized }: Summary, book: ChainBook): void {
  const known = finalized.height === 0 || book.finalAt(finalized.height) === finalized.hash
  demand(known, 'I1', () => `${node} stands on ${formatSn(finalized.sn)}, which is not final`)
}

/** P16.5: the session that the one final stop block elects, and no other. */
function demandElected(node: PeerId, { session, stop }: SessionRecord, book: ChainBook): void {
  const known = book.sessions.get(session.session)
  const isSame = book.finalAt(stop.height) === stop.hash && JSON.stringify(known) === JSON.stringify(session)
  demand(isSame, 'P16.5', () => `${node} starts another session ${session.session} than its final stop block elects`)
}

/** I5, P4.4: every certificate a node believes in was really signed by a quorum. */
function demandCertified(node: PeerId, state: State, isGenuine: (n: Notarization) => boolean): void {
  for (const { notarization, ref } of state.tree.entries.values()) {
    if (notarization === null) continue
    demand(isGenuine(notarization), 'I5', () => `${node} believes a forged certificate for ${formatSn(ref.sn)}`)
  }
}

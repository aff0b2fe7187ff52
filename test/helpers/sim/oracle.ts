/** Watches a run from outside the nodes and fails it when an invariant of spec/pala.md 26.2 breaks. */
import type { Hash, PeerId } from '../../../src/domain.ts'
import { CLOCK_WINDOW, MAX_HELD_NOTARIZATIONS, MAX_PARKED_PROPOSALS } from '../../../src/pala/bounds.ts'
import { ancestry, entryOf } from '../../../src/pala/chain.ts'
import { compareEpochs, compareSn, formatSn, GENESIS_SN, type Sn, snKey } from '../../../src/pala/sn.ts'
import { type Summary, summarise } from '../../../src/pala/state.ts'
import type { Block, Effect, Evidence, Notarization, Proposal, Session, State } from '../../../src/pala/types.ts'
import { type ChainBook, createChainBook, demandEmbedded } from './chain-book.ts'
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
  readonly session: Session
  /** Finality depth; the session's k except in mutants. */
  readonly k: number
  readonly isHonest: (node: PeerId) => boolean
  readonly isHonestVoter: (voter: number) => boolean
  readonly isHonestProposer: (proposer: number) => boolean
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
  const book = createChainBook({ session, k, onNotarized: (entry, chain) => demandEmbedded(entry, chain, k) })
  const votes = new Map<string, Hash>()
  /** Within one life of a process; and what outlives it. */
  const seen = new Map<PeerId, Summary>()
  const shown = new Map<PeerId, Summary>()
  const steps = new Map<PeerId, number>()

  /** I10: nobody honest is ever accused of what cannot be done by mistake. */
  function judge(evidence: Evidence): void {
    switch (evidence.kind) {
      case 'doubleVote':
        return demand(
          !options.isHonestVoter(evidence.first.voter),
          'I10',
          () => `voter ${evidence.first.voter} is honest`,
        )
      case 'doubleProposal': {
        const { proposer, sn } = evidence.first.block.header
        return demand(!options.isHonestProposer(proposer), 'I10', () => `two proposals at ${formatSn(sn)}`)
      }
      case 'conflictingNotarizations':
        return demand(false, 'I2', () => `two certificates for ${formatSn(evidence.first.sn)}`)
    }
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
      demandBounded(node, state, session)
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
function demandBounded(node: PeerId, state: State, session: Session): void {
  const { tree, parked, clocks, votes, verdicts, checking, timers } = state
  const rules: ReadonlyArray<readonly [string, number, number]> = [
    ['held', tree.held.size, MAX_HELD_NOTARIZATIONS],
    ['parked', parked.size, Math.min(MAX_PARKED_PROPOSALS, session.params.k * (CLOCK_WINDOW + 1))],
    ['clocks', clocks.size, CLOCK_WINDOW],
    ['votes', votes.size, tree.entries.size],
    ['verdicts', verdicts.size, tree.entries.size],
    ['checking', checking.size, tree.entries.size],
    ['timers', timers.size, 9],
    ['slots', tree.bySlot.size, tree.entries.size],
  ]
  for (const [name, size, bound] of rules) demand(size <= bound, 'I8', () => `${node}: ${name} holds ${size}`)
  for (const calls of clocks.values()) demand(calls.size <= session.voters.length, 'I8', () => `${node}: clocks`)
}

/** I5: the machine's own tree holds a certificate k slots above the head it just made final. */
function demandProof(node: PeerId, state: State, k: number): void {
  const head = entryOf(state.tree, state.tree.finalized)
  for (const { ref, notarized } of ancestry(state.tree, state.tree.fnc)) {
    const proves = notarized && ref.sn.s > k && ref.height - k === head.ref.height
    if (proves && compareEpochs(ref.sn, head.ref.sn) === 0) return
    if (ref.height <= head.ref.height) break
  }
  demand(false, 'I5', () => `${node}: nothing proves that ${formatSn(head.ref.sn)} is final`)
}

/** I5, P4.4: every certificate a node believes in was really signed by a quorum. */
function demandCertified(node: PeerId, state: State, isGenuine: (n: Notarization) => boolean): void {
  for (const { notarization, ref } of state.tree.entries.values()) {
    if (notarization === null) continue
    demand(isGenuine(notarization), 'I5', () => `${node} believes a forged certificate for ${formatSn(ref.sn)}`)
  }
}

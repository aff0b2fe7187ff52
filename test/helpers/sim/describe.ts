/** Inputs, effects and messages in one line for people. Blocks are named by slot, and by letters where a slot has several. */
import type { Hash } from '../../../src/domain.ts'
import { type EpochId, formatSn, type Sn, snKey } from '../../../src/pala/sn.ts'
import type { Block, DurableRecord, Effect, EpochProof, Input, Message } from '../../../src/pala/types.ts'

export interface Describer {
  input(input: Input): string
  effect(effect: Effect): string
  message(message: Message): string
}

/** The slides' notation: `(epoch,s)` in the first session, `(session,epoch,s)` in later ones. */
export const showSn = (sn: Sn): string => (sn.session < 2 ? `(${sn.epoch},${sn.s})` : formatSn(sn))

/** `2` in the first session, `3.1` in the third. */
export const showEpoch = ({ session, epoch }: EpochId): string => (session < 2 ? `${epoch}` : `${session}.${epoch}`)

/** Voters by name in the first session, by seat in later ones, where names and seats differ. */
const showVoter = (session: number, voter: number): string =>
  session < 2 ? `V${voter + 1}` : `seat ${voter + 1} of session ${session}`

function showProof(proof: EpochProof): string {
  switch (proof.kind) {
    case 'clocks':
      return showEpoch(proof.clockNotarization.target)
    case 'block':
      return showSn(proof.notarization.sn)
    case 'session':
      return `session ${proof.session}`
  }
}

export function createDescriber(): Describer {
  const rivals = new Map<string, Hash[]>()

  /** `(2,1)` for the first block seen in a slot, `(2,1)'` for the second. */
  function block(sn: Sn, hash: Hash): string {
    const known = rivals.get(snKey(sn)) ?? []
    rivals.set(snKey(sn), known)
    if (!known.includes(hash)) known.push(hash)
    return showSn(sn) + "'".repeat(known.indexOf(hash))
  }

  function proposal({ header, hash }: Block): string {
    return `proposal ${block(header.sn, hash)}${header.isStop ? ', the stop block' : ''}`
  }

  function message(m: Message): string {
    switch (m.type) {
      case 'proposal':
        return proposal(m.proposal.block)
      case 'vote':
        return `vote ${block(m.vote.sn, m.vote.blockHash)} by ${showVoter(m.vote.sn.session, m.vote.voter)}`
      case 'notarization':
        return `notarization ${block(m.notarization.sn, m.notarization.blockHash)} by ${m.notarization.signers.length}`
      case 'clock':
        return `clock ${showEpoch(m.clock.target)} by ${showVoter(m.clock.target.session, m.clock.voter)}`
      case 'clockNotarization':
        return `clockNotarization ${showEpoch(m.clockNotarization.target)}`
      case 'status':
        return `status ${showSn(m.status.fnc.sn)}/${showEpoch(m.status.epoch)} final ${m.status.finalized.height}`
      case 'getEpoch':
        return `getEpoch above ${showEpoch(m.epoch)}`
      case 'epochProof':
        return `epochProof ${showProof(m.proof)}`
      case 'blocks':
        return `blocks ${m.blocks.map((b) => block(b.notarization.sn, b.notarization.blockHash)).join(' ')}`
      case 'getClocks':
        return `getClocks ${showEpoch(m.target)}`
      case 'getRange':
        return `getRange ${m.fromHeight}..${m.toHeight}`
      default:
        return m.type
    }
  }

  function record(r: DurableRecord): string {
    switch (r.type) {
      case 'block':
        return `block ${block(r.proposal.block.header.sn, r.proposal.block.hash)}`
      case 'notarization':
        return `notarization ${block(r.notarization.sn, r.notarization.blockHash)}`
      case 'voteLock':
      case 'proposeLock':
        return `${r.type} ${block(r.sn, r.blockHash)}`
      case 'epoch':
        return `epoch ${showEpoch(r.epoch)} floor ${block(r.fncAtEntry.sn, r.fncAtEntry.hash)}`
      case 'finalized':
        return `finalized ${r.blocks.map((ref) => showSn(ref.sn)).join(' ')}`
      case 'pruned':
        return `pruned ${r.blocks.length}`
      case 'session':
        return `session ${r.session.session} by ${showSn(r.stop.sn)}`
      case 'evidence':
        return `evidence ${r.evidence.kind}`
    }
  }

  return {
    message,
    input(input) {
      if (input.type === 'messageReceived') return `${input.from ?? 'self'}: ${message(input.message as Message)}`
      if (input.type === 'timerFired') return `timer ${input.timer}`
      if (input.type === 'blockChecked') return `blockChecked ${input.verdict}`
      return 'peer' in input ? `${input.type} ${input.peer}` : input.type
    },
    effect(effect) {
      switch (effect.type) {
        case 'persist':
          return `persist${effect.sync ? ' sync' : ''}: ${effect.records.map(record).join(', ')}`
        case 'send':
          return `send ${effect.to.join()}: ${message(effect.message)}`
        case 'publish':
          return `publish ${message(effect.message)}`
        case 'castVote':
          return `castVote ${block(effect.sn, effect.blockHash)} to ${effect.to ?? 'self'}`
        case 'castClock':
          return `castClock ${showEpoch(effect.target)} to ${effect.to.join()}`
        case 'setTimer':
          return `setTimer ${effect.timer} ${effect.delayMs}`
        case 'notice':
          return `notice ${effect.notice.kind}${effect.notice.kind === 'dropped' ? `: ${effect.notice.what}, ${effect.notice.reason}` : ''}`
        case 'misbehaviour':
          return `misbehaviour ${effect.penalty} ${effect.peer}: ${effect.reason}`
        case 'alarm':
          return `alarm ${effect.code}`
        case 'buildBlock':
          return `buildBlock ${showSn(effect.plan.sn)}`
        case 'deliver':
          return `deliver ${effect.blocks.map((b) => showSn(b.header.sn)).join(' ')}`
        default:
          return effect.type
      }
    },
  }
}

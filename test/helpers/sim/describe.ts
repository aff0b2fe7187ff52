/** Inputs, effects and messages in one line for people. Blocks are named by slot, and by letters where a slot has several. */
import type { Hash } from '../../../src/domain.ts'
import { type Sn, snKey } from '../../../src/pala/sn.ts'
import type { DurableRecord, Effect, Input, Message } from '../../../src/pala/types.ts'

export interface Describer {
  input(input: Input): string
  effect(effect: Effect): string
  message(message: Message): string
}

/** `(epoch,s)`, the slides' notation for slots of one session. */
export const showSn = ({ epoch, s }: Sn): string => `(${epoch},${s})`

export function createDescriber(): Describer {
  const rivals = new Map<string, Hash[]>()

  /** `(2,1)` for the first block seen in a slot, `(2,1)'` for the second. */
  function block(sn: Sn, hash: Hash): string {
    const known = rivals.get(snKey(sn)) ?? []
    rivals.set(snKey(sn), known)
    if (!known.includes(hash)) known.push(hash)
    return showSn(sn) + "'".repeat(known.indexOf(hash))
  }

  function message(m: Message): string {
    switch (m.type) {
      case 'proposal':
        return `proposal ${block(m.proposal.block.header.sn, m.proposal.block.hash)}`
      case 'vote':
        return `vote ${block(m.vote.sn, m.vote.blockHash)} by V${m.vote.voter + 1}`
      case 'notarization':
        return `notarization ${block(m.notarization.sn, m.notarization.blockHash)} by ${m.notarization.signers.length}`
      case 'clock':
        return `clock ${m.clock.target.epoch} by V${m.clock.voter + 1}`
      case 'clockNotarization':
        return `clockNotarization ${m.clockNotarization.target.epoch}`
      case 'status':
        return `status ${showSn(m.status.fnc.sn)}/${m.status.epoch.epoch} final ${m.status.finalized.height}`
      case 'getEpoch':
        return `getEpoch above ${m.epoch.epoch}`
      case 'epochProof':
        return `epochProof ${m.proof.kind === 'clocks' ? m.proof.clockNotarization.target.epoch : showSn(m.proof.notarization.sn)}`
      case 'blocks':
        return `blocks ${m.blocks.map((b) => block(b.notarization.sn, b.notarization.blockHash)).join(' ')}`
      case 'getClocks':
        return `getClocks ${m.target.epoch}`
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
        return `epoch ${r.epoch.epoch} floor ${block(r.fncAtEntry.sn, r.fncAtEntry.hash)}`
      case 'finalized':
        return `finalized ${r.blocks.map((ref) => showSn(ref.sn)).join(' ')}`
      case 'pruned':
        return `pruned ${r.blocks.length}`
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
          return `castClock ${effect.target.epoch} to ${effect.to.join()}`
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

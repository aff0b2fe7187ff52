/** Byzantine members: an honest machine whose effects are rewritten, or that says more than the machine does. */
import type { PeerId } from '../../../src/domain.ts'
import { fncOf } from '../../../src/pala/chain.ts'
import { isQuorum, voterIndex } from '../../../src/pala/committee.ts'
import { compareEpochs, type Sn } from '../../../src/pala/sn.ts'
import type { Effect, Message, Proposal, Vote } from '../../../src/pala/types.ts'
import { BAD_ENTRY } from './application.ts'
import { alterBlock, composeBlock, entryBytes, planOn, seal } from './blocks.ts'
import { clockStatement, voteStatement } from './keyring.ts'
import type { Hooks, SimNode } from './node.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** What a behaviour may use. `world` is there once the run has begun. */
export type Context = { readonly world: () => World; readonly random: Random }
type Behaviour = (context: Context) => Hooks

const isProposalSend = (
  effect: Effect,
): effect is Extract<Effect, { type: 'send' }> & { message: { type: 'proposal' } } =>
  effect.type === 'send' && effect.message.type === 'proposal'

/** The traitor's voting seat in a session; null when it has none. */
function seatOf(world: World, node: SimNode, number: number): number | null {
  const session = world.sessions.get(number)
  return session === undefined ? null : voterIndex(session, node.setup.key)
}

/** Signs whatever it is asked to sign, and tells the oracle. */
function castFor(world: World, node: SimNode, sn: Sn, blockHash: string): Vote | null {
  const voter = seatOf(world, node, sn.session)
  if (voter === null) return null
  const signature = world.keyring.sign(node.setup.key, voteStatement(sn, blockHash))
  world.oracle.onVote({ voter, sn, hash: blockHash, isHonest: false })
  return { sn, blockHash, voter, signature }
}

function publishBlock(world: World, node: SimNode, proposal: Proposal): Proposal {
  world.oracle.onBlock(proposal)
  castFor(world, node, proposal.block.header.sn, proposal.block.hash)
  return proposal
}

/** A1: one block to one half, a rival of the same slot to the other; certifies whichever gets the votes. */
const equivocatingLeader: Behaviour = ({ world, random }) => {
  const tally = new Map<string, Map<number, Vote>>()
  return {
    rewrite(effect, node) {
      if (!isProposalSend(effect)) return [effect]
      const { keyring } = world()
      const { block } = effect.message.proposal
      const change = random.chance(0.2) ? BAD_ENTRY : `rival of ${block.hash.slice(0, 8)}`
      const rival = publishBlock(
        world(),
        node,
        seal(keyring, node.setup.key, alterBlock(block, { payload: [entryBytes(change)] })),
      )
      const first = effect.to.filter(() => random.chance(0.5))
      const second = random.chance(0.2) ? effect.to : effect.to.filter((peer) => !first.includes(peer))
      return [
        { ...effect, to: first },
        { ...effect, to: second, message: { type: 'proposal', proposal: rival } },
      ]
    },
    overhear(_from, message, node) {
      if (message.type !== 'vote') return
      const { vote } = message
      const votes = tally.get(vote.blockHash) ?? new Map<number, Vote>()
      tally.set(vote.blockHash, votes)
      votes.set(vote.voter, vote)
      const own = castFor(world(), node, vote.sn, vote.blockHash)
      if (own !== null) votes.set(own.voter, own)
      const signers = [...votes.keys()].sort((a, b) => a - b)
      const session = world().sessions.get(vote.sn.session)
      if (session === undefined || !isQuorum(session, signers)) return
      const signatures = signers.flatMap((signer) => votes.get(signer)?.signature ?? [])
      const notarization = { sn: vote.sn, blockHash: vote.blockHash, signers, signatures }
      for (const peer of othersOf(world(), node)) {
        if (random.chance(0.5)) world().network.send(node.id, peer, { type: 'notarization', notarization })
      }
    },
  }
}

/** Leads an epoch by saying nothing. */
const silentLeader: Behaviour = () => ({ rewrite: (effect) => (isProposalSend(effect) ? [] : [effect]) })

/** A12: keeps certificates back and lets them out late, to some. */
const withholdingLeader: Behaviour = ({ world, random }) => ({
  rewrite(effect, node) {
    if (effect.type !== 'send' || effect.message.type !== 'notarization') return [effect]
    const { to, message } = effect
    world().scheduler.after(random.next() * 5_000, () => {
      for (const peer of to) if (random.chance(0.7)) world().network.send(node.id, peer, message)
    })
    return []
  },
})

/** A7: opens its epoch on an old notarized block. */
const staleParentLeader: Behaviour = ({ world, random }) => ({
  rewrite(effect, node) {
    if (!isProposalSend(effect)) return [effect]
    const { header, clockNotarization } = effect.message.proposal.block
    if (header.sn.s !== 1 || clockNotarization === null) return [effect]
    const { tree, sessions } = node.state
    const olds = [...tree.entries.values()].filter((e) => e.notarized && compareEpochs(e.ref.sn, header.sn) < 0)
    const parent = random.pick(olds.slice(-20)).ref.hash
    const plan = planOn({ tree, sessions, sn: header.sn, parent, proposer: header.proposer, clockNotarization })
    if (plan === null) return [effect]
    const block = composeBlock(plan, [], { now: world().scheduler.now })
    const proposal = publishBlock(world(), node, seal(world().keyring, node.setup.key, block))
    return [{ ...effect, message: { type: 'proposal', proposal } }]
  },
})

/** A30: dates its blocks an hour ahead. */
const futureLeader: Behaviour = ({ world, random }) => ({
  rewrite(effect, node) {
    if (!isProposalSend(effect) || random.chance(0.5)) return [effect]
    const { block } = effect.message.proposal
    const late = alterBlock(block, { header: { timestamp: block.header.timestamp + 3_600_000 } })
    const proposal = publishBlock(world(), node, seal(world().keyring, node.setup.key, late))
    return [{ ...effect, message: { type: 'proposal', proposal } }]
  },
})

/** Votes for every block it hears of, in any epoch, and for rivals of its own votes. */
const promiscuousVoter: Behaviour = ({ world, random }) => ({
  overhear(from, message, node) {
    if (message.type !== 'proposal') return
    const { block } = message.proposal
    const vote = castFor(world(), node, block.header.sn, block.hash)
    if (vote === null) return
    const to = random.chance(0.3) ? othersOf(world(), node) : [from]
    for (const peer of to) world().network.send(node.id, peer, { type: 'vote', vote })
  },
})

/** Signs a second vote for the slot of each vote. */
const doubleVoter: Behaviour = ({ world }) => ({
  rewrite(effect, node) {
    if (effect.type !== 'castVote' || effect.to === null) return [effect]
    const vote = castFor(world(), node, effect.sn, effect.blockHash.replace(/^./, 'f'))
    if (vote === null) return [effect]
    return [effect, { type: 'send', to: [effect.to], message: { type: 'vote', vote } }]
  },
})

const silentVoter: Behaviour = ({ random }) => ({
  rewrite: (effect) => (effect.type === 'castVote' && random.chance(0.8) ? [] : [effect]),
})

const U32_MAX = 2 ** 32 - 1

/** A13: claims a freshest chain that nobody can have. */
const liar: Behaviour = ({ random }) => ({
  rewrite(effect) {
    if ((effect.type !== 'send' && effect.type !== 'publish') || effect.message.type !== 'status') return [effect]
    const { session } = effect.message.status.epoch
    const sn: Sn = {
      session: session + random.int(2),
      epoch: random.chance(0.5) ? U32_MAX : effect.message.status.epoch.epoch,
      s: U32_MAX,
    }
    const fnc = { sn, hash: 'f'.repeat(64), height: 2 ** 40 }
    const status = { ...effect.message.status, epoch: sn, fnc, finalized: fnc, fncAtEntry: sn }
    return [{ ...effect, message: { type: 'status', status } }]
  },
})

/** A2, A10, A11: forged and thin certificates, calls for epochs out of turn; some with each timer that fires. */
const forger: Behaviour = ({ world, random }) => ({
  rewrite(effect, node) {
    if (effect.type !== 'setTimer') return [effect]
    const to = othersOf(world(), node)
    const junk = random.chance(0.5) ? forgedCertificate(world(), node, random) : junkClock(world(), node, random)
    return junk === null ? [effect] : [effect, { type: 'send', to, message: junk }]
  },
})

function forgedCertificate(world: World, node: SimNode, random: Random): Message | null {
  const { session, epoch } = node.state.epoch.current
  const { sn, hash: blockHash } = fncOf(node.state.tree).ref
  const own = seatOf(world, node, session)
  if (own === null) return null
  const target = { session, epoch: epoch + random.between(1, 3) }
  const fresher = { ...sn, session, s: sn.s + 1 }
  if (random.chance(0.5)) {
    const signatures = [world.keyring.sign(node.setup.key, clockStatement(target))]
    return { type: 'clockNotarization', clockNotarization: { target, signers: [own], signatures } }
  }
  const vote = castFor(world, node, fresher, blockHash.replace(/^./, 'e'))
  const signatures = Array.from({ length: 3 }, () => vote?.signature ?? new Uint8Array(1))
  const signers = random.chance(0.5) ? [own, own, own] : [0, 1, 2]
  return {
    type: 'notarization',
    notarization: { sn: fresher, blockHash: blockHash.replace(/^./, 'e'), signers, signatures },
  }
}

function junkClock(world: World, node: SimNode, random: Random): Message | null {
  const { session, epoch } = node.state.epoch.current
  const voter = seatOf(world, node, session)
  if (voter === null) return null
  const target = { session, epoch: epoch + random.pick([0, 1, 1, 2, 3, 1_000_000]) }
  const signature = world.keyring.sign(node.setup.key, clockStatement(target))
  return { type: 'clock', clock: { target, voter, signature, since: fncOf(node.state.tree).ref.sn } }
}

const othersOf = (world: World, node: SimNode): PeerId[] =>
  world.nodes.filter((other) => other !== node).map((other) => other.id)

const LEADERS = { equivocatingLeader, silentLeader, withholdingLeader, staleParentLeader, futureLeader }
const VOTERS = { promiscuousVoter, doubleVoter, silentVoter, liar, forger }

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = { ...LEADERS, ...VOTERS }

/** One way to lead badly and one way to vote badly, together. */
export function drawBehaviour(context: Context): { readonly name: string; readonly hooks: Hooks } {
  const leader = context.random.pick(Object.keys(LEADERS))
  const voter = context.random.pick(Object.keys(VOTERS))
  return { name: `${leader}+${voter}`, hooks: combine([leader, voter].flatMap((n) => BEHAVIOURS[n]?.(context) ?? [])) }
}

/** Applies each behaviour to what the one before left. */
function combine(all: readonly Hooks[]): Hooks {
  return {
    rewrite: (effect, node) =>
      all.reduce<readonly Effect[]>((effects, h) => effects.flatMap((e) => h.rewrite?.(e, node) ?? [e]), [effect]),
    overhear: (from, message, node) => {
      for (const hooks of all) hooks.overhear?.(from, message, node)
    },
  }
}

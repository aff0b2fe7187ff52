/** Long certified chains over epochs and sessions, each block with exactly what the rules ask it to carry (P5.2). */

import type { Hash } from '../../src/domain.ts'
import { addNotarization, createTree, entryOf, insertBlock } from '../../src/pala/chain.ts'
import { certsFor, inChainFinalHeight } from '../../src/pala/rules/certificates.ts'
import type { Sn } from '../../src/pala/sn.ts'
import type { Notarization, Proposal, Session, SessionRecord } from '../../src/pala/types.ts'
import {
  CHAIN_ID,
  type Committee,
  GENESIS_TIME,
  makeProposal,
  notarize,
  notarizeClock,
  signerOf,
  ZERO_HASH,
} from './committee.ts'

export type ChainLink = { readonly proposal: Proposal; readonly notarization: Notarization }

/** `blocks` of one epoch; with `stopAfter`, the block of that number in the session stops it for the next committee. */
export type Stretch = { readonly blocks: number; readonly stops?: Committee }

export type LongChain = { readonly links: readonly ChainLink[]; readonly sessions: readonly SessionRecord[] }

/** A committee of its own names, for a later session. */
export function committeeOf(session: number, names: readonly string[], k: number, base: Committee): Committee {
  const signers = names.map(signerOf)
  const members = signers.map(({ publicKey: key }, index) => ({ key, org: `org-${index}`, weight: 1 }))
  const params = { ...base.session.params, k }
  return { signers, session: { session, proposers: members, voters: members, params } }
}

/**
 * One epoch after the other. A stretch that `stops` ends its session with its first block above 2k + 2, makes k + 1 more,
 * and the next stretch is by that committee.
 */
export function growChain(
  first: Committee,
  stretches: readonly Stretch[],
  payload: (height: number) => Uint8Array[] = () => [],
  stateRootOf: (stateHeight: number) => Hash = () => ZERO_HASH,
): LongChain {
  const tree = createTree(CHAIN_ID, GENESIS_TIME)
  const sessions = new Map<number, Session>([[1, first.session]])
  const links: ChainLink[] = []
  const records: SessionRecord[] = []
  let committee = first
  let epoch = 0
  for (const { blocks, stops } of stretches) {
    epoch++
    for (let s = 1; s <= blocks; s++) {
      const { k } = committee.session.params
      const sn: Sn = { session: committee.session.session, epoch, s }
      const isStop = stops !== undefined && s === blocks - k - 1
      const link = grow({
        tree,
        sessions,
        committee,
        sn,
        parent: links.at(-1) ?? null,
        payload,
        stateRootOf,
        next: isStop ? stops : null,
      })
      links.push(link)
      if (!isStop) continue
      const { hash, header } = link.proposal.block
      records.push({ session: stops.session, stop: { sn, hash, height: header.height } })
    }
    if (stops === undefined) continue
    sessions.set(stops.session.session, stops.session)
    committee = stops
    epoch = 0
  }
  return { links, sessions: records }
}

type Growth = {
  readonly tree: ReturnType<typeof createTree>
  readonly sessions: Map<number, Session>
  readonly committee: Committee
  readonly sn: Sn
  readonly parent: ChainLink | null
  readonly payload: (height: number) => Uint8Array[]
  readonly stateRootOf: (stateHeight: number) => Hash
  readonly next: Committee | null
}

function grow({ tree, sessions, committee, sn, parent, payload, stateRootOf, next }: Growth): ChainLink {
  const above = entryOf(tree, parent?.proposal.block.hash ?? CHAIN_ID)
  const place = { sn, parent: above }
  const { notarized, needsClockNotarization } = certsFor(tree, sessions, place)
  const everyone = committee.signers.map((_, index) => index)
  const isAfterStop = above.stop !== null && above.ref.sn.session === sn.session
  const stateHeight = inChainFinalHeight(tree, sessions, place)
  const proposal = makeProposal(committee, {
    sn,
    parent: parent?.proposal ?? null,
    certs: {
      notarizations: notarized.flatMap((entry) => entry.notarization ?? []),
      clockNotarization: needsClockNotarization ? notarizeClock(committee, sn, everyone) : null,
    },
    election: next === null ? null : { plan: planOf(next.session), kept: false },
    payload: isAfterStop ? [] : payload(above.ref.height + 1),
    header: {
      stateHeight,
      stateRoot: stateRootOf(stateHeight),
      sessionCount: above.ref.sn.session === sn.session ? above.sessionCount + 1 : 1,
    },
  })
  const notarization = notarize(committee, proposal)
  insertBlock(tree, proposal)
  addNotarization(tree, notarization)
  return { proposal, notarization }
}

const planOf = ({ proposers, voters, params }: Session) => ({ proposers, voters, params })

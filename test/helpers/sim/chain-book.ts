/**
 * What is true of a run whatever any node believes: every block ever made and every vote ever signed. From these it
 * derives which blocks can be certified, which are final and which sessions follow, and fails the run when two of them
 * contradict.
 */
import type { Hash } from '../../../src/domain.ts'
import { thresholdWeight } from '../../../src/pala/committee.ts'
import { formatSn, GENESIS_SN, type Sn, snKey } from '../../../src/pala/sn.ts'
import type { Block, Proposal, Session } from '../../../src/pala/types.ts'
import { CHAIN_ID } from './blocks.ts'
import { demand } from './violation.ts'

export type BookEntry = {
  readonly hash: Hash
  readonly sn: Sn
  readonly height: number
  readonly parent: Hash
  readonly block: Block | null
  weight: number
  notarized: boolean
  final: boolean
  readonly children: BookEntry[]
}

export interface ChainBook {
  addBlock(proposal: Proposal): void
  /** Every vote that left a key, honest or not. */
  addVote(voter: number, sn: Sn, hash: Hash): void
  entry(hash: Hash): BookEntry | undefined
  /** The entry and its ancestors, newest first. */
  chain(hash: Hash): Generator<BookEntry>
  /** The final block at `height`, if any two thirds of votes prove one. */
  finalAt(height: number): Hash | undefined
  readonly finalHeight: number
  /** Sessions whose committee is settled: the first, and each after a final stop block. */
  readonly sessions: ReadonlyMap<number, Session>
}

export type BookOptions = {
  /** The sessions known from the start; what final stop blocks elect joins them. */
  readonly sessions: readonly Session[]
  /** Finality depth instead of each session's k (mutants). */
  readonly k?: number
  /** False is a mutant: finality of a session goes on above its stop block (P16.6). */
  readonly capsAtStop?: boolean
  /** Called once for each block that becomes notarized. */
  readonly onNotarized: (entry: BookEntry, book: ChainBook) => void
}

export function createChainBook({ sessions: known, k, capsAtStop = true, onNotarized }: BookOptions): ChainBook {
  const sessions = new Map(known.map((session) => [session.session, session]))
  const genesis: BookEntry = {
    hash: CHAIN_ID,
    sn: GENESIS_SN,
    height: 0,
    parent: '',
    block: null,
    weight: 0,
    notarized: true,
    final: true,
    children: [],
  }
  const entries = new Map<Hash, BookEntry>([[CHAIN_ID, genesis]])
  const voters = new Map<Hash, Set<number>>()
  const bySlot = new Map<string, Hash>()
  const final = new Map<number, Hash>([[0, CHAIN_ID]])
  let finalHeight = 0

  function* chain(hash: Hash): Generator<BookEntry> {
    for (let entry = entries.get(hash); entry !== undefined; entry = entries.get(entry.parent)) yield entry
  }

  function isCertified({ sn, weight }: BookEntry): boolean {
    const session = sessions.get(sn.session)
    return session !== undefined && weight >= thresholdWeight(session)
  }

  function spread(from: BookEntry): void {
    const queue = [from]
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      if (entry.notarized || !isCertified(entry) || entries.get(entry.parent)?.notarized !== true) continue
      entry.notarized = true
      claimSlot(entry)
      onNotarized(entry, book)
      finalize(entry)
      queue.push(...entry.children)
    }
  }

  /** I2. */
  function claimSlot({ sn, hash }: BookEntry): void {
    const rival = bySlot.get(snKey(sn))
    demand(rival === undefined || rival === hash, 'I2', () => `slot ${formatSn(sn)} has two notarized blocks`)
    bySlot.set(snKey(sn), hash)
  }

  /** F1 (P13.1) up to the stop block (P16.6), and I1 over everything that anybody could prove. */
  function finalize(proof: BookEntry): void {
    const depth = k ?? sessions.get(proof.sn.session)?.params.k ?? Number.POSITIVE_INFINITY
    if (proof.sn.s <= depth) return
    const top = Math.min(proof.height - depth, capsAtStop ? stopHeight(proof) : Number.POSITIVE_INFINITY)
    const news: BookEntry[] = []
    for (const entry of chain(proof.hash)) {
      if (entry.height > top) continue
      const { height, hash, sn } = entry
      const rival = final.get(height)
      demand(rival === undefined || rival === hash, 'I1', () => `${formatSn(sn)}: two final blocks at height ${height}`)
      // Below a final block everything is final already: the chain joins the one everybody else has.
      if (entry.final) break
      entry.final = true
      final.set(height, hash)
      finalHeight = Math.max(finalHeight, height)
      news.push(entry)
    }
    for (const entry of news.reverse()) settle(entry)
  }

  /** The height of the stop block of the proof's session on its chain. */
  function stopHeight(proof: BookEntry): number {
    for (const { sn, block, height } of chain(proof.hash)) {
      if (sn.session !== proof.sn.session) break
      if (block?.header.isStop) return height
    }
    return Number.POSITIVE_INFINITY
  }

  /** P16.5: the committee that a final stop block names. */
  function settle({ sn, block }: BookEntry): void {
    if (!block?.election) return
    const session = sn.session + 1
    if (!sessions.has(session)) sessions.set(session, { session, ...block.election.plan })
  }

  function weigh(hash: Hash, sn: Sn): number {
    let weight = 0
    const seats = sessions.get(sn.session)?.voters ?? []
    for (const voter of voters.get(hash) ?? []) weight += seats[voter]?.weight ?? 0
    return weight
  }

  const book: ChainBook = {
    addBlock({ block }) {
      const { hash, header } = block
      if (entries.has(hash)) return
      const { sn, height, parentHash: parent } = header
      const entry: BookEntry = {
        hash,
        sn,
        height,
        parent,
        block,
        weight: weigh(hash, sn),
        notarized: false,
        final: false,
        children: [],
      }
      entries.set(hash, entry)
      entries.get(parent)?.children.push(entry)
      spread(entry)
    },
    addVote(voter, sn, hash) {
      const known = voters.get(hash) ?? new Set<number>()
      voters.set(hash, known)
      if (known.has(voter)) return
      known.add(voter)
      const entry = entries.get(hash)
      if (entry === undefined) return
      entry.weight = weigh(hash, sn)
      spread(entry)
    },
    entry: (hash) => entries.get(hash),
    chain,
    finalAt: (height) => final.get(height),
    get finalHeight() {
      return finalHeight
    },
    sessions,
  }
  return book
}

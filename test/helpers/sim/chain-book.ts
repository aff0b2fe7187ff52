/**
 * What is true of a run whatever any node believes: every block ever made and every vote ever signed. From these it
 * derives which blocks can be certified and which are final, and fails the run when two of them contradict.
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
  /** The final block at `height`, if any two thirds of votes prove one. */
  finalAt(height: number): Hash | undefined
  readonly finalHeight: number
}

export type BookOptions = {
  readonly session: Session
  /** Finality depth: the session's k, except in mutants. */
  readonly k: number
  /** Called once for each block that becomes notarized. */
  readonly onNotarized: (entry: BookEntry, book: ChainBook) => void
}

export function createChainBook({ session, k, onNotarized }: BookOptions): ChainBook {
  const threshold = thresholdWeight(session)
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

  function spread(from: BookEntry): void {
    const queue = [from]
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      if (entry.notarized || entry.weight < threshold || entries.get(entry.parent)?.notarized !== true) continue
      entry.notarized = true
      claimSlot(entry)
      onNotarized(entry, book)
      if (entry.sn.s > k) finalize(entry)
      queue.push(...entry.children)
    }
  }

  /** I2. */
  function claimSlot({ sn, hash }: BookEntry): void {
    const rival = bySlot.get(snKey(sn))
    demand(rival === undefined || rival === hash, 'I2', () => `slot ${formatSn(sn)} has two notarized blocks`)
    bySlot.set(snKey(sn), hash)
  }

  /** F1 (P13.1), and I1 over everything that anybody could prove. */
  function finalize(proof: BookEntry): void {
    let entry = ancestor(proof, k)
    while (entry !== undefined && !entry.final) {
      const { height, hash, sn } = entry
      const rival = final.get(height)
      demand(rival === undefined || rival === hash, 'I1', () => `${formatSn(sn)}: two final blocks at height ${height}`)
      entry.final = true
      final.set(height, hash)
      finalHeight = Math.max(finalHeight, height)
      entry = entries.get(entry.parent)
    }
    // The chain ends in a final block; it must be the one everybody else has there.
    if (entry === undefined) return
    const { height, hash } = entry
    demand(final.get(height) === hash, 'I1', () => `a final chain leaves the final block at height ${height}`)
  }

  function ancestor(from: BookEntry, steps: number): BookEntry | undefined {
    let entry: BookEntry | undefined = from
    for (let i = 0; i < steps && entry !== undefined; i++) entry = entries.get(entry.parent)
    return entry
  }

  function weigh(hash: Hash): number {
    let weight = 0
    for (const voter of voters.get(hash) ?? []) weight += session.voters[voter]?.weight ?? 0
    return weight
  }

  const book: ChainBook = {
    addBlock({ block }) {
      const { hash, header } = block
      if (entries.has(hash)) return
      const { sn, height, parentHash: parent } = header
      const entry = {
        hash,
        sn,
        height,
        parent,
        block,
        weight: weigh(hash),
        notarized: false,
        final: false,
        children: [],
      }
      entries.set(hash, entry)
      entries.get(parent)?.children.push(entry)
      spread(entry)
    },
    addVote(voter, _sn, hash) {
      const known = voters.get(hash) ?? new Set<number>()
      voters.set(hash, known)
      if (known.has(voter)) return
      known.add(voter)
      const entry = entries.get(hash)
      if (entry === undefined) return
      entry.weight = weigh(hash)
      spread(entry)
    },
    entry: (hash) => entries.get(hash),
    finalAt: (height) => final.get(height),
    get finalHeight() {
      return finalHeight
    },
  }
  return book
}

/** I6: the certificates of P5.2, derived from the table and not from the machine's code. */
export function demandEmbedded(entry: BookEntry, book: ChainBook, k: number): void {
  const { block, sn } = entry
  if (block === null) return
  const expected: Hash[] = []
  const parent = book.entry(entry.parent)
  const count = sn.s > 1 ? Number(sn.s > k) : Math.min(k, parent?.height === 0 ? 0 : (parent?.sn.s ?? 0))
  let from = parent
  for (let i = 1; sn.s > 1 && i < k; i++) from = from && book.entry(from.parent)
  for (let i = 0; i < count && from !== undefined; i++, from = book.entry(from.parent)) expected.unshift(from.hash)
  const carried = block.notarizations.map((notarization) => notarization.blockHash)
  demand(carried.join() === expected.join(), 'I6', () => `${formatSn(sn)} embeds other notarizations than P5.2 says`)
  const target = block.clockNotarization?.target.epoch ?? null
  const expectedTarget = sn.s === 1 && sn.epoch > 1 ? sn.epoch : null
  demand(target === expectedTarget, 'I6', () => `${formatSn(sn)} embeds the clocks of epoch ${target}`)
}

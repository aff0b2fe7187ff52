/** What every notarized block must be (spec/pala.md 5.2, 16.3, 16.4), told from the tables and not by the machine's code. */
import type { Hash } from '../../../src/domain.ts'
import { formatSn } from '../../../src/pala/sn.ts'
import type { Block, Session } from '../../../src/pala/types.ts'
import type { BookEntry, ChainBook } from './chain-book.ts'
import { demand } from './violation.ts'

/** Demands all of this file of a block that two thirds of the votes certify. */
export function demandLawful(entry: BookEntry, book: ChainBook): void {
  const { block, sn } = entry
  const session = book.sessions.get(sn.session)
  if (block === null || session === undefined) return
  demandEmbedded({ ...entry, block }, book)
  demandStop({ ...entry, block }, book, session)
  const parent = book.entry(entry.parent)
  if (parent !== undefined && parent.sn.session > 0 && parent.sn.session < sn.session) demandStopProven(entry, book)
}

type Made = BookEntry & { readonly block: Block }

/** I6: the certificates of P5.2; the parent's session decides how many of its tail a first block carries. */
function demandEmbedded({ block, sn, parent: parentHash }: Made, book: ChainBook): void {
  const parent = book.entry(parentHash)
  const kOf = (session: number): number => book.sessions.get(session)?.params.k ?? 0
  const k = kOf(sn.session)
  const tail = parent === undefined || parent.height === 0 ? 0 : Math.min(kOf(parent.sn.session), parent.sn.s)
  const count = sn.s > 1 ? Number(sn.s > k) : tail
  const expected: Hash[] = []
  let from = parent
  for (let i = 1; sn.s > 1 && i < k; i++) from = from && book.entry(from.parent)
  for (let i = 0; i < count && from !== undefined; i++, from = book.entry(from.parent)) expected.unshift(from.hash)
  const carried = block.notarizations.map((notarization) => notarization.blockHash)
  demand(carried.join() === expected.join(), 'I6', () => `${formatSn(sn)} embeds other notarizations than P5.2 says`)
  const target = block.clockNotarization?.target.epoch ?? null
  const expectedTarget = sn.s === 1 && sn.epoch > 1 ? sn.epoch : null
  demand(target === expectedTarget, 'I6', () => `${formatSn(sn)} embeds the clocks of epoch ${target}`)
}

/** P16.3: one stop block per session and chain, at the offset at the latest; nothing but empty blocks above it. */
function demandStop({ block, sn, hash }: Made, book: ChainBook, { params: { k, stopOffset } }: Session): void {
  const { isStop, sessionCount } = block.header
  let count = 0
  let stops = 0
  for (const ancestor of book.chain(hash)) {
    if (ancestor.sn.session !== sn.session) break
    count++
    stops += Number(ancestor.block?.header.isStop)
  }
  demand(sessionCount === count, 'P16.3', () => `${formatSn(sn)} counts ${sessionCount}, it is number ${count}`)
  demand(stops <= 1, 'P16.3', () => `${formatSn(sn)}: ${stops} stop blocks on one chain`)
  demand(stops === 1 || stopOffset === 0 || count < stopOffset, 'P16.3', () => `${formatSn(sn)} had to stop`)
  const isEarly = isStop && count < Math.min(2 * k + 2, stopOffset || Number.POSITIVE_INFINITY)
  demand(!isEarly, 'P16.3', () => `${formatSn(sn)} stops at ${count}, before anything can be final`)
  const isAfter = stops === 1 && !isStop
  demand(!isAfter || block.payload.length === 0, 'P5.4-8', () => `${formatSn(sn)} has payload after the stop block`)
}

/** P16.4-2, P16.4-3: replaying this very chain, with the certificates it carries, shows the old session's stop block final. */
function demandStopProven({ sn, parent, hash }: BookEntry, book: ChainBook): void {
  const old = [...book.chain(parent)].filter((entry) => entry.sn.session === sn.session - 1)
  const stop = old.find((entry) => entry.block?.header.isStop)
  demand(stop !== undefined, 'P16.4-2', () => `${formatSn(sn)} follows a session that did not stop on its chain`)
  if (stop === undefined) return
  const k = book.sessions.get(sn.session - 1)?.params.k ?? 0
  const carried = new Set<Hash>()
  for (const { block } of book.chain(hash)) for (const n of block?.notarizations ?? []) carried.add(n.blockHash)
  const proves = (entry: BookEntry): boolean =>
    carried.has(entry.hash) && entry.sn.s > k && entry.height - k >= stop.height
  demand(old.some(proves), 'P16.4-3', () => `${formatSn(sn)}: its chain does not prove ${formatSn(stop.sn)} final`)
}

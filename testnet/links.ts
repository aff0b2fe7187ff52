/** Which nodes may talk to each other, and how well: the state a link proxy is commanded with. */
import { TestnetError } from './errors.ts'

/** How well a link carries. */
export type LinkQuality = {
  /** Added to each direction. */
  readonly delayMs: number
  /** Per connection and direction; 0 means no limit. */
  readonly bytesPerSecond: number
}

/** The links a throttle is about: all of one node, or those between two. */
export type Throttle = { readonly nodes: readonly number[]; readonly bytesPerSecond: number }

/** Groups of node numbers that reach only each other (null: everyone reaches everyone), and the quality of the links. */
export type Links = LinkQuality & {
  readonly groups: readonly (readonly number[])[] | null
  /** On top of the rate of all links. */
  readonly throttles: readonly Throttle[]
}

export const HEALED: Links = { groups: null, delayMs: 0, bytesPerSecond: 0, throttles: [] }

/** Whether traffic may pass. Nodes that no group names are cut from all; strangers (null) reach everyone. */
export function linked(links: Links, a: number | null, b: number | null): boolean {
  if (links.groups === null || a === null || b === null) return true
  return links.groups.some((group) => group.includes(a) && group.includes(b))
}

/** How well the link between two nodes carries; of several rates the lowest counts. */
export function qualityOf(links: Links, ...ends: readonly (number | null)[]): LinkQuality {
  const own = links.throttles.filter(({ nodes }) => nodes.every((node) => ends.includes(node)))
  const rates = [links, ...own].map((each) => each.bytesPerSecond).filter((rate) => rate > 0)
  return { delayMs: links.delayMs, bytesPerSecond: rates.length === 0 ? 0 : Math.min(...rates) }
}

/** The links with one more throttle, in place of one of the same nodes; a rate of 0 takes it away. */
export function throttled(links: Links, throttle: Throttle): Links {
  const isSame = ({ nodes }: Throttle): boolean => String([...nodes].sort()) === String([...throttle.nodes].sort())
  const others = links.throttles.filter((each) => !isSame(each))
  return { ...links, throttles: throttle.bytesPerSecond > 0 ? [...others, throttle] : others }
}

/** A throttle's nodes from `2` or `0-1`. Throws `usage`. */
export function parseEnds(text: string, nodes: number): number[] {
  const ends = text.split('-').map((part) => parseNode(part, nodes))
  if (ends.length <= 2 && new Set(ends).size === ends.length) return ends
  throw new TestnetError('usage', `'${text}' is no link: write one node such as 2, or two such as 0-1`)
}

/** Groups from `0,1/2,3`. Throws `usage` for unknown or repeated nodes. */
export function parseGroups(text: string, nodes: number): number[][] {
  const groups = text.split('/').map((group) => group.split(',').map((part) => parseNode(part, nodes)))
  const all = groups.flat()
  if (groups.length < 2)
    throw new TestnetError('usage', `'${text}' has one group; separate at least two with '/', such as 0,1/2,3`)
  if (new Set(all).size !== all.length) throw new TestnetError('usage', `'${text}' names a node twice`)
  return groups
}

function parseNode(part: string, nodes: number): number {
  const index = /^\d+$/.test(part.trim()) ? Number(part) : Number.NaN
  if (index < nodes) return index
  throw new TestnetError('usage', `'${part}' is no node number; write groups of 0 to ${nodes - 1}, such as 0,1/2,3`)
}

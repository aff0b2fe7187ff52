/** Which nodes may talk to each other, and how well: the state a link proxy is commanded with. */
import { TestnetError } from './errors.ts'

/** Groups of node numbers that reach only each other (null: everyone reaches everyone), and the quality of all links. */
export type Links = {
  readonly groups: readonly (readonly number[])[] | null
  /** Added to each direction. */
  readonly delayMs: number
  /** Per connection and direction; 0 means no limit. */
  readonly bytesPerSecond: number
}

export const HEALED: Links = { groups: null, delayMs: 0, bytesPerSecond: 0 }

/** Whether traffic may pass. Nodes that no group names are cut from all; strangers (null) reach everyone. */
export function linked(links: Links, a: number | null, b: number | null): boolean {
  if (links.groups === null || a === null || b === null) return true
  return links.groups.some((group) => group.includes(a) && group.includes(b))
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

/** Whose request it is, for limits that go by address (S9.1): one IPv4 address, one IPv6 /64, or a peer of this very machine. */
import type { PeerId } from '../../domain.ts'

const GROUPS = 8
/** Whoever has one IPv6 address has all of its /64. */
const NETWORK_GROUPS = 4
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

export type Remote = { readonly peer: PeerId; readonly address: string }

/** What counts as one client. A whole test network lives behind loopback: there each peer counts for itself. */
export function clientKey({ peer, address }: Remote): string {
  const plain = MAPPED_IPV4.exec(address)?.[1] ?? address
  if (plain.startsWith('127.') || plain === '::1') return `peer ${peer}`
  return plain.includes(':') ? `${networkOf(plain)}/64` : plain
}

function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, GROUPS - first.length - last.length)).fill('0')
  const groups = [...first, ...zeros, ...last].slice(0, NETWORK_GROUPS)
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')
}

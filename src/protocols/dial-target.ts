/** Reads what a person typed to connect to: a TCP multiaddr with a peer id, or an error that says what is wrong with it. */
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '../domain.ts'
import { NetworkError } from './errors.ts'
import { publicKeyHexFromPeerId } from './peer-ids.ts'

const EXAMPLE = '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW...'
/** A text longer than this is no address. */
const MAX_TEXT = 1_024
const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6'])

export type DialTarget = { readonly peer: PeerId; readonly address: Multiaddr }

/** Parses a multiaddr of the form `/HOST/tcp/PORT/p2p/ID`. Throws `NetworkError`: 'bad-multiaddr', 'missing-peer-id', 'not-libp2p'. */
export function parseDialTarget(text: string): DialTarget {
  const typed = text.trim()
  if (/^(https?|wss?):/i.test(typed)) {
    const advice = `type the node's multiaddr, like ${EXAMPLE} (\`palaver id\` on that node prints it)`
    throw new NetworkError('not-libp2p', `${shorten(typed)} is a web address, not a libp2p one: ${advice}`)
  }
  const address = parse(typed)
  const [host, transport, peer, ...rest] = address.getComponents()
  if (host === undefined || !HOSTS.has(host.name) || transport?.name !== 'tcp' || rest.length > 0) {
    throw badMultiaddr(typed, 'nodes are reached over plain TCP')
  }
  if (peer === undefined) {
    const advice = `append /p2p/ and the node's peer id, like ${EXAMPLE} (\`palaver id\` on that node prints it)`
    throw new NetworkError('missing-peer-id', `${shorten(typed)} does not name the peer: ${advice}`)
  }
  if (peer.name !== 'p2p' || peer.value === undefined) throw badMultiaddr(typed, 'nodes are reached over plain TCP')
  if (publicKeyHexFromPeerId(peer.value) === null) throw badMultiaddr(typed, 'its /p2p/ part is no peer id of a node')
  return { peer: peer.value, address }
}

/** Checks a multiaddr to listen on: a host and a TCP port. Throws `NetworkError` 'bad-multiaddr'. */
export function parseListenAddress(text: string): Multiaddr {
  const address = parse(text)
  const [host, transport, ...rest] = address.getComponents()
  if (host !== undefined && HOSTS.has(host.name) && transport?.name === 'tcp' && rest.length === 0) return address
  throw new NetworkError(
    'bad-multiaddr',
    `'${shorten(text)}' cannot be listened on: type one like /ip4/0.0.0.0/tcp/4001`,
  )
}

function parse(typed: string): Multiaddr {
  if (typed.length === 0 || typed.length > MAX_TEXT) throw badMultiaddr(typed, 'it is empty or far too long')
  try {
    return multiaddr(typed)
  } catch (cause) {
    throw badMultiaddr(typed, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function badMultiaddr(typed: string, why: string, cause?: unknown): NetworkError {
  return new NetworkError(
    'bad-multiaddr',
    `'${shorten(typed)}' is no usable multiaddr (${why}): type one like ${EXAMPLE}`,
    { cause },
  )
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

/**
 * Who may call: requests must name this node in `Host` (no DNS rebinding), come from no foreign web page, and carry the
 * token where they change something.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { RequestError } from './errors.ts'

/** Names that only ever mean this machine. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']

/** Checks of one server. Each throws a {@link RequestError}. */
export type Access = {
  /** `Host` names this node, and `Origin`, if there is one, is the same place. */
  readonly checkOrigin: (headers: { readonly host?: string | undefined; readonly origin?: string | undefined }) => void
  /** `Authorization: Bearer TOKEN`. */
  readonly checkToken: (authorization: string | undefined) => void
}

export type AccessOptions = {
  readonly token: string
  /** The host the server is bound to. */
  readonly host: string
  /** More names under which it may be called. */
  readonly allowedHosts: readonly string[]
}

/** Checks for a server bound to `host`. */
export function createAccess({ token, host, allowedHosts }: AccessOptions): Access {
  const names = new Set([...LOOPBACK_NAMES, host, ...allowedHosts].map((name) => name.toLowerCase()))
  // Rebinding needs a name: on a public address, a bare IP address of whatever interface is as good as ours.
  const takesAddresses = !isLoopback(host)
  const expected = digest(`Bearer ${token}`)
  return {
    checkOrigin({ host: named, origin }) {
      const name = named === undefined ? null : hostName(named)
      if (name === null || !(names.has(name) || (takesAddresses && isIP(name) !== 0))) {
        const advice = 'call it by its address, or name it with --api-host'
        throw new RequestError('host-refused', `this node is not '${named ?? ''}' (Host header): ${advice}`)
      }
      if (origin !== undefined && origin !== `http://${named}` && origin !== `https://${named}`) {
        throw new RequestError('origin-refused', `pages of ${origin} may not call this node (Origin header)`)
      }
    },
    checkToken(authorization) {
      // Digests have one length, so that comparing tells nothing about the token.
      if (authorization !== undefined && timingSafeEqual(digest(authorization), expected)) return
      const advice = "send 'Authorization: Bearer TOKEN' with the token in HOME/api.token"
      throw new RequestError('unauthorized', `this call changes something and needs the node's token: ${advice}`)
    },
  }
}

/** Whether the host only takes connections of this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.includes(host) || /^127\./.test(host)
}

/** The name or address in a `Host` header, without port and brackets, in lower case. */
function hostName(header: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]@/\s]+))(?::[0-9]{1,5})?$/.exec(header.toLowerCase())
  return match?.[1] ?? match?.[2] ?? null
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

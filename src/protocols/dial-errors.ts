/** Says in one code and one sentence why a dial failed, from the nested errors libp2p gives. */
import { NetworkError } from './errors.ts'

/** How deep causes and aggregates are followed. */
const MAX_DEPTH = 5

type Fault = { readonly name: string; readonly code: string; readonly message: string }

/** The cause of a failed dial to `address` (a multiaddr's text) as a {@link NetworkError}. */
export function explainDialError(error: unknown, address: string): NetworkError {
  if (error instanceof NetworkError) return error
  const faults = flatten(error, 0)
  const is = (test: (fault: Fault) => boolean): boolean => faults.some(test)
  const says = (code: NetworkError['code'], text: string) => new NetworkError(code, text, { cause: error })

  if (
    is((f) => f.name === 'UnexpectedPeerError' || f.message.includes('does not match expected remote identity key'))
  ) {
    return says(
      'wrong-peer-id',
      `another node than the one named answers at ${address}: check the /p2p/ part (\`palaver id\` on that node prints it)`,
    )
  }
  if (is((f) => f.name === 'DialDeniedError' || f.message.includes('gater'))) {
    return says('banned', `${address} is banned for now: wait until its ban ends, or restart this node to lift it`)
  }
  if (is((f) => /dial self/i.test(f.message))) {
    return says('self-dial', `${address} is this node itself: name another one`)
  }
  if (is((f) => f.code === 'ECONNREFUSED')) {
    return says(
      'connection-refused',
      `nothing listens at ${address}: check that the node runs there and the port is right`,
    )
  }
  if (is((f) => /^(EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|EINVAL)$/.test(f.code))) {
    return says('unreachable', `there is no route to ${address}: check the host name or address, and the firewall`)
  }
  if (is((f) => f.name === 'NoValidAddressesError')) {
    return says(
      'bad-multiaddr',
      `${address} cannot be dialled: nodes are reached over plain TCP, like /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW...`,
    )
  }
  if (
    is(
      (f) =>
        f.name === 'TimeoutError' ||
        f.name === 'AbortError' ||
        f.code === 'ETIMEDOUT' ||
        /due to timeout/.test(f.message),
    )
  ) {
    return says('dial-timeout', `${address} did not answer in time: check the address and the firewall`)
  }
  if (is((f) => isForeignProtocol(f))) {
    return says(
      'not-libp2p',
      `what answers at ${address} does not speak libp2p: check the port (the API's port is another one)`,
    )
  }
  return says(
    'connection-closed',
    `${address} hung up at once: it may be full, have banned this node, or be no palaver node`,
  )
}

/** Bytes came, but not multistream's: a length that makes no sense, no newline, or an end in the middle. */
function isForeignProtocol({ name, message }: Fault): boolean {
  if (/InvalidMessageError|InvalidDataLength|InvalidMessageLength|UnsupportedProtocolError/.test(name)) return true
  return (
    /newline|message length|data length|could not negotiate/i.test(message) ||
    /while reading [1-9]\d*\/\d+ bytes/.test(message)
  )
}

function flatten(error: unknown, depth: number): Fault[] {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return []
  const fault = { name: error.name, code: String((error as { code?: unknown }).code ?? ''), message: error.message }
  const inner = error instanceof AggregateError ? error.errors : []
  return [fault, ...[...inner, error.cause].flatMap((each) => flatten(each, depth + 1))]
}

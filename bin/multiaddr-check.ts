/** Catches the usual mistakes in a multiaddr before it is dialled, each with its own sentence. */
import { CliError } from './errors.ts'

const EXAMPLE = '/ip4/127.0.0.1/tcp/4001/p2p/12D3Koo...'

/** Passes a dialable multiaddr. Throws `usage` for a URL, a bare address, a missing or short peer id. */
export function checkMultiaddr(text: string): string {
  const example = { hint: `copy the 'listening on' line of the other node; it looks like ${EXAMPLE}` }
  if (/^[a-z]+:\/\//i.test(text)) throw new CliError('usage', `'${text}' is a URL, not a multiaddr`, example)
  if (!text.startsWith('/'))
    throw new CliError('usage', `'${text}' is not a multiaddr: it must begin with '/'`, example)
  if (!/\/(tcp|udp)\/\d+/.test(text)) throw new CliError('usage', `'${text}' names no port (/tcp/PORT)`, example)
  if (!text.includes('/p2p/'))
    throw new CliError('usage', `'${text}' names no peer id: it must end with /p2p/PEER_ID`, example)
  const peerId = text.slice(text.lastIndexOf('/p2p/') + 5)
  if (
    !/^(12D3Koo[1-9A-HJ-NP-Za-km-z]{45}|Qm[1-9A-HJ-NP-Za-km-z]{44}|16Uiu2[1-9A-HJ-NP-Za-km-z]{40,60})$/.test(peerId)
  ) {
    throw new CliError('usage', `'${peerId}' is not a peer id`, example)
  }
  return text
}

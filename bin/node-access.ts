/** How a command reaches its node: `--api URL`, or the `api.json` that `start` writes into the home. */

import { createClient, type PalaverClient } from '../src/client/client.ts'
import { resolveHome } from '../src/node/config.ts'
import { identifyProcess } from '../src/node/process-identity.ts'
import { type ApiFile, clientOf, readApiFile, readToken } from '../testnet/node-client.ts'
import { CliError } from './errors.ts'

/** Flags of every command that uses a home. */
export const HOME_FLAG = {
  home: {
    type: 'string',
    describe: "the node's folder [default: $PALAVER_HOME, $XDG_DATA_HOME/palaver, ~/.local/share/palaver]",
  },
} as const

/** Flags of every command that talks to a running node. */
export const NODE_FLAGS = {
  ...HOME_FLAG,
  api: { type: 'string', describe: "URL of the node's API [default: from HOME/api.json]" },
  'token-file': { type: 'string', describe: 'file with the API token, for --api' },
  json: { type: 'boolean', describe: 'print JSON' },
} as const

export type NodeArgs = {
  readonly home?: string | undefined
  readonly api?: string | undefined
  readonly 'token-file'?: string | undefined
}

/** A client of the node the flags name. Throws `unreachable` when no node runs in the home, `usage` for a bad URL. */
export function reachNode(args: NodeArgs): PalaverClient {
  const home = resolveHome(args.home)
  const file = readApiFile(home)
  if (args.api === undefined) return clientOf(requireRunning(home, file))
  const url = parseUrl(args.api)
  // The home's token is a secret: it goes to the node of that home, or where the person says explicitly.
  const ownNode = file !== null && new URL(file.url).origin === url.origin
  const tokenFile = args['token-file'] ?? (ownNode || args.home !== undefined ? file?.tokenFile : undefined)
  return createClient({ url: url.href, token: tokenFile === undefined ? undefined : readToken(tokenFile) })
}

function requireRunning(home: string, file: ApiFile | null): ApiFile {
  if (file === null) {
    throw new CliError('unreachable', `no node runs in ${home}`, {
      hint: `start one with: palaver start --home ${home} (or name another with --home or --api)`,
    })
  }
  if (identifyProcess(file.pid) === null) {
    throw new CliError('unreachable', `the node of ${home} (pid ${file.pid}) has ended`, {
      hint: `start it again with: palaver start --home ${home}`,
    })
  }
  return file
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new CliError('usage', `--api is not an http URL: '${text}'`, {
    hint: 'write it as --api http://127.0.0.1:PORT',
  })
}

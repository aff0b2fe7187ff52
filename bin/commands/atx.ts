/** `palaver atx`: the shared set: publishing, looking, and bringing it in step with peers. */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { PalaverClient } from '../../src/client/client.ts'
import type { AtxDetail } from '../../src/node/api/atx-port.ts'
import {
  atxLines,
  atxStatusLines,
  atxTable,
  counted,
  fingerprintText,
  outcomeText,
  syncedText,
  timeText,
} from '../atx-lines.ts'
import { type SyncResult, syncAndFollow } from '../atx-sync.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { parseDuration } from '../durations.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { print, printData, printJson } from '../output.ts'

/** A blob has at most 256 KiB; what an ATX carries besides its body stays below 1 KiB. */
const MAX_BODY_BYTES = 261_120
const STDIN = 'standard input'

const publish = defineCommand({
  usage: 'publish <files..>',
  summary: 'publish each file as an ATX signed by the node',
  flags: {
    ...NODE_FLAGS,
    files: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'files of at most 255 KiB; - alone reads stdin',
    },
  },
  async run(args) {
    const client = reachNode(args)
    // yargs drops a lone dash from a list of places.
    const files = args.files.length === 0 ? [STDIN] : args.files
    const bodies = files.map((file) => ({ file, body: readBody(file) }))
    const published = []
    for (const { file, body } of bodies) {
      const { id, isNew } = await client.publishAtx(body)
      published.push({ file, id, isNew, bytes: body.byteLength })
      // One by one: what is out is out, whatever becomes of the next.
      if (args.json !== true) print(`${id}  ${basename(file)}${isNew ? '' : ' (was there already)'}`)
    }
    if (args.json === true) printJson(published)
  },
})

function readBody(file: string): Buffer {
  const body = readOrExplain(file)
  if (body.byteLength > 0 && body.byteLength <= MAX_BODY_BYTES) return body
  const why = body.byteLength === 0 ? 'is empty' : `has ${body.byteLength.toLocaleString('en-US')} bytes`
  throw new CliError('usage', `${file} ${why}: an ATX carries 1 to ${MAX_BODY_BYTES.toLocaleString('en-US')} bytes`, {
    hint: body.byteLength === 0 ? 'nothing was published' : 'publish a digest of it, or parts; nothing was published',
  })
}

const UNREADABLE: Readonly<Record<string, { readonly why: string; readonly hint: string }>> = {
  EISDIR: { why: 'it is a folder', hint: 'name the files in it, such as FOLDER/*' },
  ENOENT: { why: 'there is no such file', hint: 'look for a typing error; nothing was published' },
  EACCES: { why: 'permission denied', hint: 'make it readable for you; nothing was published' },
}

function readOrExplain(file: string): Buffer {
  try {
    return readFileSync(file === STDIN ? 0 : file)
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    const { why, hint } = UNREADABLE[code] ?? { why: message, hint: 'name a file; nothing was published' }
    throw new CliError('usage', `cannot read ${file}: ${why}`, { cause, hint })
  }
}

const list = defineCommand({
  usage: 'list',
  summary: 'ATXs in the order this node received them',
  flags: {
    ...NODE_FLAGS,
    from: { type: 'number', describe: 'first place to show [default: the latest]' },
    limit: { type: 'number', default: 20, describe: 'how many at the most, up to 100' },
  },
  async run({ from, limit, ...args }) {
    const atxs = await reachNode(args).atxs({ from, limit })
    printData(args.json, atxs, (rows) => atxTable(rows, process.stdout.isTTY ? process.stdout.columns : undefined))
  },
})

const show = defineCommand({
  usage: 'show <id>',
  summary: 'one ATX: who published it, what it builds on, when it came',
  flags: {
    ...NODE_FLAGS,
    id: {
      type: 'string',
      demandOption: true,
      describe: 'id (64 hex characters), or its place in the list (0, 1, ...)',
    },
    out: { type: 'string', describe: 'file for its body' },
  },
  async run(args) {
    const found = await find(reachNode(args), args.id)
    if (found === null) {
      throw new CliError('failure', `this node does not have ATX ${args.id}`, {
        hint: 'see what it has with: palaver atx list; bring it in step with: palaver atx sync',
      })
    }
    if (args.out !== undefined) writeBody(args.out, found)
    printData(args.json, found, (atx) => atxLines(atx, args.out))
  },
})

function writeBody(out: string, { body }: AtxDetail): void {
  try {
    writeFileSync(out, Buffer.from(body, 'base64'))
  } catch (cause) {
    throw new CliError('failure', `cannot write ${out}: ${(cause as Error).message}`, {
      cause,
      hint: 'choose another --out',
    })
  }
}

async function find(client: PalaverClient, wanted: string): Promise<AtxDetail | null> {
  if (!/^[0-9]{1,15}$/.test(wanted)) return client.atx(wanted)
  const [at] = await client.atxs({ from: Number(wanted), limit: 1 })
  return at === undefined ? null : client.atx(at.id)
}

const status = defineCommand({
  usage: 'status',
  summary: 'size, fingerprints and timeframe of the set; conversations about it',
  flags: NODE_FLAGS,
  async run(args) {
    printData(args.json, await reachNode(args).atxStatus(), atxStatusLines)
  },
})

const sync = defineCommand({
  usage: 'sync [peer]',
  summary: 'bring the set in step with a peer, or with all that are connected',
  flags: {
    ...NODE_FLAGS,
    peer: { type: 'string', describe: 'peer id (12D3Koo...)' },
    timeout: { type: 'string', default: '10m', describe: 'how long to follow it' },
  },
  async run(args) {
    const timeoutMs = parseDuration(args.timeout, '--timeout')
    const result = await syncAndFollow(reachNode(args), { peer: args.peer, timeoutMs })
    printData(args.json, result, resultLines)
    complain(result)
  },
})

const UNSUCCESSFUL: readonly string[] = ['failed', 'refused', 'busy']

/** When no session succeeded: with exit code 5 where a later one may. */
function complain({ peers }: SyncResult): void {
  const [first] = peers
  if (peers.some(({ outcome }) => !UNSUCCESSFUL.includes(outcome))) return
  if (first === undefined) throw new CliError('failure', 'the peer is gone', { hint: 'see who is: palaver peers list' })
  const times = peers.flatMap(({ retryAt }) => (retryAt === null ? [] : [retryAt])).sort()
  if (times[0] === undefined) {
    throw new CliError('failure', `no session succeeded: ${first.peerId} ${outcomeText(first)}`, {
      hint: 'see who is refused and why with: palaver atx status',
    })
  }
  throw new CliError('not-ready', 'no peer has time for a session now', {
    hint: `try again after ${timeText(times[0])}; the node does so by itself`,
  })
}

function resultLines({ peers, gained, count, fingerprint, ...rest }: SyncResult): string[] {
  return [
    ...peers.map(
      (peer) => `${peer.peerId}  ${outcomeText(peer)}${peer.gained === 0 ? '' : `, ${counted(peer.gained)} gained`}`,
    ),
    `${counted(gained)} gained; ${counted(count)} ATXs, fingerprint ${fingerprintText(fingerprint)}; synced ${syncedText(rest)}`,
  ]
}

export const atx = defineGroup('atx', 'the shared set: publish, list, show, status, sync', [
  publish,
  list,
  show,
  status,
  sync,
])

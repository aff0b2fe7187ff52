/** `palaver atx`: the shared set: publishing, looking, and bringing it in step with peers. */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { AtxDetail } from '../../src/node/api/atx-port.ts'
import { atxLines, atxStatusLines, atxTable } from '../atx-lines.ts'
import { type SyncResult, syncAndFollow } from '../atx-sync.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { parseDuration } from '../durations.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { printData, short } from '../output.ts'

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
    }
    printData(args.json, published, (rows) =>
      rows.map(({ id, file, isNew }) => `${id}  ${basename(file)}${isNew ? '' : ' (was there already)'}`),
    )
  },
})

function readBody(file: string): Buffer {
  const body = readOrExplain(file)
  if (body.byteLength > 0 && body.byteLength <= MAX_BODY_BYTES) return body
  const range = `an ATX carries 1 to ${MAX_BODY_BYTES} bytes`
  if (body.byteLength === 0)
    throw new CliError('usage', `${file} is empty: ${range}`, { hint: 'nothing was published' })
  throw new CliError('usage', `${file} has ${body.byteLength} bytes: ${range}`, {
    hint: 'publish a digest or parts of it instead',
  })
}

function readOrExplain(file: string): Buffer {
  try {
    return readFileSync(file === STDIN ? 0 : file)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EISDIR') {
      throw new CliError('usage', `${file} is a folder: an ATX carries one file`, {
        cause,
        hint: `name the files in it: palaver atx publish ${file.replace(/\/$/, '')}/*`,
      })
    }
    throw new CliError('usage', `cannot read ${file}: ${message}`, { cause, hint: 'check the path' })
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
    printData(args.json, await reachNode(args).atxs({ from, limit }), atxTable)
  },
})

const show = defineCommand({
  usage: 'show <id>',
  summary: 'one ATX: who published it, what it builds on, when it came',
  flags: {
    ...NODE_FLAGS,
    id: { type: 'string', demandOption: true, describe: 'id of the ATX (64 hex characters)' },
    out: { type: 'string', describe: 'file for its body' },
  },
  async run(args) {
    const found = await reachNode(args).atx(args.id)
    if (found === null) {
      throw new CliError('failure', `this node does not have ATX ${args.id}`, {
        hint: 'bring it in step with: palaver atx sync',
      })
    }
    if (args.out !== undefined) writeBody(args.out, found)
    printData(args.json, found, describe)
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

function describe(atx: AtxDetail): string[] {
  const body = Buffer.from(atx.body, 'base64')
  return [...atxLines(atx), `body  ${body.byteLength.toLocaleString('en-US')} bytes (save it with --out FILE)`]
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
    const failed = result.peers.filter(({ outcome }) => ['failed', 'refused', 'busy'].includes(outcome))
    const [first] = failed
    if (first === undefined || failed.length < result.peers.length) return
    throw new CliError('failure', `no session succeeded: ${first.peerId} ${first.outcome}: ${first.reason ?? '-'}`, {
      hint: 'see who is refused and why with: palaver atx status',
    })
  },
})

function resultLines({ peers, gained, count, fingerprint, synced }: SyncResult): string[] {
  const { xor, strong } = fingerprint
  return [
    ...peers.map(({ peerId, outcome, reason }) => `${peerId}  ${outcome}${reason === null ? '' : `: ${reason}`}`),
    `${gained.toLocaleString('en-US')} gained; ${count.toLocaleString('en-US')} ATXs, fingerprint ${short(strong ?? xor)}${synced ? ', synced' : ''}`,
  ]
}

export const atx = defineGroup('atx', 'the shared set: publish, list, show, status, sync', [
  publish,
  list,
  show,
  status,
  sync,
])

/** `palaver testnet run`: nodes, table, load and faults in the foreground; Ctrl-C ends it with a summary. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { FaultKind } from '../../testnet/faults.ts'
import { initTestnet, reuseTestnet } from '../../testnet/init.ts'
import { runTestnet } from '../../testnet/run.ts'
import { summaryLines } from '../../testnet/summary.ts'
import { createLiveTable } from '../../testnet/table.ts'
import { defineCommand } from '../command.ts'
import { parseDuration } from '../durations.ts'
import { CliError, EXIT } from '../errors.ts'
import { note, printData } from '../output.ts'
import { interruptSignal } from '../signals.ts'
import { checkCount, parseFaultKinds, parseRate } from '../testnet-arguments.ts'

const FLAGS = {
  nodes: { type: 'number', default: 4, describe: 'validators' },
  observers: { type: 'number', default: 0, describe: 'nodes that follow without a vote' },
  dir: { type: 'string', describe: 'folder to use and keep [default: a temporary one]' },
  engine: { type: 'string', choices: ['pala', 'fab'], default: 'pala', describe: 'agreement engine' },
  load: { type: 'number', default: 0, describe: 'signed kv transactions per second' },
  'tx-bytes': { type: 'number', default: 256, describe: 'size of a value' },
  duration: { type: 'string', describe: 'end after this long, such as 30s [default: at Ctrl-C]' },
  perturb: { type: 'string', describe: 'faults while running: kill,pause,partition,restart' },
  proxy: {
    type: 'boolean',
    describe:
      'link proxies between the nodes, for testnet partition [default: with --perturb partition and --link-rate]',
  },
  'link-rate': { type: 'string', describe: 'throttle each link between nodes, such as 1MB (per second and direction)' },
  seed: { type: 'number', describe: 'seed of the faults [default: random, printed]' },
  json: { type: 'boolean', describe: 'print the summary as one JSON document' },
} as const

export const run = defineCommand({
  usage: 'run',
  summary: 'run nodes in the foreground; Ctrl-C ends them with a summary',
  flags: FLAGS,
  async run(args) {
    if (args.engine !== 'pala')
      throw new CliError('usage', `engine '${args.engine}' is not available yet`, { hint: 'use --engine pala' })
    const perturb = parseFaultKinds(args.perturb)
    const durationMs = args.duration === undefined ? null : parseDuration(args.duration, '--duration')
    const seed = checkCount('--seed', args.seed ?? Math.floor(Math.random() * 2 ** 31), 0, 2 ** 31)
    const counts = {
      validators: checkCount('--nodes', args.nodes, 1),
      observers: checkCount('--observers', args.observers, 0),
    }
    checkFaults(perturb, counts.validators)
    const load = {
      txPerSecond: checkCount('--load', args.load, 0, 100_000),
      txBytes: checkCount('--tx-bytes', args['tx-bytes'], 1, 65_536),
    }
    const dir = args.dir === undefined ? mkdtempSync(join(tmpdir(), 'palaver-testnet-')) : resolve(args.dir)
    if (!reuseTestnet(dir, counts)) await initTestnet({ dir, ...counts })
    const table = createLiveTable(args.json ? process.stderr : process.stdout)
    const say = args.json ? note : table.log
    say(`testnet in ${dir}${perturb.length > 0 ? `, faults ${perturb.join(',')} with --seed ${seed}` : ''}`)
    const linkRate = args['link-rate'] === undefined ? 0 : parseRate(args['link-rate'])
    const proxied = args.proxy === true || perturb.includes('partition') || linkRate > 0
    const summary = await runTestnet({
      dir,
      ...load,
      durationMs,
      perturb,
      proxied,
      linkRate,
      seed,
      signal: interruptSignal(),
      onLine: say,
      onTable: table.draw,
    })
    printData(args.json, summary, summaryLines)
    if (summary.agreement && args.dir === undefined) rmSync(dir, { recursive: true, force: true })
    if (!summary.agreement) {
      note(`homes and logs are kept in ${dir}`)
      process.exitCode = EXIT.failure
    }
  },
})

function checkFaults(perturb: readonly FaultKind[], validators: number): void {
  if (validators >= 4 || perturb.every((kind) => kind === 'partition')) return
  throw new CliError('usage', `${validators} validators tolerate no fault`, {
    hint: '--perturb kill, pause and restart need --nodes 4 or more',
  })
}

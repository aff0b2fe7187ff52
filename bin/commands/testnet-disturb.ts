/** `palaver testnet kill | pause | resume | partition | slow | throttle | heal`: faults by hand. */
import { resolve } from 'node:path'
import { changeLinks, setLinks } from '../../testnet/faults.ts'
import { killNode, pauseNode, resumeNode } from '../../testnet/launcher.ts'
import { HEALED, parseEnds, parseGroups, throttled } from '../../testnet/links.ts'
import { readManifest } from '../../testnet/manifest.ts'
import { runProxy } from '../../testnet/proxy-process.ts'
import { defineCommand } from '../command.ts'
import { parseDuration } from '../durations.ts'
import { note } from '../output.ts'
import { checkCount, DIR_PLACE, NODE_PLACE, parseNode, parseRate } from '../testnet-arguments.ts'

const PLACES = { dir: DIR_PLACE, node: NODE_PLACE } as const

const kill = defineCommand({
  usage: 'kill <dir> <node>',
  summary: 'end a node at once (SIGKILL)',
  flags: PLACES,
  async run({ dir, node }) {
    await killNode(resolve(dir), parseNode(node))
    note(`killed node${parseNode(node)}; start it again with: palaver testnet restart ${dir} ${node}`)
  },
})

const pause = defineCommand({
  usage: 'pause <dir> <node>',
  summary: 'freeze a node (SIGSTOP)',
  flags: PLACES,
  run({ dir, node }) {
    pauseNode(resolve(dir), parseNode(node))
    note(`paused node${parseNode(node)}; continue it with: palaver testnet resume ${dir} ${node}`)
  },
})

const resume = defineCommand({
  usage: 'resume <dir> <node>',
  summary: 'let a frozen node continue',
  flags: PLACES,
  run({ dir, node }) {
    resumeNode(resolve(dir), parseNode(node))
    note(`node${parseNode(node)} continues`)
  },
})

const partition = defineCommand({
  usage: 'partition <dir> <groups>',
  summary: 'let nodes reach only those of their group, such as 0,1/2,3',
  flags: {
    dir: DIR_PLACE,
    groups: { type: 'string', demandOption: true, describe: 'groups of node numbers: 0,1/2,3' },
  },
  async run({ dir, groups }) {
    const parsed = parseGroups(groups, readManifest(resolve(dir)).nodes.length)
    await setLinks(resolve(dir), { ...HEALED, groups: parsed })
    note(`partitioned ${groups}; heal with: palaver testnet heal ${dir}`)
  },
})

const slow = defineCommand({
  usage: 'slow <dir>',
  summary: 'delay and throttle all links between nodes',
  flags: {
    dir: DIR_PLACE,
    delay: { type: 'string', default: '50ms', describe: 'added to each direction' },
    'bytes-per-second': { type: 'number', default: 0, describe: 'limit per connection and direction; 0 for none' },
  },
  async run(args) {
    const bytesPerSecond = checkCount('--bytes-per-second', args['bytes-per-second'], 0, 2 ** 31)
    await setLinks(resolve(args.dir), { ...HEALED, delayMs: parseDuration(args.delay, '--delay'), bytesPerSecond })
    note(`links are slow now; heal with: palaver testnet heal ${args.dir}`)
  },
})

const throttle = defineCommand({
  usage: 'throttle <dir> <link> <rate>',
  summary: 'limit the rate of one link (0-1) or of all links of a node (2)',
  flags: {
    dir: DIR_PLACE,
    link: { type: 'string', demandOption: true, describe: 'two nodes such as 0-1, or one such as 2' },
    rate: { type: 'string', demandOption: true, describe: 'bytes per second and direction: 1MB, 250KB, 40000; off' },
  },
  async run({ dir, link, rate }) {
    const nodes = parseEnds(link, readManifest(resolve(dir)).nodes.length)
    const bytesPerSecond = rate === 'off' ? 0 : parseRate(rate)
    await changeLinks(resolve(dir), (links) => throttled(links, { nodes, bytesPerSecond }))
    note(bytesPerSecond === 0 ? `${link} is not throttled` : `${link} carries ${bytesPerSecond} bytes/s each way`)
    note(`end all disturbances with: palaver testnet heal ${dir}`)
  },
})

const heal = defineCommand({
  usage: 'heal <dir>',
  summary: 'end partition, slowness and throttles',
  flags: { dir: DIR_PLACE },
  async run({ dir }) {
    await setLinks(resolve(dir), HEALED)
    note('healed: every node reaches every other')
  },
})

/** The link proxy's own process; `start` and `run` launch it. */
const proxy = {
  ...defineCommand({
    usage: 'proxy <dir>',
    summary: '',
    flags: { dir: DIR_PLACE },
    run: ({ dir }) => runProxy(resolve(dir)),
  }),
  describe: false as const,
}

export const disturbCommands = [kill, pause, resume, partition, slow, throttle, heal, proxy]

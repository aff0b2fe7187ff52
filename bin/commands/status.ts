/** `palaver status`: where the node stands, once or again each second. */
import { setTimeout as delay } from 'node:timers/promises'
import type { NodeStatus } from '../../src/node/api/node-port.ts'
import { defineCommand } from '../command.ts'
import { formatMs } from '../durations.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { pairLines, print, printData, short } from '../output.ts'

const WATCH_MS = 1_000

export const status = defineCommand({
  usage: 'status',
  summary: 'role, epoch, blocks, peers, sync progress',
  flags: { ...NODE_FLAGS, watch: { type: 'boolean', describe: 'print again each second until Ctrl-C' } },
  async run(args) {
    const client = reachNode(args)
    printData(args.json, await client.status(), statusLines)
    while (args.watch) {
      await delay(WATCH_MS)
      const next = await client.status()
      if (!args.json) print(process.stdout.isTTY ? '\x1b[H\x1b[2J' : '')
      printData(args.json, next, statusLines)
    }
  },
})

function statusLines(status: NodeStatus): string[] {
  const { head, finalized, sync, finalityMs } = status
  const progress =
    sync.state === 'synced'
      ? 'synced'
      : `${sync.state} to ${sync.target} at ${sync.rate.toFixed(0)} blocks/s, ${formatMs(sync.etaMs)} left`
  return pairLines({
    peer: status.peerId,
    network: `${status.network} (chain ${short(status.chainId)})`,
    role: status.roles.join(', ') || 'observer',
    epoch: `${status.epoch} of session ${status.session} (${status.engine})`,
    head: `${head.height} ${short(head.hash)} (${head.session},${head.epoch},${head.number})`,
    final: `${finalized.height} ${short(finalized.hash)} ${finalized.timestamp ?? ''}`,
    state: `height ${status.ledger.height}, root ${short(status.ledger.stateRoot)}`,
    peers: String(status.peers),
    sync: progress,
    finality:
      finalityMs === null
        ? '-'
        : `p50 ${formatMs(finalityMs.p50)}, p99 ${formatMs(finalityMs.p99)}; ${status.txPerSecond.toFixed(1)} tx/s`,
    voting: status.votingStopped ?? (status.roles.includes('voter') ? 'yes' : 'no vote in this session'),
    version: `${status.version}, up ${formatMs(status.uptimeMs)}, ${(status.rssBytes / 2 ** 20).toFixed(0)} MiB`,
  })
}

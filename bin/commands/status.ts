/** `palaver status`: where the node stands, once or again each second. */
import { setTimeout as delay } from 'node:timers/promises'
import type { NodeStatus } from '../../src/node/api/node-port.ts'
import { defineCommand } from '../command.ts'
import { formatMs } from '../durations.ts'
import { evidenceLine } from '../evidence-lines.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { pairLines, print, printData, short } from '../output.ts'
import { syncLine } from '../sync-line.ts'

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
  const { head, finalized, finalityMs } = status
  const lines = pairLines({
    peer: status.peerId,
    network: `${status.network} (chain ${short(status.chainId)})`,
    role: status.roles.join(', ') || 'observer',
    session: sessionLine(status),
    epoch: `${status.epoch} (${status.engine})`,
    head: `${head.height} ${short(head.hash)} (${head.session},${head.epoch},${head.number})`,
    final: `${finalized.height} ${short(finalized.hash)} ${finalized.timestamp ?? ''}`,
    state: `height ${status.ledger.height}, root ${short(status.ledger.stateRoot)}`,
    atx: setLine(status.atx),
    peers: String(status.peers),
    sync: syncLine(status.sync, finalized.height),
    finality:
      finalityMs === null
        ? '-'
        : `p50 ${formatMs(finalityMs.p50)}, p99 ${formatMs(finalityMs.p99)}; ${status.txPerSecond.toFixed(1)} tx/s`,
    voting: status.votingStopped ?? (status.roles.includes('voter') ? 'yes' : 'no vote in this session'),
    version: `${status.version}, up ${formatMs(status.uptimeMs)}, ${(status.rssBytes / 2 ** 20).toFixed(0)} MiB`,
  })
  return [...lines, ...status.evidence.map(evidenceLine)]
}

function setLine({ count, fingerprint, synced }: NodeStatus['atx']): string {
  return `${count.toLocaleString('en-US')} ATXs, ${short(fingerprint)}, ${synced ? 'synced' : 'not synced'}`
}

function sessionLine({ session, committee: { voters, k }, reconfiguring }: NodeStatus): string {
  const line = `${session} (${voters} ${voters === 1 ? 'voter' : 'voters'}, k=${k})`
  return reconfiguring === null ? line : `${line}, reconfiguring: stop block at height ${reconfiguring.stopHeight}`
}

/** `palaver peers`: who the node is connected with, and connecting, disconnecting, banning. */
import type { PeerInfo } from '../../src/protocols/network.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { formatMs } from '../durations.ts'
import { checkMultiaddr } from '../multiaddr-check.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { printData, tableLines } from '../output.ts'

const PEER_PLACE = { type: 'string', demandOption: true, describe: 'peer id (12D3Koo...)' } as const

const list = defineCommand({
  usage: 'list',
  summary: 'connected peers',
  flags: NODE_FLAGS,
  async run(args) {
    printData(args.json, await reachNode(args).peers(), (peers) =>
      tableLines(['peer', 'address', 'direction', 'roles', 'latency', 'score'], peers.map(peerCells)),
    )
  },
})

const connect = defineCommand({
  usage: 'connect <multiaddr>',
  summary: 'dial a peer and keep to it',
  flags: { ...NODE_FLAGS, multiaddr: { type: 'string', demandOption: true, describe: 'address with /p2p/PEER_ID' } },
  async run(args) {
    const answer = await reachNode(args).connect(checkMultiaddr(args.multiaddr))
    printData(args.json, answer, ({ peerId }) => [`connected to ${peerId}`])
  },
})

const disconnect = defineCommand({
  usage: 'disconnect <peer>',
  summary: 'end the connection to a peer',
  flags: { ...NODE_FLAGS, peer: PEER_PLACE },
  async run(args) {
    await reachNode(args).disconnect(args.peer)
    printData(args.json, { peerId: args.peer }, ({ peerId }) => [`disconnected from ${peerId}`])
  },
})

const ban = defineCommand({
  usage: 'ban <peer>',
  summary: 'end the connection and refuse the peer from now on',
  flags: { ...NODE_FLAGS, peer: PEER_PLACE },
  async run(args) {
    await reachNode(args).ban(args.peer)
    printData(args.json, { peerId: args.peer, banned: true }, ({ peerId }) => [`banned ${peerId}`])
  },
})

export const peers = defineGroup('peers', 'list, connect, disconnect, ban peers', [list, connect, disconnect, ban])

function peerCells(peer: PeerInfo): string[] {
  const roles = peer.roles.map(({ role, index }) => `${role} ${index}`).join(', ') || 'full node'
  return [peer.peerId, peer.multiaddr, peer.direction, roles, formatMs(peer.latencyMs), String(peer.score)]
}

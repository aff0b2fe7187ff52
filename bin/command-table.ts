/** Every command by name and summary. A command's own file is loaded only when it is used, which keeps `--help` fast. */
import type { CommandModule } from 'yargs'

export type CommandRow = {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CommandModule>
}

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'init',
    summary: 'make a home: key, genesis, configuration',
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'start',
    summary: 'run a node in the foreground',
    load: async () => (await import('./commands/start.ts')).start,
  },
  {
    name: 'testnet',
    summary: 'run several nodes on this machine',
    load: async () => (await import('./commands/testnet.ts')).testnet,
  },
  {
    name: 'id',
    summary: 'peer id, public key, listen addresses',
    load: async () => (await import('./commands/id.ts')).id,
  },
  {
    name: 'status',
    summary: 'role, epoch, blocks, peers, sync progress',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'peers',
    summary: 'list, connect, disconnect, ban peers',
    load: async () => (await import('./commands/peers.ts')).peers,
  },
  { name: 'tx', summary: 'submit a transaction or show one', load: async () => (await import('./commands/tx.ts')).tx },
  {
    name: 'kv',
    summary: 'put and get keys of the replicated store',
    load: async () => (await import('./commands/kv.ts')).kv,
  },
  { name: 'block', summary: 'show or list blocks', load: async () => (await import('./commands/block.ts')).block },
  {
    name: 'committee',
    summary: 'who decides, and changes of it',
    load: async () => (await import('./commands/committee.ts')).committee,
  },
  {
    name: 'evidence',
    summary: 'who provably broke the rules',
    load: async () => (await import('./commands/evidence.ts')).evidence,
  },
  {
    name: 'proof',
    summary: 'prove a block or a transaction to anyone',
    load: async () => (await import('./commands/proof.ts')).proof,
  },
  {
    name: 'verify',
    summary: 'check a proof offline',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  {
    name: 'light',
    summary: 'follow final blocks by proofs, without a node',
    load: async () => (await import('./commands/light.ts')).light,
  },
  {
    name: 'atx',
    summary: 'the shared set: publish, list, show, status, sync',
    load: async () => (await import('./commands/atx.ts')).atx,
  },
  {
    name: 'events',
    summary: 'follow what the node does',
    load: async () => (await import('./commands/events.ts')).events,
  },
  {
    name: 'keys',
    summary: 'show, export, import the key; change its password',
    load: async () => (await import('./commands/keys.ts')).keys,
  },
  {
    name: 'config',
    summary: 'make, show, validate the configuration',
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'doctor',
    summary: 'find the layer that fails',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'completion',
    summary: 'completion script for a shell',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
]

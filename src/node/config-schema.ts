/** The keys of a node's configuration: what each may be, and where each may come from. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { MIN_PRUNE_KEEP } from '../pala/bounds.ts'
import { LEVELS, parseLevels } from './log-levels.ts'

/** The most addresses of one list. */
const MAX_ADDRESSES = 256

/** `HOST:PORT` in parts; IPv6 hosts stand in brackets. Null when it is not one. */
export function parseHostPort(text: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})$/.exec(text)
  if (match === null) return null
  const [, v6, name = '', digits = ''] = match
  const port = Number(digits)
  if (port > 65_535 || (v6 !== undefined && isIP(v6) !== 6)) return null
  return { host: v6 ?? name, port }
}

const multiaddrs = () =>
  z
    .array(
      z
        .string()
        .max(1_024)
        .regex(/^\/[a-z0-9]+\/./, 'must be a multiaddr such as /ip4/192.0.2.1/tcp/4001'),
    )
    .max(MAX_ADDRESSES)

const apiAddress = z
  .string()
  .refine((text) => parseHostPort(text) !== null, 'must be HOST:PORT such as 127.0.0.1:8080 (port 0: any free one)')

const levels = z
  .string()
  .refine((text) => parseLevels(text) !== null, `must be one of ${LEVELS.join(', ')}, or module=LEVEL, by commas`)

/** Every key with its schema. Where a default depends on nothing else it stands in `DEFAULTS`. */
export const configFields = {
  /** Addresses to listen on. */
  listen: multiaddrs(),
  /** Addresses told to peers in place of those listened on. */
  announce: multiaddrs(),
  /** Peers to stay connected with, each with `/p2p/ID`. */
  peers: multiaddrs(),
  /** Peers to find others through. */
  bootstrap: multiaddrs(),
  mdns: z.boolean(),
  /** Whether this node answers routing questions of others, or only asks. */
  dht: z.enum(['server', 'client']),
  api: apiAddress,
  /** Names besides the bound address and loopback under which the API may be called. */
  apiHosts: z.array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be a host name without port')).max(64),
  /** File that holds the key's password. */
  passwordFile: z.string().min(1),
  logLevel: levels,
  /** Final blocks kept on disk; 0 keeps all of them (P20.9). */
  pruneKeep: z
    .int()
    .refine(
      (kept) => kept === 0 || kept >= MIN_PRUNE_KEEP,
      `must be 0 (keep every block) or at least ${MIN_PRUNE_KEEP} blocks`,
    ),
  /** How a home without blocks begins: with a snapshot, with block 1, or as its peers suggest. */
  sync: z.enum(['auto', 'snapshot', 'blocks']),
  /** Heights between snapshots of the state, which newcomers start from; 0 makes none. See docs/operating.md for the default. */
  snapshotEvery: z.int().min(0),
  /** Time between two looks at whether a peer has the same ATX set, in milliseconds. */
  atxSyncIntervalMs: z.int().min(100).max(86_400_000),
  /** Distinct peers that must agree for the ATX set to count as synced. */
  atxSyncedPeers: z.int().min(1).max(64),
  /** Whether equal fingerprints of the closed timeframes end a session at once. */
  atxStepOne: z.boolean(),
  /** Whether ranges are compared where lists of ids would be long. */
  atxDeep: z.boolean(),
  /** Votes although the record of earlier votes is missing; can break safety (P20.6.3). Never in the file. */
  unsafeResetVotes: z.boolean(),
} as const

/** Keys of `config.json`. A danger that must be accepted at each start cannot be written down. */
export const configFileSchema = z.strictObject(configFields).omit({ unsafeResetVotes: true }).partial()

export const configValuesSchema = z.strictObject(configFields).partial({ passwordFile: true })

/** A whole configuration. */
export type ConfigValues = z.infer<typeof configValuesSchema>
export type ConfigKey = keyof typeof configFields
export type ConfigFile = z.infer<typeof configFileSchema>

export const CONFIG_KEYS = Object.keys(configFields) as readonly ConfigKey[]

export const DEFAULTS: ConfigValues = {
  listen: ['/ip4/0.0.0.0/tcp/0'],
  announce: [],
  peers: [],
  bootstrap: [],
  mdns: false,
  dht: 'server',
  api: '127.0.0.1:0',
  apiHosts: [],
  logLevel: 'info',
  pruneKeep: 0,
  sync: 'auto',
  snapshotEvery: 10_000,
  atxSyncIntervalMs: 300_000,
  atxSyncedPeers: 3,
  atxStepOne: true,
  atxDeep: true,
  unsafeResetVotes: false,
}

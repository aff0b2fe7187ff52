/** What the service keeps on disk beside the set: bans, and where this node's own chain of ATXs stands. */
import type { ClassicLevel } from 'classic-level'
import type { Hash } from '../domain.ts'
import type { Ban } from './standing.ts'

const BAN = 'sync/ban/'
const OWN = 'sync/own'
const AFTER = '\uffff'
const NOTHING = new Uint8Array(0)

/** The part of an opened database that is used: text keys, byte values. */
export type ServiceDb = Pick<ClassicLevel<string, Uint8Array>, 'get' | 'put' | 'batch' | 'iterator'>

/** Bans that earlier builds wrote have no address. */
type BanRow = Omit<Ban, 'address'> & Partial<Ban>

/** This node's ATXs: the first of the newest epoch in which it published, and what that builds on. */
export type OwnChain = { readonly epoch: number; readonly first: Hash; readonly before: Hash | null }

export interface ServiceStore {
  bans(): Promise<readonly Ban[]>
  /** Replaces those of earlier; writes what changed. */
  saveBans(bans: readonly Ban[]): Promise<void>
  ownChain(): Promise<OwnChain | null>
  saveOwnChain(chain: OwnChain): Promise<void>
}

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8')
const decode = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString('utf8')) as T

export function createServiceStore(db: ServiceDb): ServiceStore {
  return {
    async bans() {
      const rows = await db.iterator({ gte: BAN, lt: BAN + AFTER }).all()
      return rows.map(([, value]) => ({ address: '', ...decode<BanRow>(value) }))
    },
    async saveBans(bans) {
      const before = new Map(await db.iterator({ gte: BAN, lt: BAN + AFTER }).all())
      const after = new Map(bans.map((ban) => [BAN + ban.peer, encode(ban)]))
      const isNew = ([key, value]: [string, Uint8Array]): boolean =>
        Buffer.compare(before.get(key) ?? NOTHING, value) !== 0
      await db.batch([
        ...[...before.keys()].filter((key) => !after.has(key)).map((key) => ({ type: 'del' as const, key })),
        ...[...after].filter(isNew).map(([key, value]) => ({ type: 'put' as const, key, value })),
      ])
    },
    async ownChain() {
      const bytes = await db.get(OWN)
      return bytes === undefined ? null : decode<OwnChain>(bytes)
    },
    saveOwnChain: (chain) => db.put(OWN, encode(chain)),
  }
}

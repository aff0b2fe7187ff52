/** Ledgers on temporary databases, signers, and blocks for the tests of this folder. */
import { ClassicLevel } from 'classic-level'
import { onTestFinished } from 'vitest'
import { createSigner, type Signer } from '../../../src/crypto/keys.ts'
import { taggedHashHex, u64be } from '../../../src/crypto/tagged-hash.ts'
import type { CommitteePlan, Hash, Member, Millis, PeerId, PenaltyClass, SessionParams } from '../../../src/domain.ts'
import { signTransaction } from '../../../src/ledger/codec.ts'
import type { Ledger, LedgerOptions } from '../../../src/ledger/ledger.ts'
import { kvModule } from '../../../src/ledger/modules/kv.ts'
import type { LedgerModule } from '../../../src/ledger/modules/module.ts'
import type { TxTransport } from '../../../src/ledger/ports.ts'
import { createLedger } from '../../../src/ledger/service.ts'
import type { Entry, LedgerBlock, Transaction } from '../../../src/ledger/types.ts'
import { planProblem } from '../../../src/pala/election.ts'
import { PARAMS } from '../../helpers/committee.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

export const CHAIN: Hash = taggedHashHex('test/chain')
export const OTHER_CHAIN: Hash = taggedHashHex('test/other-chain')

/** The signer number `index`, the same in every run. */
export function signerOf(index: number): Signer {
  return createSigner(Buffer.alloc(32, index + 1))
}

/** A kv put as an entry; a delete when `value` is null. */
export function kv(key: string, value: string | null): Entry {
  return { module: 'kv', payload: kvModule.encode(value === null ? { key, delete: true } : { key, value }) }
}

/** A signed transaction of `signerOf(sender)`. */
export function tx(sender: number, nonce: number, ...entries: Entry[]): Transaction {
  const filled = entries.length > 0 ? entries : [kv(`k${sender}`, `v${nonce}`)]
  return signTransaction({ chainId: CHAIN, nonce, entries: filled }, signerOf(sender))
}

/** A block with a hash that depends on its height and payload. */
export function blockOf(height: number, ...txs: readonly { readonly bytes: Uint8Array }[]): LedgerBlock {
  const payload = txs.map(({ bytes }) => bytes)
  const hash = taggedHashHex('test/block', u64be(height), ...payload)
  const rest = { session: 1, stateHeight: Math.max(0, height - 2), isStop: false, election: null }
  return { height, hash, timestamp: 1_000 * height, payload, ...rest }
}

/** A committee of the signers 0 to n - 1, each proposer and voter. */
export function planOf(n: number, params: Partial<SessionParams> = {}): CommitteePlan {
  const members = Array.from({ length: n }, (_, index) => memberOf(index))
  return { proposers: members, voters: members, params: { ...PARAMS, ...params } }
}

export function memberOf(index: number): Member {
  return { key: signerOf(index).publicKey, org: `org-${index}`, weight: 1 }
}

/** Refuses an entry whose payload starts with a zero byte, when it is executed; else writes `picky/<first byte>`. */
export const pickyModule: LedgerModule<Uint8Array> = {
  name: 'picky',
  parse: (payload) => (payload.length > 9 ? { ok: false, detail: 'too long' } : { ok: true, entry: payload }),
  apply: (view, entry) => {
    if (entry[0] === 0) return { ok: false, code: 'zero' }
    const before = view.get(`picky/${entry[0]}`) ?? new Uint8Array(0)
    return { ok: true, writes: [{ key: `picky/${entry[0]}`, value: Buffer.concat([before, entry]) }] }
  },
  show: () => null,
  encode: () => new Uint8Array(0),
}

export function picky(...bytes: number[]): Entry {
  return { module: 'picky', payload: Uint8Array.from(bytes) }
}

/** A clock that stands still until moved. */
export function fakeClock(): { now(): Millis; advance(byMs: Millis): void } {
  let now = 1_000_000
  return {
    now: () => now,
    advance(byMs) {
      now += byMs
    },
  }
}

export type FakeTransport = TxTransport & {
  currentLeader: PeerId | 'self' | null
  reachable: boolean
  readonly sent: { readonly to: PeerId; readonly message: Uint8Array }[]
  readonly published: Uint8Array[]
  readonly penalties: { readonly peer: PeerId; readonly penalty: PenaltyClass }[]
}

/** Records what is sent; `reachable` false makes direct sends fail. */
export function fakeTransport(): FakeTransport {
  const transport: FakeTransport = {
    currentLeader: 'self',
    reachable: true,
    sent: [],
    published: [],
    penalties: [],
    leader: () => transport.currentLeader,
    send(to, message) {
      if (transport.reachable) transport.sent.push({ to, message })
      return transport.reachable
    },
    async publish(message) {
      return transport.published.push(message)
    },
    penalise: (peer, penalty) => void transport.penalties.push({ peer, penalty }),
  }
  return transport
}

export type Opened = {
  readonly ledger: Ledger
  readonly transport: FakeTransport
  readonly clock: ReturnType<typeof fakeClock>
  readonly dir: string
  /** Closes ledger and database, as a clean stop does. */
  readonly stop: () => Promise<void>
  /** Closes the database under the ledger, as a kill does. */
  readonly kill: () => Promise<void>
}

/** Opens a ledger over a database in `dir`, a new temporary one by default. */
export async function openLedger(options: Partial<LedgerOptions> & { readonly dir?: string } = {}): Promise<Opened> {
  const { dir = await tempDir(), ...overrides } = options
  const db = new ClassicLevel<string, Uint8Array>(dir, { valueEncoding: 'view' })
  await db.open()
  const transport = fakeTransport()
  const clock = fakeClock()
  const ledger = createLedger({
    db,
    prefix: 'ledger/',
    chainId: CHAIN,
    initialKv: { motto: 'parley' },
    clock,
    transport,
    keepsForeign: () => true,
    initialCommittee: planOf(4),
    planProblem,
    modules: [pickyModule],
    onFailure: () => undefined,
    ...overrides,
  })
  const stop = async (): Promise<void> => {
    await ledger.close()
    await db.close()
  }
  onTestFinished(stop)
  await ledger.open()
  return { ledger, transport, clock, dir, stop, kill: () => db.close() }
}

/** Delivers a block of `txs` on top, and waits until its effects are on disk. */
export async function executeNext({ ledger }: Opened, ...txs: readonly Transaction[]): Promise<void> {
  const height = ledger.appliedHeight() + 1
  const executed = new Promise<void>((resolve) => {
    ledger.onExecuted((block) => {
      if (block.height === height) resolve()
    })
  })
  await ledger.deliver(blockOf(height, ...txs))
  await executed
}

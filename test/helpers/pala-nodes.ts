/** Pala services on real disks and a network by hand: nodes that hold a chain, newcomers, and links one may tamper with. */
import { ClassicLevel } from 'classic-level'
import { onTestFinished } from 'vitest'
import type { PeerId } from '../../src/domain.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { createPala, type PalaService } from '../../src/pala/service.ts'
import { restoreState } from '../../src/pala/state.ts'
import { createPalaStore, type PalaStore } from '../../src/pala/store.ts'
import type { Block, DurableRecord } from '../../src/pala/types.ts'
import type { Network } from '../../src/protocols/network.ts'
import { type Committee, configOf, signerOf, ZERO_HASH } from './committee.ts'
import { createFakeNetwork, type FakeNetwork } from './fake-network.ts'
import type { LongChain } from './pala-chain.ts'
import { tempDir } from './temp-dir.ts'

export type PalaNode<N extends Network = FakeNetwork> = {
  readonly peer: PeerId
  readonly network: N
  readonly pala: PalaService
  readonly store: PalaStore
  readonly delivered: Block[]
  readonly alarms: string[]
  readonly failures: unknown[]
}

/** What happens to a message on its way; null drops it, a list replaces it. */
export type Tamper = (protocol: string, message: Uint8Array) => readonly Uint8Array[] | null

export type NodeOptions = {
  readonly committee: Committee
  /** Blocks on its disk from the start; all but the last k are final. */
  readonly chain?: LongChain
  readonly store?: PalaStore
  readonly lowestHeight?: number
}

/** A node that follows and serves, but holds no seat, on a network by hand. */
export function startPalaNode(peer: PeerId, options: NodeOptions): Promise<PalaNode> {
  return startPalaOn(createFakeNetwork(peer), options)
}

/** The same on any network that has not started. */
export async function startPalaOn<N extends Network>(network: N, options: NodeOptions): Promise<PalaNode<N>> {
  const { committee, chain = { links: [], sessions: [] }, lowestHeight } = options
  const store = options.store ?? (await openStore())
  if (options.store === undefined) await store.write(recordsOf(committee, chain), true)
  const node = {
    peer: network.self,
    network,
    store,
    delivered: [] as Block[],
    alarms: [] as string[],
    failures: [] as unknown[],
  }
  const pala = createPala({
    state: restoreState(configOf(committee, -1), [committee.session], await store.load()),
    store,
    journal: null,
    network,
    application: {
      buildPayload: async () => [],
      checkPayload: async () => ({ verdict: 'valid' }),
      deliver: async (block) => void node.delivered.push(block),
      stateRootAt: async () => ZERO_HASH,
      electNext: async () => null,
      appliedHeight: () => 0,
    },
    signer: signerOf('observer'),
    clock: systemClock,
    observer: {
      notice: () => undefined,
      finalized: () => undefined,
      alarm: (code) => node.alarms.push(code),
      rejected: () => undefined,
      persisted: () => undefined,
      leaderChanged: () => undefined,
      voted: () => undefined,
      failed: (error) => node.failures.push(error),
    },
    ...(lowestHeight === undefined ? {} : { lowestHeight: () => lowestHeight }),
  })
  pala.start()
  onTestFinished(() => pala.stop())
  return { ...node, pala }
}

export async function openStore(): Promise<PalaStore> {
  const db = new ClassicLevel<string, Uint8Array>(await tempDir(), { valueEncoding: 'view' })
  await db.open()
  onTestFinished(() => db.close())
  return createPalaStore(db)
}

export function recordsOf({ session }: Committee, { links, sessions }: LongChain): DurableRecord[] {
  const { k } = (sessions.at(-1)?.session ?? session).params
  const refs = links.map(({ proposal: { block } }) => ({
    sn: block.header.sn,
    hash: block.hash,
    height: block.header.height,
  }))
  const final = refs.slice(0, Math.max(0, refs.length - k))
  return [
    ...links.flatMap(({ proposal, notarization }): DurableRecord[] => [
      { type: 'block', proposal },
      { type: 'notarization', notarization },
    ]),
    { type: 'finalized', blocks: final },
    ...sessions.map((record): DurableRecord => ({ type: 'session', ...record })),
  ]
}

type Linked = Pick<PalaNode, 'peer' | 'network'>

/** Connects two nodes; `tamper` sees what the second sends to the first. */
export function linkNodes(a: Linked, b: Linked, tamper: Tamper = (_, message) => [message]): void {
  a.network.route(b.peer, (protocol, message) => b.network.deliver(protocol, a.peer, message))
  b.network.route(a.peer, async (protocol, message) => {
    for (const each of tamper(protocol, message) ?? []) await a.network.deliver(protocol, b.peer, each)
  })
  a.network.join(b.peer, [])
  b.network.join(a.peer, [])
}

/** Nodes of the ATX set in one process over real libp2p, each on a database of its own, with all that they tell the outside. */
import { ClassicLevel } from 'classic-level'
import { afterEach } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import type { Millis, PeerId } from '../../../src/domain.ts'
import type { GossipVerdict } from '../../../src/protocols/network.ts'
import { type SignedBlob, signAtx, type UnsignedAtx } from '../../../src/sync/atx/codec.ts'
import type { Judgement } from '../../../src/sync/court.ts'
import type { Intent } from '../../../src/sync/messages.ts'
import { type AtxService, openAtxService } from '../../../src/sync/service.ts'
import { sameFingerprint } from '../../../src/sync/set/fingerprint.ts'
import type { NewAtx } from '../../../src/sync/set/types.ts'
import type { AtxTuning } from '../../../src/sync/talk.ts'
import type { AtxParams } from '../../../src/sync/traits.ts'
import type { Outcome } from '../../../src/sync/types.ts'
import { CHAIN_ID, createNetwork, seedOf, type TestNetwork } from '../networks.ts'
import { tempDir } from '../temp-dir.ts'
import { atx } from './atx-set.ts'

export const PARAMS: AtxParams = { startMs: 1_700_000_000_000, timeframe: 3_600_000, n1: 6, n2: 3 }
const FRAME_MS = 3_600_000
const TUNING: AtxTuning = { syncIntervalMs: 86_400_000, minSyncedPeers: 1, stepOne: true, deep: true }

export type Moved = { readonly intent: Intent; readonly direction: 'in' | 'out'; readonly bytes: number }

export type AtxNode = {
  readonly name: string
  readonly network: TestNetwork
  readonly service: AtxService
  /** Moves its clock; it runs on from there unless it is held. */
  setTime(at: Millis, isHeld?: boolean): void
  readonly moved: Moved[]
  readonly ended: (Outcome & { readonly isInbound: boolean })[]
  readonly judged: Judgement[]
  readonly gossiped: (GossipVerdict | 'sent')[]
  /** From which place on each serve to others began. */
  readonly served: number[]
  start(): Promise<void>
}

const running: { stop: () => Promise<void> }[] = []

// Registered after that of the networks, and so run before it.
afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop()
})

/** The middle of a timeframe. */
export const middleOf = (frame: number): Millis => PARAMS.startMs + frame * FRAME_MS + FRAME_MS / 2

/** A node in the middle of timeframe 0, not started. */
export async function createAtxNode(name: string, tuning: Partial<AtxTuning> = {}): Promise<AtxNode> {
  const db = new ClassicLevel<string, Uint8Array>(await tempDir(), { valueEncoding: 'view' })
  await db.open()
  const network = createNetwork(name, { members: [] })
  const time = { base: middleOf(0), since: performance.now(), isHeld: false }
  const clock = { now: () => Math.floor(time.base + (time.isHeld ? 0 : performance.now() - time.since)) }
  const [moved, ended, judged]: [Moved[], AtxNode['ended'], Judgement[]] = [[], [], []]
  const [gossiped, served]: [AtxNode['gossiped'], number[]] = [[], []]
  const service = await openAtxService({
    db,
    network,
    clock,
    signer: createSigner(seedOf(name)),
    chainId: CHAIN_ID,
    params: PARAMS,
    tuning: { ...TUNING, ...tuning },
    isBusy: () => false,
    observer: {
      inserted: () => undefined,
      progressed: () => undefined,
      sessionEnded: (_, outcome, isInbound) => void ended.push({ ...outcome, isInbound }),
      serveBegan({ direction, fromSeq }) {
        if (direction === 'out') served.push(fromSeq)
      },
      serveProgressed: () => undefined,
      fetchProgressed: () => undefined,
      serveEnded: () => undefined,
      serveRefused: () => undefined,
      judged: (judgement) => void judged.push(judgement),
      gossiped: (outcome) => void gossiped.push(outcome),
      moved: (intent, direction, bytes) => void moved.push({ intent, direction, bytes }),
      notFetched: () => undefined,
      rebuilt: () => undefined,
      failed(error) {
        throw error
      },
    },
  })
  const stop = async (): Promise<void> => {
    await service.stop()
    await db.close()
  }
  running.push({ stop })
  return {
    name,
    network,
    service,
    setTime(base, isHeld = false) {
      Object.assign(time, { base, since: performance.now(), isHeld })
    },
    moved,
    ended,
    judged,
    gossiped,
    served,
    async start() {
      await network.start()
      await service.start()
    },
  }
}

/** A signed ATX by the publisher of that name, of epoch 0. */
export function signedAtx(name: string, changes: Partial<UnsignedAtx> = {}, chainId = CHAIN_ID): SignedBlob {
  const first = { publishEpoch: 0, previous: null, positioning: null, baseTickHeight: 0, tickCount: 1 }
  const signer = createSigner(seedOf(`publisher ${name}`))
  return signAtx({ ...first, body: Buffer.from(name), ...changes }, { chainId, signer })
}

/** A valid ATX as the set takes it. */
export function validAtx(name: string, bodyBytes = 16): NewAtx {
  const { id, blob } = signedAtx(name, { body: Buffer.alloc(bodyBytes, name) })
  const publisher = createSigner(seedOf(`publisher ${name}`)).publicKey
  const info = { id, publisher, publishEpoch: 0, previous: null, positioning: null, baseTickHeight: 0, tickCount: 1 }
  return { info, blob, receivedAt: PARAMS.startMs, source: 'gossip' }
}

/** ATXs that only fill: nobody will ask for their bytes. */
export const filler = (prefix: string, count: number): NewAtx[] =>
  Array.from({ length: count }, (_, i) => atx(`${prefix} ${i}`, { receivedAt: PARAMS.startMs }))

/** Puts ATXs into timeframes, the last of which stays the open one. */
export async function fill(node: AtxNode, frames: readonly (readonly NewAtx[])[]): Promise<void> {
  for (const [frame, atxs] of frames.entries()) {
    node.setTime(middleOf(frame), true)
    await node.service.set.insert(atxs)
  }
  node.setTime(middleOf(frames.length - 1))
}

export function isEqual(a: AtxNode, b: AtxNode): boolean {
  return sameFingerprint(a.service.set.heads().total, b.service.set.heads().total)
}

/** The last word about sessions with a peer. */
export const wordOf = (node: AtxNode, peer: PeerId): string | undefined =>
  node.service.lastSessions().get(peer)?.outcome

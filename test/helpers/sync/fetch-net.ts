/** A fetching node and the peers it asks, over streams in memory: honest servers, or whatever a test puts at the other end. */
import type { Hash, PeerId } from '../../../src/domain.ts'
import { systemClock } from '../../../src/machine/clock.ts'
import { type AtxFetch, createAtxFetch } from '../../../src/sync/fetch/client.ts'
import type { FetchStore } from '../../../src/sync/fetch/fetch-store.ts'
import { createFetchServer, type FetchServer } from '../../../src/sync/fetch/server.ts'
import type { RestoredWant } from '../../../src/sync/fetch/types.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import { createFakeSet, createIntakeBench, type FakeAtx } from './fetch-atxs.ts'
import { streamPair } from './stream-pair.ts'

export const packed = (ids: readonly Hash[]): Uint8Array => Buffer.from(ids.join(''), 'hex')

/** Leads the far end of a stream that the node opened. */
export type Far = (stream: AtxStream) => Promise<void>

export function createFakeStore(): FetchStore & { readonly rows: Map<Hash, RestoredWant> } {
  const rows = new Map<Hash, RestoredWant>()
  return {
    rows,
    load: async () => [...rows.values()],
    async write(changed) {
      for (const [id, want] of changed) {
        if (want === null) rows.delete(id)
        else rows.set(id, want)
      }
    },
  }
}

export type FetchNet = ReturnType<typeof createFetchNet>

/** `peers`: what answers at each peer's end; opening a stream to any other fails. */
export function createFetchNet(peers: Record<PeerId, Far>, store = createFakeStore()) {
  const node = createIntakeBench()
  const heard: Record<'attempted' | 'undelivered' | 'silent' | 'ended' | 'misbehaved', string[]> & {
    failed: unknown[]
  } = {
    attempted: [],
    undelivered: [],
    silent: [],
    ended: [],
    misbehaved: [],
    failed: [],
  }
  const opened: PeerId[] = []
  /** What reading from a peer rejects with. */
  const breakReads: Record<PeerId, Error> = {}
  /** What a test does at once when it hears of an attempt. */
  const hooks: { attempted: (peer: PeerId) => void } = { attempted: () => undefined }
  const fetch: AtxFetch = createAtxFetch({
    async open(peer) {
      const far = peers[peer]
      if (far === undefined) throw new Error(`${peer} is not connected`)
      opened.push(peer)
      const [near, other] = streamPair({ names: ['node', peer] })
      void far(other).catch(() => other.abort('the far end broke'))
      const failure = breakReads[peer]
      return failure === undefined ? near : { ...near, read: () => Promise.reject(failure) }
    },
    greet: async () => undefined,
    intake: node.intake,
    set: node.set,
    store,
    clock: systemClock,
    observer: {
      undelivered: (peer) => void heard.undelivered.push(peer),
      silent: (peer) => void heard.silent.push(peer),
      attempted({ peer, outcome }) {
        heard.attempted.push(`${peer} ${outcome}`)
        hooks.attempted(peer)
      },
      ended: ({ outcome }) => heard.ended.push(outcome),
      eased: () => undefined,
      misbehaved: (peer, reason) => heard.misbehaved.push(`${peer} ${reason}`),
      failed: (error) => heard.failed.push(error),
    },
  })
  const list = (peer: PeerId, atxs: readonly Pick<FakeAtx, 'id'>[], frame = 3): boolean =>
    fetch.advertise({ peer, frame, ids: packed(atxs.map(({ id }) => id)) })
  return { ...node, fetch, heard, hooks, breakReads, opened, list, store, peers }
}

/** An honest peer that has these. */
export function honest(atxs: readonly FakeAtx[], server: FetchServer = serverOf(atxs)): Far {
  return (stream) => server.serve(stream)
}

export function serverOf(
  atxs: readonly FakeAtx[],
  { misbehaved = () => undefined, bytesPerSecond }: { misbehaved?: () => void; bytesPerSecond?: number } = {},
): FetchServer {
  const options = { set: createFakeSet(atxs), clock: systemClock, misbehaved }
  return createFetchServer(bytesPerSecond === undefined ? options : { ...options, bytesPerSecond })
}

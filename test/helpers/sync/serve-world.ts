/** A server and its clients in virtual time, over streams in memory; what is sent can be seen, and a stream can be cut. */
import type { PeerId } from '../../../src/domain.ts'
import type { AtxMessage } from '../../../src/sync/messages.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import { createServeClient, type ServeClient } from '../../../src/sync/serve/client.ts'
import { type CursorDb, openCursorStore } from '../../../src/sync/serve/serve-store.ts'
import { createServeServer, type ServeServer, type ServeServerOptions } from '../../../src/sync/serve/server.ts'
import type { ServeProgress, ServeReport } from '../../../src/sync/serve/types.ts'
import { createFakeIntake, createFakeSet, type FakeIntakeOptions, type FakeSet } from './serve-set.ts'
import { createVirtualTime, type VirtualTime } from './serve-time.ts'
import { streamPair } from './stream-pair.ts'

export const SERVER = 'server'

export type Sent = { readonly at: number; readonly from: string; readonly message: AtxMessage }

export type ServeWorld = {
  readonly time: VirtualTime
  readonly server: ServeServer
  readonly served: FakeSet
  readonly sent: Sent[]
  readonly reports: ServeReport[]
  /** Who accused whom of what. */
  readonly accusations: {
    readonly by: string
    readonly peer: PeerId
    readonly evidence: string
    readonly reason: string
  }[]
  readonly failures: unknown[]
  /** A stream to the server that a test leads itself. */
  readonly dial: (peer: PeerId, address?: string) => AtxStream
  readonly client: (peer: PeerId, options?: ClientOptions) => Promise<WorldClient>
}

export type ClientOptions = FakeIntakeOptions & {
  readonly set?: FakeSet
  readonly address?: string
  /** The disk of an earlier life. */
  readonly disk?: CursorDb
  /** Aborts the stream in place of this message of either side, counted from 0. */
  readonly cutAt?: number
  /** Leads the server's side in place of the server. */
  readonly script?: (stream: AtxStream) => Promise<void>
  /** In place of a stream to the server. */
  readonly open?: () => Promise<AtxStream>
}

export type WorldClient = {
  readonly client: ServeClient
  readonly set: FakeSet
  readonly disk: CursorDb
  readonly intake: ReturnType<typeof createFakeIntake>
  /** What it told of its serves. */
  readonly begun: ServeProgress[]
  readonly reports: ServeReport[]
  readonly refused: string[]
}

export type WorldOptions = Partial<Pick<ServeServerOptions, 'limits' | 'isBusy'>> & { readonly capacity?: number }

export function createServeWorld(served: FakeSet, options: WorldOptions = {}): ServeWorld {
  const time = createVirtualTime()
  const sent: Sent[] = []
  const reports: ServeReport[] = []
  const accusations: ServeWorld['accusations'] = []
  const failures: unknown[] = []
  const accuse =
    (by: string) =>
    (peer: PeerId, evidence: string, reason: string): void =>
      void accusations.push({ by, peer, evidence, reason })
  const server = createServeServer({
    set: served,
    clock: time.clock,
    sleep: time.sleep,
    isBusy: options.isBusy ?? (() => false),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    observer: {
      began: () => undefined,
      ended: (report) => void reports.push(report),
      refused: () => undefined,
      misbehaved: accuse(SERVER),
      failed: (error) => void failures.push(error),
    },
  })

  function connect(
    peer: PeerId,
    { address = '192.0.2.1', cutAt = Number.POSITIVE_INFINITY, script }: ClientOptions,
  ): AtxStream {
    let count = 0
    const [near, far] = streamPair({
      names: [peer, SERVER],
      address,
      capacity: options.capacity ?? 8,
      tap(from, message) {
        if (count++ === cutAt) near.abort('the line is cut')
        sent.push({ at: time.clock.now(), from, message })
        return true
      },
    })
    // As on the wire: the stream ends when whoever accepted it is done.
    void (script ?? server.accept)(far)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => far.abort('the conversation is over'))
    return near
  }

  return {
    time,
    server,
    served,
    sent,
    reports,
    accusations,
    failures,
    dial: (peer, address) => connect(peer, address === undefined ? {} : { address }),
    async client(peer, own = {}) {
      const set = own.set ?? createFakeSet()
      const disk = own.disk ?? memoryDisk()
      const intake = createFakeIntake(set, own)
      const [begun, reports]: [ServeProgress[], ServeReport[]] = [[], []]
      const refused: string[] = []
      const client = createServeClient({
        set,
        intake,
        cursors: await openCursorStore(disk, time.clock),
        clock: time.clock,
        sleep: time.sleep,
        open: own.open ?? (async () => connect(peer, own)),
        greet: async () => ({ storeId: served.storeId }),
        observer: {
          began: (serve) => void begun.push(serve),
          ended: (report) => void reports.push(report),
          refused: (_, reason) => void refused.push(reason),
          misbehaved: accuse(peer),
        },
      })
      return { client, set, disk, intake, begun, reports, refused }
    },
  }
}

/** The part of a database that cursors need. */
export function memoryDisk(): CursorDb {
  const rows = new Map<string, Uint8Array>()
  const disk = {
    put: async (key: string, value: Uint8Array) => void rows.set(key, value),
    del: async (key: string) => void rows.delete(key),
    async *iterator() {
      yield* [...rows]
    },
  }
  return disk as unknown as CursorDb
}

/** The bytes of blobs in a message. */
export function blobBytes(message: AtxMessage): number {
  if (message.type !== 'serveBlobs') return 0
  return message.items.reduce((sum, item) => sum + (item.status === 'ok' ? item.blob.byteLength : 0), 0)
}

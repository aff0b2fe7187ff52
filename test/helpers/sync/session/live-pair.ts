/** Two session services on the ends of one conversation in memory. */
import type { Clock } from '../../../../src/machine/clock.ts'
import { SyncError } from '../../../../src/sync/errors.ts'
import type { AtxMessage } from '../../../../src/sync/messages.ts'
import type { AtxStream } from '../../../../src/sync/ports.ts'
import type { DeepScheme, ListedIds, SessionPorts, SessionProgress } from '../../../../src/sync/session/ports.ts'
import { type Session, startSession } from '../../../../src/sync/session/session.ts'
import type { Outcome } from '../../../../src/sync/types.ts'
import { type PairOptions, streamPair } from '../stream-pair.ts'
import { asAtxSet, type FakeSet, FRAME_MS, pack, unpack } from './fake-set.ts'
import { configOf, NOBODY, OFFER, type SideName, type SideOptions } from './virtual-pair.ts'

type Matched = Parameters<SessionPorts['matched']>[0]

export type LiveSide = {
  readonly session: Session
  readonly stream: AtxStream
  readonly learned: ListedIds[]
  readonly claimed: ListedIds[]
  readonly matched: Matched[]
  readonly misbehaved: string[]
  readonly progress: SessionProgress[]
}

export type LiveOptions = Pick<SideOptions, 'set' | 'config' | 'hasStepOne' | 'standing'> & {
  readonly waiting?: () => number
  readonly isRejected?: (id: string) => boolean
  readonly deep?: DeepScheme
  /** Time stands still in the middle of the open timeframe without one. */
  readonly clock?: Clock
}

/** In the middle of the open timeframe of `set`. */
export const clockOf = (set: FakeSet): Clock => ({ now: () => (set.frames.length - 1) * FRAME_MS + FRAME_MS / 2 })

/** Each side sends all ids of the scope in one message. */
export const sendAll: DeepScheme = async function* ({ stream, view, scope }) {
  const backs = scope === 255 ? Array.from({ length: view.frame + 1 }, (_, back) => back) : [scope]
  const own: string[] = []
  for (const back of backs) {
    for (const ids of (await view.list(back)).chunks(1_000)) own.push(...unpack(ids))
  }
  await stream.send({ type: 'deep', scheme: 1, scope, payload: pack(own) })
  const answer = await stream.read()
  if (answer?.type !== 'deep') throw new SyncError('protocol', 'no answer')
  yield pack(unpack(answer.payload).filter((id) => !own.includes(id)))
}

export function recordingPorts(options: Pick<LiveOptions, 'waiting' | 'isRejected' | 'deep'> = {}) {
  const learned: ListedIds[] = []
  const claimed: ListedIds[] = []
  const matched: Matched[] = []
  const misbehaved: string[] = []
  const progress: SessionProgress[] = []
  const ports: SessionPorts = {
    learned: (listed) => void learned.push(listed),
    froze: () => undefined,
    listed: () => undefined,
    matched: (each) => void matched.push(each),
    claimed: (listed) => void claimed.push(listed),
    waiting: options.waiting ?? (() => 0),
    misbehaved: (_peer, reason) => void misbehaved.push(reason),
    offer: () => OFFER,
    isRejected: options.isRejected ?? (() => false),
    deep: options.deep ?? sendAll,
    progressed: (each) => void progress.push(each),
  }
  return { ports, learned, claimed, matched, misbehaved, progress }
}

/** One session service on `stream`. */
export function liveSide(name: SideName, stream: AtxStream, options: LiveOptions): LiveSide {
  const { ports, ...records } = recordingPorts(options)
  const session = startSession({
    config: configOf(name, options.config),
    stream,
    set: asAtxSet(options.set),
    clock: options.clock ?? clockOf(options.set),
    ports,
    hasStepOne: options.hasStepOne ?? true,
    standing: options.standing ?? NOBODY,
    supersede: () => {},
  })
  return { session, stream, ...records }
}

export type LivePair = {
  readonly alice: LiveSide
  readonly bob: LiveSide
  readonly ends: () => Promise<[Outcome, Outcome]>
}

export function livePair(options: { alice: LiveOptions; bob: LiveOptions } & PairOptions): LivePair {
  const [a, b] = streamPair(options)
  const alice = liveSide('alice', a, options.alice)
  const bob = liveSide('bob', b, options.bob)
  return { alice, bob, ends: () => Promise.all([alice.session.finished, bob.session.finished]) }
}

export const idsOf = (listed: readonly ListedIds[]): string[] => listed.flatMap(({ ids }) => unpack(ids))

/** A peer written by hand: says `script` in order, reads to the end, and ends its half. */
export async function recite(stream: AtxStream, script: readonly AtxMessage[]): Promise<AtxMessage[]> {
  const heard: AtxMessage[] = []
  const reading = (async () => {
    for (let message = await stream.read(); message !== null; message = await stream.read()) heard.push(message)
  })().catch(() => {})
  for (const message of script) await stream.send(message).catch(() => {})
  await reading
  await stream.end()
  return heard
}

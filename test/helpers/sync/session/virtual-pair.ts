/**
 * Two session machines in virtual time, without the service: a dumb service beside each keeps ids as text. Delays are drawn
 * by a seed; an adversary wraps a side's step, or changes what it sends.
 */
import { createHash } from 'node:crypto'
import { createSessionState, sessionStep } from '../../../../src/sync/machine.ts'
import type { AtxMessage, ServeOffer } from '../../../../src/sync/messages.ts'
import { SESSION_LIMITS } from '../../../../src/sync/rules/limits.ts'
import type { Accumulator, FrozenView } from '../../../../src/sync/set/types.ts'
import type {
  Outcome,
  Present,
  SessionConfig,
  SessionEffect,
  SessionInput,
  SessionLimits,
  SessionState,
  Standing,
  Weighed,
} from '../../../../src/sync/types.ts'
import { createRandom } from '../../sim/random.ts'
import { type FakeSet, FRAME_MS, pack, unpack } from './fake-set.ts'

export const OFFER: ServeOffer = { token: new Uint8Array(0), estIds: 1_200, estBytes: 0, retryAfterMs: 0 }
export const NOBODY: Standing = { isBanned: false, retryAfterMs: 0, live: 'none' }
export const FEATURES = {
  setRule: true,
  allFingerprint: false,
  totalFingerprint: false,
  deepRange: false,
  resume: false,
} as const

/** Says that a limit is reached, at the end of the other side's turn. */
const DEEP_LIMIT: AtxMessage = { type: 'deep', scheme: 1, scope: 0, payload: Uint8Array.of(3) }

export type SideName = 'alice' | 'bob'
type Step = typeof sessionStep

export type SideOptions = {
  readonly set: FakeSet
  readonly config?: Partial<Omit<SessionConfig, 'limits'>> & { readonly limits?: Partial<SessionLimits> }
  readonly hasStepOne?: boolean
  readonly standing?: Standing
  /** How far this side's clock is ahead. */
  readonly skewMs?: number
  /** Learned ids of others that wait to be fetched. */
  readonly waiting?: () => number
  /** What leaves instead of a message. */
  readonly rewrite?: (message: AtxMessage, side: Side) => readonly AtxMessage[]
  readonly wrap?: (step: Step) => Step
  /** Whether this side's reconciliations reach their limit, as both sides then know. */
  readonly isDeepLimited?: boolean
  /** Sees every input before the machine does; returning true cuts the connection. */
  readonly watch?: (side: Side, input: SessionInput) => boolean | undefined
}

export type Side = {
  readonly name: SideName
  readonly set: FakeSet
  readonly state: SessionState
  outcome: Outcome | null
  endedAt: number
  readonly misbehaved: string[]
  /** Ids handed out to be fetched, with the timeframe claimed. */
  readonly learned: Array<{ readonly id: string; readonly frame: number | null }>
  readonly claimed: Array<{ readonly id: string; readonly frame: number | null }>
  /** All that was new to the frozen view. */
  readonly inSession: Set<string>
  readonly sent: AtxMessage[]
  push(input: Bare): void
}

export type Bare = SessionInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

export type PairRun = {
  readonly alice: Side
  readonly bob: Side
  readonly now: () => number
  /** Ids moved in both directions. */
  readonly ids: () => number
  readonly at: (delayMs: number, act: () => void) => void
  /** A message that the other side's machine never sent. */
  readonly deliver: (to: SideName, message: AtxMessage) => void
  run(untilMs?: number): void
}

export type RunOptions = {
  readonly alice: SideOptions
  readonly bob: SideOptions
  readonly seed?: number
  /** Largest delay of a message. */
  readonly delayMs?: number
  readonly trace?: (line: string) => void
}

export function configOf(name: SideName, changes: SideOptions['config'] = {}): SessionConfig {
  const { limits, ...rest } = changes
  return {
    self: name,
    peer: name === 'alice' ? 'bob' : 'alice',
    role: name === 'alice' ? 'initiator' : 'responder',
    sessionId: new Uint8Array(16).fill(name === 'alice' ? 1 : 2),
    networkId: new Uint8Array(32).fill(7),
    suite: 'lthash16',
    features: FEATURES,
    maxRounds: 6,
    noGainRounds: 3,
    ...rest,
    limits: { ...SESSION_LIMITS, ...limits },
  }
}

export const listDigest = (ids: readonly string[]): Uint8Array =>
  new Uint8Array(createHash('sha256').update('atxsync/list/v1').update(pack(ids)).digest())

export function createPair({ alice, bob, seed = 1, delayMs = 20, trace }: RunOptions): PairRun {
  const random = createRandom(seed).next
  const events: Array<{ readonly at: number; readonly order: number; readonly act: () => void }> = []
  let now = 0
  let order = 0
  const at = (delay: number, act: () => void): void => {
    events.push({ at: now + delay, order: order++, act })
  }
  const start = (set: FakeSet): number => (set.frames.length - 1) * FRAME_MS + FRAME_MS / 2
  const origin = start(alice.set)
  const sides = {} as Record<SideName, Side & { receive(message: AtxMessage | null): void }>
  for (const [name, options] of [
    ['alice', alice],
    ['bob', bob],
  ] as const) {
    let lastArrival = 0
    sides[name] = createSide(name, options, {
      now: () => now,
      wallMs: () => origin + now + (options.skewMs ?? 0),
      at,
      trace: (line) => trace?.(`${(now / 1_000).toFixed(3).padStart(8)} s  ${line}`),
      carry(message) {
        lastArrival = Math.max(lastArrival, now + 1 + random() * delayMs)
        at(lastArrival - now, () => sides[name === 'alice' ? 'bob' : 'alice'].receive(message))
      },
    })
  }
  for (const side of Object.values(sides)) at(0, () => side.push({ type: 'started', present: presentOf(side, origin) }))
  const presentOf = (side: Side, wall: number): Present =>
    presentOfSet(side.set, wall, side.name === 'alice' ? alice : bob)
  return {
    alice: sides.alice,
    bob: sides.bob,
    now: () => now,
    at,
    deliver: (to, message) => sides[to].receive(message),
    ids: () => sides.alice.state.figures.idsIn + sides.bob.state.figures.idsIn,
    run(untilMs = 3_600_000) {
      for (;;) {
        const next = events.reduce<(typeof events)[number] | null>(
          (best, each) =>
            best === null || each.at < best.at || (each.at === best.at && each.order < best.order) ? each : best,
          null,
        )
        if (next === null || next.at > untilMs) return
        events.splice(events.indexOf(next), 1)
        now = next.at
        next.act()
      }
    },
  }
}

function presentOfSet(set: FakeSet, wallMs: number, { hasStepOne = true, skewMs = 0 }: SideOptions): Present {
  const { frame, fast, all, total } = set.heads()
  const frameStart = set.boundary(frame)
  return {
    wallMs: wallMs + skewMs,
    frame,
    frameStart,
    frameEnd: set.boundary(frame + 1),
    fast: hasStepOne ? fast : null,
    all,
    total,
  }
}

type World = {
  readonly now: () => number
  readonly wallMs: () => number
  readonly at: (delayMs: number, act: () => void) => void
  readonly carry: (message: AtxMessage | null) => void
  readonly trace: (line: string) => void
}

/** A machine, and a service that does what its effects say in the plainest way. */
function createSide(name: SideName, options: SideOptions, world: World) {
  const { set } = options
  const config = configOf(name, options.config)
  const step = options.wrap?.(sessionStep) ?? sessionStep
  const present = (): Present => presentOfSet(set, world.wallMs() - (options.skewMs ?? 0), options)
  let view: FrozenView | null = null
  let known: Accumulator | null = null
  let own: string[] = []
  let place: { back: number; frame: number | null } = { back: 0, frame: null }
  let read: string[] = []
  let current: AtxMessage | null = null
  let out: { chunks: string[][]; next: number; credit: number; back: number } | null = null
  let alarm = 0
  let queue: Bare[] = []
  let isRunning = false

  const side: Side & { receive(message: AtxMessage | null): void } = {
    name,
    set,
    state: createSessionState(config),
    outcome: null,
    endedAt: 0,
    misbehaved: [],
    learned: [],
    claimed: [],
    inSession: new Set(),
    sent: [],
    push(input) {
      queue.push(input)
      if (isRunning) return
      isRunning = true
      while (queue.length > 0) {
        const next = queue.shift()
        if (next !== undefined) turn({ ...next, now: world.now() } as SessionInput)
      }
      isRunning = false
    },
    receive(message) {
      if (side.outcome !== null) return
      if (message === null) return side.push({ type: 'peerEnded' })
      current = message
      side.push(inputOf(message))
    },
  }

  function turn(input: SessionInput): void {
    if (options.watch?.(side, input) === true) {
      queue = []
      return
    }
    for (const effect of step(side.state, input)) carryOut(effect)
  }

  function inputOf(message: AtxMessage): Bare {
    switch (message.type) {
      case 'hello':
        return { type: 'helloReceived', hello: message, present: present(), standing: options.standing ?? NOBODY }
      case 'ids': {
        const ids = unpack(message.ids)
        const all = [...read.slice(-1), ...ids]
        const isAscending = all.every((id, i) => i === 0 || (all[i - 1] ?? '') < id)
        return { type: 'chunkReceived', index: message.index, count: message.ids.length / 32, isAscending }
      }
      case 'frameEnd': {
        const isDigestGood = Buffer.compare(message.digest, listDigest(read)) === 0
        const { back, count } = message
        return { type: 'frameEnded', back, count, isDigestGood, known: knownNow() }
      }
      case 'deep':
        return { type: 'deepReceived', bytes: message.payload.length }
      default:
        return { type: 'messageReceived', message }
    }
  }

  const knownNow = () => known?.fingerprint() ?? set.heads().total

  function send(message: AtxMessage): void {
    for (const each of options.rewrite?.(message, side) ?? [message]) {
      side.sent.push(each)
      world.trace(`${name.padEnd(5)}  ${describe(each)}`)
      world.carry(each)
    }
  }

  function weigh(ids: readonly string[], isFound: boolean): Weighed {
    let [learned, gained, fresh] = [0, 0, 0]
    for (const id of ids) {
      const bytes = pack([id])
      const isNew = !(view?.has(bytes) ?? false) && !side.inSession.has(id)
      if (config.features.setRule ? isNew : isFound || !own.includes(id)) known?.add(bytes)
      if (!isNew) continue
      side.inSession.add(id)
      learned++
      if (set.has(bytes)) {
        fresh++
        if (place.back > 0) side.claimed.push({ id, frame: place.frame })
      } else {
        gained++
        side.learned.push({ id, frame: place.frame })
      }
    }
    return { learned, gained, fresh, waiting: options.waiting?.() ?? 0 }
  }

  function pump(): void {
    while (out !== null && out.next < out.chunks.length && out.next < out.credit) {
      send({ type: 'ids', index: out.next, ids: pack(out.chunks[out.next] ?? []) })
      if (out !== null) out.next++
    }
    if (out === null || out.next < out.chunks.length) return
    const { back } = out
    out = null
    send({ type: 'frameEnd', back, count: own.length, digest: listDigest(own) })
    side.push({ type: 'listSent', back })
  }

  function listOf(back: number): string[] {
    const frame = (view?.frame ?? 0) - back
    return (set.frames[frame] ?? []).filter((id) => view?.has(pack([id]))).sort()
  }

  function carryOut(effect: SessionEffect): void {
    switch (effect.type) {
      case 'send':
        return send(effect.message)
      case 'freeze':
        view = set.freeze()
        known = view.known()
        return side.push({ type: 'frozen', frame: view.frame, present: present() })
      case 'openList':
        own = listOf(effect.back)
        read = []
        return side.push({ type: 'listOpened', back: effect.back, count: own.length })
      case 'sendList': {
        const chunks = Array.from({ length: Math.ceil(own.length / effect.chunkIds) }, (_, i) =>
          own.slice(i * effect.chunkIds, (i + 1) * effect.chunkIds),
        )
        out = { chunks, next: 0, credit: effect.credit, back: effect.back }
        return pump()
      }
      case 'extendCredit':
        if (out !== null) out.credit = effect.credit
        return pump()
      case 'dropList':
        out = null
        return
      case 'readList':
        read = []
        place = effect
        return
      case 'weigh': {
        const ids = current?.type === 'ids' ? unpack(current.ids) : []
        read.push(...ids)
        return side.push({ type: 'chunkWeighed', ...weigh(ids, false) })
      }
      case 'offerServe':
        return send({ type: 'stop', why: 'serve', offer: OFFER })
      case 'reconcile': {
        place = { ...place, frame: effect.frame }
        if (options.isDeepLimited === true) return
        const ids = effect.scope === 255 ? set.ids().filter((id) => view?.has(pack([id]))) : listOf(effect.scope)
        return send({ type: 'deep', scheme: 1, scope: effect.scope, payload: pack(ids) })
      }
      case 'passOn': {
        if (options.isDeepLimited === true) send(DEEP_LIMIT)
        if (options.isDeepLimited === true || (current?.type === 'deep' && current.payload.length === 1)) {
          return side.push({ type: 'reconcileLimited', bytesOut: 0 })
        }
        const ids = current?.type === 'deep' ? unpack(current.payload) : []
        side.push({
          type: 'deepWeighed',
          ...weigh(
            ids.filter((id) => !own.includes(id)),
            true,
          ),
        })
        return side.push({ type: 'reconciled', known: knownNow(), bytesOut: 0 })
      }
      case 'wake': {
        const mine = ++alarm
        return world.at(effect.delayMs, () => mine === alarm && side.push({ type: 'woke' }))
      }
      case 'misbehaved':
        side.misbehaved.push(effect.reason)
        return
      case 'supersede':
        return
      case 'end':
        side.outcome = effect.outcome
        side.endedAt = world.now()
        world.trace(`${name.padEnd(5)}  ends: ${describeOutcome(effect.outcome)}`)
        return world.carry(null)
    }
  }
  return side
}

function describe(message: AtxMessage): string {
  switch (message.type) {
    case 'hello':
      return `Hello in timeframe ${message.frame}`
    case 'frameOpen':
      return `FrameOpen back ${message.back}, ${message.count} ids`
    case 'ids':
      return `IdChunk ${message.index}, ${message.ids.length / 32} ids`
    case 'ack':
      return `ChunkAck ${message.index}`
    case 'frameEnd':
      return `FrameEnd back ${message.back}, ${message.count} ids`
    case 'result':
      return `RoundResult back ${message.back}: knows ${message.known.count}, gained ${message.gained}, run ${message.noGainRun}`
    case 'done':
      return `Done, ${message.why}`
    case 'stop':
      return `StopSync, ${message.why}`
    case 'problem':
      return `Problem ${message.code}: ${message.text}`
    default:
      return message.type
  }
}

export function describeOutcome(outcome: Outcome): string {
  const { figures, kind } = outcome
  const detail = kind === 'failed' ? ` (${outcome.code})` : kind === 'stopped' ? ` (${outcome.why})` : ''
  return `${kind}${detail}: ${figures.rounds} rounds, ${figures.idsIn} ids in, ${figures.idsOut} out, ${figures.gained} gained`
}

/** One Pala machine under test: feed it inputs at a virtual instant, look at its effects and state. */
import { asVerified } from '../../src/domain.ts'
import { step } from '../../src/pala/machine.ts'
import { createState } from '../../src/pala/state.ts'
import type {
  Effect,
  Input,
  Message,
  Notarization,
  Proposal,
  State,
  TimerName,
  VerifiedMessage,
} from '../../src/pala/types.ts'
import { type Committee, configOf, createCommittee } from './committee.ts'

type Bare = Input extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

export type Bench = {
  readonly state: State
  now: number
  readonly feed: (input: Bare) => Effect[]
  readonly receive: (from: string | null, message: Message) => Effect[]
  /** Fires a running timer at its due instant. */
  readonly fire: (timer: TimerName, lateMs?: number) => Effect[]
  /** Connects the peers whose committee indexes are given; their ids are `peer0`, `peer1`, ... */
  readonly connect: (...indexes: number[]) => Effect[]
}

export const peerId = (index: number): string => `peer${index}`

/** A started machine of member `self`. */
export function createBench(self: number, committee: Committee = createCommittee(4), prepared?: State): Bench {
  const state = prepared ?? createState(configOf(committee, self), [committee.session])
  const bench: Bench = {
    state,
    now: 1_700_000_001_000,
    feed: (input) => step(state, { ...input, now: bench.now } as Input),
    receive: (from, message) =>
      bench.feed({ type: 'messageReceived', from, message: asVerified(message) as unknown as VerifiedMessage }),
    fire(timer, lateMs = 0) {
      const running = state.timers.get(timer)
      if (running === undefined) throw new Error(`${timer} is not running`)
      bench.now = running.dueAt + lateMs
      return bench.feed({ type: 'timerFired', timer, generation: running.generation })
    },
    connect: (...indexes) =>
      indexes.flatMap((index) =>
        bench.feed({
          type: 'peerConnected',
          peer: peerId(index),
          roles: [
            { role: 'proposer', session: 1, index },
            { role: 'voter', session: 1, index },
          ],
        }),
      ),
  }
  bench.feed({ type: 'started' })
  return bench
}

/** Effects of one type. */
export function only<T extends Effect['type']>(effects: readonly Effect[], type: T): Extract<Effect, { type: T }>[] {
  return effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type)
}

/** Messages of one type that were sent. */
export function sent<T extends Message['type']>(effects: readonly Effect[], type: T): Extract<Message, { type: T }>[] {
  return only(effects, 'send')
    .map((effect) => effect.message)
    .filter((message): message is Extract<Message, { type: T }> => message.type === type)
}

/** Delivers a proposal from the leader and lets the application approve it. */
export function offer(bench: Bench, proposal: Proposal, from = 'peer0'): Effect[] {
  const effects = bench.receive(from, { type: 'proposal', proposal })
  const checks = only(effects, 'checkBlock').map(({ block }) => block.hash)
  return [...effects, ...checks.flatMap((hash) => bench.feed({ type: 'blockChecked', hash, verdict: 'valid' }))]
}

export function certify(bench: Bench, notarization: Notarization, from = 'peer0'): Effect[] {
  return bench.receive(from, { type: 'notarization', notarization })
}

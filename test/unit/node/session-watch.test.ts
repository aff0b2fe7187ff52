/** What a node does and says when sessions change: connections, roles, events. */
import { describe, expect, it } from 'vitest'
import type { CommitteePlan } from '../../../src/domain.ts'
import type { ExecutedBlock } from '../../../src/ledger/types.ts'
import type { NodeEvent } from '../../../src/node/api/node-port.ts'
import { createEventBus } from '../../../src/node/events.ts'
import { createLog } from '../../../src/node/log.ts'
import { createSeats } from '../../../src/node/seats.ts'
import { followCommittee, watchSessions } from '../../../src/node/session-watch.ts'
import { createTree } from '../../../src/pala/chain.ts'
import type { PalaObserver } from '../../../src/pala/service.ts'
import type { Notice } from '../../../src/pala/types.ts'
import { CHAIN_ID, createCommittee, GENESIS_TIME } from '../../helpers/committee.ts'
import { committeeOf } from '../../helpers/pala-chain.ts'
import { until } from '../../helpers/until.ts'

const first = createCommittee(4)
const second = committeeOf(2, ['member 0', 'member 1', 'new'], 1, first)
const { session: _number, ...plan } = second.session
const genesis = { sn: { session: 0, epoch: 0, s: 1 }, hash: CHAIN_ID, height: 0 }

function createScene() {
  const state = {
    sessions: new Map([[1, first.session]]),
    epoch: { current: { session: 1, epoch: 1 }, proof: null, fncAtEntry: genesis },
    tree: createTree(CHAIN_ID, GENESIS_TIME),
    peers: new Map(),
  }
  const seats = createSeats(first.signers[0]?.publicKey ?? '')
  seats.follow(state)
  const calls: string[] = []
  const network = {
    committeeChanged: () => void calls.push('committeeChanged'),
    retryDials: () => void calls.push('retryDials'),
  }
  const events = createEventBus({ clock: { now: () => 1 }, onListenerError: () => undefined })
  const heard: NodeEvent[] = []
  events.subscribe({ topics: new Set(['session']), after: null, listener: (event) => heard.push(event) })
  const passed: unknown[] = []
  const base: PalaObserver = {
    notice: (notice) => passed.push(notice.kind),
    finalized: (height) => passed.push(height),
    alarm: () => undefined,
    rejected: () => undefined,
    persisted: () => undefined,
    leaderChanged: () => undefined,
    voted: () => undefined,
    failed: () => undefined,
  }
  const watch = { seats, network, telemetry: { events, log: createLog('fatal').forModule('pala') } }
  return { state, seats, calls, heard, passed, watch, observer: watchSessions(base, watch) }
}

const started: Notice = { kind: 'sessionStarted', session: second.session, stop: { ...genesis, height: 9 } }

describe('a session starts', () => {
  it('P16.5 the network learns the committee, and an event names it', () => {
    const { state, seats, calls, heard, passed, observer } = createScene()
    seats.expect(plan)
    state.sessions.set(2, second.session)
    state.epoch.current = { session: 2, epoch: 1 }
    observer.notice(started)
    expect(calls).toEqual(['committeeChanged'])
    expect(seats.expected).toBeNull()
    expect(passed).toEqual(['sessionStarted'])
    expect(heard.map(({ type, data }) => ({ type, ...data }))).toEqual([
      { type: 'started', session: 2, voters: 3, proposers: 3, k: 1, stopHeight: 9, roles: ['proposer', 'voter'] },
    ])
  })

  it('P16.5 its first final block ends the reconfiguration, once', () => {
    const { state, calls, heard, observer } = createScene()
    state.sessions.set(2, second.session)
    state.epoch.current = { session: 2, epoch: 1 }
    const root = state.tree.entries.get(CHAIN_ID)
    const place = (session: number): void => {
      if (root !== undefined)
        state.tree.entries.set(CHAIN_ID, { ...root, ref: { ...root.ref, sn: { session, epoch: 1, s: 1 } } })
    }
    place(1)
    observer.notice(started)
    observer.finalized(9, 0)
    expect(heard.map(({ type }) => type)).toEqual(['started'])
    place(2)
    observer.finalized(10, 0)
    observer.finalized(11, 0)
    expect(heard.map(({ type }) => type)).toEqual(['started', 'settled'])
    expect(calls).toEqual(['committeeChanged', 'committeeChanged'])
  })

  it('P18.7 each epoch dials missing members without delay', () => {
    const { calls, observer } = createScene()
    observer.notice({ kind: 'epochEntered', epoch: { session: 1, epoch: 2 }, cause: 'clocks' })
    expect(calls).toEqual(['retryDials'])
  })
})

describe('a change is accepted', () => {
  it('P18.7 its members are looked for before their session starts, until the stop block has met it', async () => {
    const { seats, calls, watch } = createScene()
    let elected: CommitteePlan | null = null
    let tell: (block: ExecutedBlock) => void = () => undefined
    const ledger = {
      nextCommittee: () => elected,
      onExecuted: (listener: typeof tell) => {
        tell = listener
      },
    }
    const block = (height: number, count: number): ExecutedBlock => ({
      ...{ height, hash: CHAIN_ID, stateRoot: CHAIN_ID, entries: count },
      txs: Array.from({ length: count }, () => ({ txId: CHAIN_ID, result: { ok: true, entries: [] } })),
    })
    followCommittee({ ledger }, watch)
    elected = plan
    tell(block(1, 0))
    tell(block(2, 1))
    await until(() => calls.length === 1)
    expect(seats.expected).toEqual(plan)
    elected = null
    tell(block(3, 0))
    await until(() => calls.length === 2)
    expect(seats.expected).toBeNull()
  })
})

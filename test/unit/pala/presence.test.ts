/** Two processes with one key (P19.5): who sees it, who tells whom, and that one liar stops nobody. */
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from '../../../src/pala/message-codec.ts'
import { createState } from '../../../src/pala/state.ts'
import type { Effect } from '../../../src/pala/types.ts'
import { configOf, createCommittee } from '../../helpers/committee.ts'
import { type Bench, createBench, only, peerId, sent } from '../../helpers/machine.ts'

const OWN = '00'.repeat(16)
const [A, B, C] = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(16)) as [string, string, string]

function named(self: number): Bench {
  const committee = createCommittee(4)
  const state = createState(configOf(committee, self), [committee.session])
  state.presence.instance = OWN
  const bench = createBench(self, committee, state)
  bench.connect(0, 2, 3)
  return bench
}

const hear = (bench: Bench, index: number, instance: string, echo = ''): Effect[] =>
  bench.receive(peerId(index), { type: 'presence', presence: { instance, echo } })
const duplicates = (effects: readonly Effect[]): Array<{ peer: string; isSelf: boolean }> =>
  only(effects, 'notice').flatMap(({ notice }) =>
    notice.kind === 'duplicateKey' ? [{ peer: notice.peer, isSelf: notice.isSelf }] : [],
  )
const alarms = (effects: readonly Effect[]): string[] => only(effects, 'alarm').map(({ code }) => code)

describe('a peer that runs twice', () => {
  it('P19.5 is seen when an instance speaks again after another one, and is told so at once', () => {
    const bench = named(1)
    expect(duplicates(hear(bench, 2, A))).toEqual([])
    expect(duplicates(hear(bench, 2, B))).toEqual([])
    const effects = hear(bench, 2, A)
    expect(duplicates(effects)).toEqual([{ peer: peerId(2), isSelf: false }])
    // Either of the two finds its own id and then the other's.
    expect(sent(effects, 'presence').map(({ presence }) => presence.echo)).toEqual([A, B, A])
    expect(duplicates(hear(bench, 2, B))).toEqual([])
  })

  it('a start after that is judged anew: the two may have ended', () => {
    const bench = named(1)
    for (const instance of [A, B, A]) hear(bench, 2, instance)
    const effects = hear(bench, 2, C)
    expect(duplicates(effects)).toEqual([])
    expect(sent(effects, 'presence')).toEqual([])
    bench.now += 60_000
    expect(duplicates(hear(bench, 2, A))).toEqual([{ peer: peerId(2), isSelf: false }])
  })

  it('I8 a peer that plays with its ids makes little noise', () => {
    const bench = named(1)
    const effects = Array.from({ length: 300 }, (_, i) => hear(bench, 2, [A, B, A, C][i % 4] ?? A)).flat()
    expect(duplicates(effects)).toHaveLength(1)
    expect(sent(effects, 'presence')).toHaveLength(3)
  })

  it('a process that starts anew, any number of times, is not one', () => {
    const bench = named(1)
    for (const instance of [A, A, B, B, C]) expect(duplicates(hear(bench, 2, instance))).toEqual([])
  })
})

describe('this node runs twice', () => {
  it('P19.5 one witness is news; as much weight as some honest member has stops the node', () => {
    const bench = named(1)
    for (const index of [0, 2, 3]) expect(duplicates(hear(bench, index, A, OWN))).toEqual([])
    const first = hear(bench, 2, A, B)
    expect(duplicates(first)).toEqual([{ peer: peerId(2), isSelf: true }])
    expect(alarms(first)).toEqual([])
    expect(alarms(hear(bench, 2, A, C))).toEqual([])
    expect(bench.state.halted).toBe(false)
    const second = hear(bench, 3, A, B)
    expect(alarms(second)).toEqual(['key-used-elsewhere'])
    expect(bench.state.halted).toBe(true)
  })

  it('what peers heard before they heard this process is a run that has ended', () => {
    const bench = named(1)
    for (const index of [0, 2, 3]) {
      expect(duplicates(hear(bench, index, A, B))).toEqual([])
      expect(duplicates(hear(bench, index, A, OWN))).toEqual([])
    }
    expect(bench.state.halted).toBe(false)
  })

  it('full nodes are no witnesses with weight', () => {
    const bench = named(1)
    for (const peer of ['full1', 'full2', 'full3']) {
      bench.feed({ type: 'peerConnected', peer, roles: [] })
      for (const echo of [OWN, B]) bench.receive(peer, { type: 'presence', presence: { instance: A, echo } })
    }
    expect(bench.state.halted).toBe(false)
  })
})

describe('presence on the wire', () => {
  it('goes to each new peer and with each heartbeat, with what that peer said last', () => {
    const bench = named(1)
    hear(bench, 2, A)
    const told = only(bench.fire('heartbeat'), 'send').flatMap(({ to, message }) =>
      message.type === 'presence' ? [[...to, message.presence.echo]] : [],
    )
    expect(told).toEqual([
      [peerId(0), ''],
      [peerId(2), A],
      [peerId(3), ''],
    ])
  })

  it('keeps its widths', () => {
    const message = { type: 'presence', presence: { instance: A, echo: B } } as const
    const bytes = encodeMessage(message)
    expect(decodeMessage(bytes)).toEqual(message)
    for (const presence of [
      { instance: 'aa', echo: '' },
      { instance: A, echo: 'bb' },
      { instance: A + B, echo: '' },
    ]) {
      const bad = encodeMessage({ type: 'presence', presence })
      expect(() => decodeMessage(bad)).toThrow(expect.objectContaining({ code: 'malformed' }))
    }
  })
})

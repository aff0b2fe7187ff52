/** All sessions of a node: one with a peer, one survivor when both dial (A16), a rate for callers, and back-pressure to all. */
import { describe, expect, it } from 'vitest'
import { required } from '../../../../src/assert.ts'
import type { AtxStream } from '../../../../src/sync/ports.ts'
import { createSessions, type Sessions } from '../../../../src/sync/session/sessions.ts'
import type { Outcome } from '../../../../src/sync/types.ts'
import { asAtxSet, type FakeSet } from '../../../helpers/sync/session/fake-set.ts'
import { clockOf, recordingPorts } from '../../../helpers/sync/session/live-pair.ts'
import { SCENARIOS } from '../../../helpers/sync/session/scenarios.ts'
import { configOf, type SideName } from '../../../helpers/sync/session/virtual-pair.ts'
import { streamPair } from '../../../helpers/sync/stream-pair.ts'
import { until } from '../../../helpers/until.ts'

type Node = { readonly sessions: Sessions; readonly accepted: Array<Promise<Outcome>>; banned: boolean; full: boolean }

/** Two nodes; what one opens the other accepts. */
function nodes(scenario: 'S1' | 'S3' = 'S3', intervalMs = 300_000): Record<SideName, Node> {
  const sets = SCENARIOS[scenario]()
  const made = {} as Record<SideName, Node>
  const accept = async (stream: AtxStream, node: Node): Promise<Outcome> => {
    const hello = required(await stream.read(), 'a Hello comes first')
    if (hello.type !== 'hello') throw new Error('a Hello comes first')
    return node.sessions.accept(stream, hello)
  }
  const make = (name: SideName, other: SideName, set: FakeSet): Node => ({
    banned: false,
    full: false,
    accepted: [],
    sessions: createSessions({
      config: configOf(name),
      set: asAtxSet(set),
      clock: clockOf(set),
      ports: recordingPorts().ports,
      async open() {
        const [ours, theirs] = streamPair({ names: [name, other] })
        made[other].accepted.push(accept(theirs, made[other]))
        return ours
      },
      intervalMs,
      isBanned: () => made[name].banned,
      hasStepOne: () => !made[name].full,
    }),
  })
  made.alice = make('alice', 'bob', sets.alice)
  made.bob = make('bob', 'alice', sets.bob)
  return made
}

describe('sessions of a node', () => {
  it('leads what it opens and what it accepts', async () => {
    const { alice, bob } = nodes()
    const outcome = await alice.sessions.start('bob')
    expect(outcome).toMatchObject({ kind: 'agreed', figures: { idsIn: 199, idsOut: 200 } })
    expect(await bob.accepted[0]).toMatchObject({ kind: 'agreed', figures: { gained: 1 } })
    expect([alice.sessions.progress(), bob.sessions.progress()]).toEqual([[], []])
  })

  it('A16 both dial at once: the one that the smaller peer id opened survives', async () => {
    const { alice, bob } = nodes()
    const [a, b] = await Promise.all([alice.sessions.start('bob'), bob.sessions.start('alice')])
    expect(a).toMatchObject({ kind: 'agreed' })
    expect(b.kind).toBe('failed')
    expect(['busy', 'superseded']).toContain(b.kind === 'failed' ? b.code : '')
    expect(await bob.accepted[0]).toMatchObject({ kind: 'agreed' })
    expect(await alice.accepted[0]).toMatchObject({ kind: 'failed' })
  })

  it('S6 a second session with the same peer is refused on either side', async () => {
    const { alice, bob } = nodes()
    const first = alice.sessions.start('bob')
    await expect(alice.sessions.start('bob')).rejects.toMatchObject({ code: 'refused' })
    await until(() => bob.accepted.length > 0 && bob.sessions.progress().length > 0)
    await expect(bob.sessions.start('alice')).rejects.toMatchObject({ code: 'refused' })
    expect((await first).kind).toBe('agreed')
  })

  it('S1 three sessions at once are enough: the fourth is BUSY with a time to come back', async () => {
    const { alice } = nodes('S1')
    const kinds: string[] = []
    for (let i = 0; i < 3; i++) kinds.push((await alice.sessions.start('bob')).kind)
    expect(kinds).toEqual(['fast-equal', 'fast-equal', 'fast-equal'])
    expect(await alice.sessions.start('bob')).toMatchObject({ kind: 'failed', code: 'busy', retryAfterMs: 30_000 })
  })

  it('S1 where sessions are meant to come sooner, a caller in haste waits half an interval', async () => {
    const { alice } = nodes('S1', 1_000)
    for (let i = 0; i < 3; i++) await alice.sessions.start('bob')
    expect(await alice.sessions.start('bob')).toMatchObject({ kind: 'failed', code: 'busy', retryAfterMs: 500 })
  })

  it('S6 a banned caller is told so', async () => {
    const { alice, bob } = nodes()
    bob.banned = true
    expect(await alice.sessions.start('bob')).toMatchObject({ kind: 'failed', code: 'banned', by: 'peer' })
  })

  it('S6 a full run skips step 1, whichever side wants it', async () => {
    for (const name of ['alice', 'bob'] as const) {
      const made = nodes('S1')
      made[name].full = true
      expect(await made.alice.sessions.start('bob')).toMatchObject({ kind: 'agreed', figures: { rounds: 1 } })
    }
  })

  it('ends all at a shutdown', async () => {
    const { alice, bob } = nodes()
    const started = alice.sessions.start('bob')
    await Promise.resolve()
    await alice.sessions.close()
    expect((await started).kind).toMatch(/stopped|agreed/)
    await Promise.allSettled(bob.accepted)
    expect(bob.sessions.progress()).toEqual([])
  })

  it('a call that comes after that is told so', async () => {
    const { alice, bob } = nodes()
    await bob.sessions.close()
    const text = 'this node is about to stop'
    expect(await alice.sessions.start('bob')).toMatchObject({
      kind: 'failed',
      code: 'busy',
      text,
      retryAfterMs: 30_000,
    })
    await expect(bob.accepted[0]).rejects.toMatchObject({ code: 'refused', message: text })
    expect(bob.sessions.progress()).toEqual([])
  })

  it('a stream that opens after that is given up', async () => {
    const { alice, bob } = nodes()
    const started = alice.sessions.start('bob')
    await alice.sessions.close()
    await expect(started).rejects.toMatchObject({ code: 'refused' })
    await expect(bob.accepted[0]).rejects.toThrow('this node is about to stop')
    expect([alice.sessions.progress(), bob.sessions.progress()]).toEqual([[], []])
  })
})

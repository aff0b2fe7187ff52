/** What peers answer on streams that this node opens to be given something, on a whole service: class P as on SYNC (S9.2). */
import { expect, it } from 'vitest'
import type { AtxMessage, Hello } from '../../../src/sync/messages.ts'
import { atxsOf } from '../../helpers/sync/atx-blobs.ts'
import { attach, createPuppet, type Puppet, type PuppetOptions } from '../../helpers/sync/atx-puppet.ts'
import { greeted, leadRounds, listAgain, randomIds } from '../../helpers/sync/atx-rounds.ts'
import { blames, createWorld, type WorldNode } from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

const OPEN = 8

async function meet(options: Omit<PuppetOptions, 'clock'>): Promise<{ alice: WorldNode; mallory: Puppet }> {
  const world = createWorld()
  const alice = await world.node('alice')
  await world.fill([[alice, Array.from({ length: OPEN + 1 }, (_, frame) => atxsOf(frame, 20))]])
  const mallory = createPuppet('mallory', { ...options, clock: world.clock })
  attach(alice, mallory)
  return { alice, mallory }
}

/** Three closed timeframes bring the node something and the puppet nothing; then it offers to serve. */
async function offerServe(mallory: Puppet, alice: WorldNode): Promise<void> {
  const stream = await greeted(mallory, alice)
  await leadRounds(stream, {
    frame: OPEN,
    lists: [[], ...[1, 2, 3].map(() => randomIds(1))],
    answer: (result) => ({ ...result, known: { ...result.known, count: 1 }, noGainRun: result.back, gainedTotal: 0 }),
  })
  const offer = { token: new Uint8Array(16), estIds: 1_000, estBytes: 1_000_000, retryAfterMs: 0 }
  await stream.send({ type: 'stop', why: 'serve', offer })
  await stream.end()
  await until(() => alice.service.lastSessions().has('mallory'))
}

const offences: readonly [string, (own: Hello) => AtxMessage, RegExp][] = [
  ['of another session', (own) => ({ ...own, sessionId: new Uint8Array(16) }), /answered another conversation/],
  ['for something else', (own) => ({ ...own, intent: 'sync' }), /answered another conversation/],
  ['that is none', () => ({ type: 'keepAlive', done: 0, total: 0 }), /began with a message 'keepAlive'/],
]

const refusals: typeof offences = [
  ['of another network', (own) => ({ ...own, networkId: new Uint8Array(32) }), /another network/],
  ['that refuses', () => ({ type: 'problem', code: 'busy', text: 'later', retryAfterMs: 1_000 }), /busy: later/],
]

it.each(offences)('a hello on a stream for blobs %s is class P', async (_what, greeting) => {
  const { alice, mallory } = await meet({ greeting })
  await listAgain(mallory, alice, randomIds(1))
  await until(() => blames(alice).length > 0)
  expect(blames(alice)).toEqual(['mallory: protocol (noted)'])
})

/** Greets as it should where it is asked for blobs, and never gives any. */
const onServe = (greeting: (own: Hello) => AtxMessage) => ({
  isSilent: true,
  greeting: (own: Hello) => (own.intent === 'serve' ? greeting(own) : own),
})

it.each(offences)('a hello on a stream for a serve %s is class P', async (_what, greeting, reason) => {
  const { alice, mallory } = await meet(onServe(greeting))
  await offerServe(mallory, alice)
  expect(alice.service.lastSessions().get('mallory')?.reason).toMatch(reason)
  expect(blames(alice)).toEqual(['mallory: protocol (noted)'])
})

it.each(refusals)('a hello on a stream for a serve %s costs nobody anything', async (_what, greeting, reason) => {
  const { alice, mallory } = await meet(onServe(greeting))
  await offerServe(mallory, alice)
  expect(alice.service.lastSessions().get('mallory')?.reason).toMatch(reason)
  expect(blames(alice)).toEqual([])
})

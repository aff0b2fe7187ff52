/** Sessions that a puppet leads against a whole service. */
import { randomBytes } from 'node:crypto'
import type { AtxMessage, Hello } from '../../../src/sync/messages.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import { until } from '../until.ts'
import type { TestAtx } from './atx-blobs.ts'
import { attach, createPuppet, hear, type Puppet, type PuppetOptions } from './atx-puppet.ts'
import type { World, WorldNode } from './atx-world.ts'
import { pack } from './session/fake-set.ts'
import { listDigest } from './session/virtual-pair.ts'

type Result = Extract<AtxMessage, { type: 'result' }>

export const randomIds = (count: number): string[] =>
  Array.from({ length: count }, () => randomBytes(32).toString('hex')).sort()

/** A session that the puppet opens; both hellos are through. */
export async function greeted(puppet: Puppet, node: WorldNode, changes: Partial<Hello> = {}): Promise<AtxStream> {
  const stream = await puppet.dial(node, 'sync', { sessionId: randomBytes(16), ...changes })
  await hear(stream, 'hello')
  return stream
}

export const openList = (frame: number, back: number, count: number): AtxMessage => ({
  type: 'frameOpen',
  back,
  frame: frame - back,
  count,
})

/** What an honest peer with other ids would answer: its fingerprint is another one. */
export const differing = (result: Result): Result => ({
  ...result,
  known: { ...result.known, count: result.known.count + 1 },
  gained: 1,
  noGainRun: 0,
  gainedTotal: result.back + 1,
})

/** Leads a round for each list and answers the results; resolves with those of the node, fewer when it ended before. */
export async function leadRounds(
  stream: AtxStream,
  {
    frame,
    lists,
    answer = differing,
  }: {
    readonly frame: number
    readonly lists: readonly (readonly string[])[]
    readonly answer?: (result: Result) => AtxMessage
  },
): Promise<Result[]> {
  const results: Result[] = []
  try {
    for (const [back, ids] of lists.entries()) {
      await stream.send(openList(frame, back, ids.length))
      for (let at = 0; at < ids.length; at += 1_024) {
        await stream.send({ type: 'ids', index: at / 1_024, ids: pack(ids.slice(at, at + 1_024)) })
      }
      await stream.send({ type: 'frameEnd', back, count: ids.length, digest: listDigest(ids) })
      const result = await hear(stream, 'result')
      if (result === null) return results
      results.push(result)
      await stream.send(answer(result))
    }
  } catch {
    // The node gave the stream up.
  }
  return results
}

/** A stranger that lists ids in the open timeframe, delivers what it is told to, and goes. */
export async function listing(
  world: World,
  node: WorldNode,
  options: { readonly name: string; readonly ids: readonly string[] } & Omit<PuppetOptions, 'clock'>,
): Promise<Puppet> {
  const { name, ids, ...rest } = options
  const puppet = createPuppet(name, { ...rest, clock: world.clock })
  attach(node, puppet)
  await listAgain(puppet, node, ids)
  return puppet
}

export async function listAgain(puppet: Puppet, node: WorldNode, ids: readonly string[]): Promise<void> {
  await until(() => node.service.sessions().length === 0)
  const stream = await greeted(puppet, node)
  await leadRounds(stream, { frame: node.service.set.heads().frame, lists: [[...ids].sort()] })
  stream.abort('all is listed')
}

export const idsOf = (atxs: readonly TestAtx[]): string[] => atxs.map(({ id }) => id)

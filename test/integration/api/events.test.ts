/** The event stream: topics, resuming, its cap, slow readers, and its end with the server. */
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../src/node/api/node-port.ts'
import { until } from '../../helpers/until.ts'
import { startApi } from './api-fixture.ts'

/** Collects the events of a stream as they come. */
function collect(answer: IncomingMessage): { readonly events: NodeEvent[]; isEnded(): boolean } {
  const events: NodeEvent[] = []
  let rest = ''
  let ended = false
  answer.setEncoding('utf8')
  answer.on('data', (chunk: string) => {
    const frames = (rest + chunk).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1]
      if (data === undefined) continue
      const event = JSON.parse(data) as NodeEvent
      expect(frame).toContain(`id: ${event.id}\n`)
      events.push(event)
    }
  })
  answer.on('close', () => {
    ended = true
  })
  answer.on('error', () => undefined)
  return { events, isEnded: () => ended }
}

describe('API events', () => {
  it('sends later events of the topics asked for', async () => {
    const { node, open } = await startApi()
    node.events.publish('block', 'final', { height: 1 })
    const stream = collect(await open('/v1/events?topics=block,peer'))
    node.events.publish('tx', 'final', {})
    node.events.publish('block', 'final', { height: 2 })
    node.events.publish('peer', 'connected', {})
    await until(() => stream.events.length === 2)
    expect(stream.events).toMatchObject([
      { topic: 'block', type: 'final', data: { height: 2 } },
      { topic: 'peer', type: 'connected' },
    ])
  })

  it('resumes after Last-Event-ID without gap or repetition', async () => {
    const { node, open } = await startApi()
    const first = collect(await open('/v1/events'))
    for (let height = 1; height <= 3; height++) node.events.publish('block', 'final', { height })
    await until(() => first.events.length === 3)
    node.events.publish('block', 'final', { height: 4 })
    const seen = first.events[1]?.id
    const second = collect(await open('/v1/events', { 'last-event-id': String(seen) }))
    node.events.publish('block', 'final', { height: 5 })
    await until(() => second.events.length === 3)
    expect(second.events.map((event) => event.data.height)).toEqual([3, 4, 5])
  })

  it('refuses an id that no event can have', async () => {
    const { call } = await startApi()
    const answer = await call('/v1/events', { headers: { 'last-event-id': 'seven' } })
    expect(answer.json).toMatchObject({ status: 400, code: 'invalid-request' })
  })

  it('serves 64 streams at most, and one more when one has gone', async () => {
    const { call, open } = await startApi()
    const streams = await Promise.all(Array.from({ length: 64 }, () => open('/v1/events')))
    expect((await call('/v1/events')).json).toMatchObject({ status: 503, code: 'too-many-streams' })
    streams[0]?.destroy()
    const reopened = await until(async () => {
      const answer = await open('/v1/events')
      return answer.statusCode === 200 ? answer : null
    })
    for (const stream of [...streams, reopened]) stream.destroy()
  })

  it('a slow reader is given the rest once it reads, in order', async () => {
    const { node, open } = await startApi()
    const answer = await open('/v1/events')
    const padding = 'x'.repeat(60_000)
    for (let height = 1; height <= 300; height++) node.events.publish('block', 'final', { height, padding })
    const stream = collect(answer)
    await until(() => stream.events.length === 300)
    expect(stream.events.map((event) => event.data.height)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
  })

  it('streams end when the server closes', async () => {
    const { api, open } = await startApi()
    const stream = collect(await open('/v1/events'))
    await api.close()
    await until(() => stream.isEnded())
  })
})

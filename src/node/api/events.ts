/** `/v1/events`: the node's events as a server-sent stream that can be resumed. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { RequestError } from './errors.ts'
import { type Feed, type FeedStream, feedEvents } from './event-feed.ts'
import type { EventTopic, NodePort } from './node-port.ts'
import type { Operations } from './operation.ts'
import { topicsQuery } from './parameters.ts'
import { EVENT_TOPICS } from './schemas.ts'

/** Open streams; each costs a socket and a write per event. */
export const MAX_STREAMS = 64
const HEARTBEAT_MS = 15_000
/** How long browsers wait before they reconnect. */
const RETRY_MS = 1_000

const DESCRIPTION = [
  'One JSON object each, with an ascending id. `Last-Event-ID` replays the kept events after that id first.',
  `Topics: ${EVENT_TOPICS.join(', ')}, separated by commas; all when none is named. At most ${MAX_STREAMS} streams.`,
].join(' ')

export function addEvents(app: FastifyInstance, { node, add }: Operations): void {
  const streams = new Set<FeedStream>()
  // Before the server waits for its connections to end.
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })
  const timer = setInterval(() => {
    for (const stream of streams) stream.heartbeat()
  }, HEARTBEAT_MS)
  app.addHook('onClose', async () => clearInterval(timer))
  add(
    {
      method: 'GET',
      path: '/v1/events',
      summary: 'Events as they happen (server-sent events)',
      description: DESCRIPTION,
      query: topicsQuery,
      answer: 'text/event-stream',
      problems: [503],
    },
    ({ query, request, reply }) => {
      const topics = parseTopics(query.topics)
      const after = parseLastId(request.headers['last-event-id'])
      if (streams.size >= MAX_STREAMS)
        throw new RequestError('too-many-streams', `this node serves ${MAX_STREAMS} event streams at most: close one`)
      openStream(reply, { node, streams, feed: { topics, after } })
      return reply
    },
  )
}

type StreamParts = { readonly node: NodePort; readonly streams: Set<FeedStream>; readonly feed: Feed }

function openStream(reply: FastifyReply, { node, streams, feed }: StreamParts): void {
  const headers = reply.getHeaders() as Record<string, string>
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' })
  raw.write(`retry: ${RETRY_MS}\n\n`)
  const stream = feedEvents(raw, node.events, feed)
  streams.add(stream)
  raw.on('close', () => streams.delete(stream))
}

function parseTopics(text: string | undefined): ReadonlySet<EventTopic> | null {
  if (text === undefined || text === '') return null
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (!isTopic(name))
      throw new RequestError('invalid-request', `there is no topic '${name}': topics are ${EVENT_TOPICS.join(', ')}`)
  }
  return new Set(names.filter(isTopic))
}

function isTopic(name: string): name is EventTopic {
  return (EVENT_TOPICS as readonly string[]).includes(name)
}

function parseLastId(header: string | string[] | undefined): number | null {
  if (header === undefined || header === '') return null
  const id = Number(header)
  if (Number.isSafeInteger(id) && id >= 0) return id
  throw new RequestError('invalid-request', `Last-Event-ID must be the id of an event, not '${header}'`)
}

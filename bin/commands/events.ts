/** `palaver events`: follows what the node does, across restarts of the node, until Ctrl-C. */
import type { EventTopic, NodeEvent } from '../../src/node/api/node-port.ts'
import { defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { paint, print, printJson } from '../output.ts'

const TOPICS: readonly EventTopic[] = ['block', 'tx', 'peer', 'sync', 'atx', 'consensus', 'evidence', 'session']

export const events = defineCommand({
  usage: 'events',
  summary: 'follow what the node does',
  flags: { ...NODE_FLAGS, topic: { type: 'string', describe: `only these, separated by commas: ${TOPICS.join(',')}` } },
  async run(args) {
    const topics = args.topic?.split(',').map(parseTopic)
    const client = reachNode(args)
    await client.status()
    for await (const event of client.events({ topics })) {
      if (args.json) printJson(event)
      else print(eventLine(event))
    }
  },
})

function parseTopic(text: string): EventTopic {
  const topic = TOPICS.find((known) => known === text.trim())
  if (topic !== undefined) return topic
  throw new CliError('usage', `unknown topic '${text}'`, { hint: `topics are ${TOPICS.join(', ')}` })
}

function eventLine({ time, topic, type, data }: NodeEvent): string {
  const fields = Object.entries(data).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [paint('dim', time), paint('bold', topic), type, ...fields].join(' ')
}

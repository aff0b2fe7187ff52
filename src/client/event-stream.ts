/** Reads server-sent events from a byte stream: `id:`, `event:` and `data:` fields, comments skipped, size bounded. */
import { ClientError } from './errors.ts'

/** Longest event taken, in characters: the node's own events stay far below. */
const MAX_EVENT_CHARS = 4 * 1_024 * 1_024

/** One message of an event stream; `id` is the last id seen on the stream. */
export type StreamMessage = { readonly id: string | null; readonly event: string; readonly data: string }

type Fields = { id: string | null; event: string; data: string[]; chars: number }

/** Yields each message as it arrives; ends with the stream. */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const fields: Fields = { id: null, event: '', data: [], chars: 0 }
  for await (const line of readLines(body)) {
    if (line !== '') {
      takeField(fields, line)
      continue
    }
    if (fields.data.length > 0) {
      yield { id: fields.id, event: fields.event || 'message', data: fields.data.join('\n') }
    }
    fields.event = ''
    fields.data = []
    fields.chars = 0
  }
}

function takeField(fields: Fields, line: string): void {
  if (line.startsWith(':')) return
  const colon = line.indexOf(':')
  const name = colon < 0 ? line : line.slice(0, colon)
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (name === 'id') fields.id = value
  else if (name === 'event') fields.event = value
  else if (name === 'data') {
    fields.chars += value.length
    checkLength(fields.chars)
    fields.data.push(value)
  }
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    checkLength(rest.length)
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
}

function checkLength(chars: number): void {
  if (chars > MAX_EVENT_CHARS)
    throw new ClientError('bad-answer', `an event is longer than ${MAX_EVENT_CHARS} characters`)
}

/** P18.6-5 echoes: how much may be under way, and peers that do not send back what they should. */
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/machine/clock.ts'
import { LINK_ECHO } from '../../../src/protocols/catalogue.ts'
import { RECEIPT_BYTES } from '../../../src/protocols/flight.ts'
import { createLinkEcho, type Pace } from '../../../src/protocols/link-echo.ts'
import type { Link } from '../../../src/protocols/peer-registry.ts'
import { asStream, FakeStream, fakeConnection } from '../../helpers/fake-stream.ts'
import { until } from '../../helpers/until.ts'

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

function start(changes: { deadlineMs?: number; refuses?: boolean } = {}) {
  const opened: FakeStream[] = []
  const newStream = async () => {
    if (changes.refuses) throw new Error('unsupported')
    const stream = new FakeStream()
    stream.resume()
    opened.push(stream)
    return stream
  }
  const connection = fakeConnection({ peer: 'p', newStream })
  const link: Link = { connection, peer: 'p', openedAt: 0, ready: Promise.resolve([]), roles: [] }
  const echo = createLinkEcho({
    registry: { current: () => link, ready: () => link.ready },
    clock: systemClock,
    log: quiet,
    deadlineMs: changes.deadlineMs,
  })
  return { echo, opened, connection }
}

function fill(pace: Pace): void {
  while (pace.room() > 0) pace.sent(RECEIPT_BYTES)
}

const bytesOf = (stream: FakeStream | undefined): number =>
  stream?.written.reduce((sum, { byteLength }) => sum + byteLength, 0) ?? 0

describe('P18.6-5 pacing by echoes', () => {
  it('conversations with one peer share one stream and its room; echoes give it back and wake who wrote last at the end', async () => {
    const { echo, opened } = start()
    const woken: string[] = []
    const [one, two] = ['one', 'two'].map((name) => echo.paceOf('p')(() => woken.push(name)))
    await Promise.all([one?.ready, two?.ready])
    if (one === undefined) throw new Error('it has joined')
    fill(one)
    expect([opened.length, two?.room()]).toEqual([1, 0])
    const sent = bytesOf(opened[0])
    opened[0]?.arrive(new Uint8Array(sent))
    expect(two?.room()).toBeGreaterThanOrEqual(sent * RECEIPT_BYTES)
    expect(woken).toEqual(['two', 'one'])
  })

  it('a peer without the protocol is not paced', async () => {
    const { echo } = start({ refuses: true })
    const pace = echo.paceOf('p')(() => undefined)
    await pace.ready
    pace.sent(100 * RECEIPT_BYTES)
    expect(pace.room()).toBe(Number.POSITIVE_INFINITY)
  })

  it('a peer that sends nothing back is waited for a while, and a later conversation tries again', async () => {
    const { echo, opened } = start({ deadlineMs: 30 })
    let woken = 0
    const pace = echo.paceOf('p')(() => {
      woken += 1
    })
    await pace.ready
    fill(pace)
    await until(() => woken > 0)
    expect([opened[0]?.status, pace.room()]).toEqual(['aborted', Number.POSITIVE_INFINITY])
    await echo.paceOf('p')(() => undefined).ready
    expect(opened.length).toBe(2)
  })

  it('a peer that sends back more than it was sent loses the stream', async () => {
    const { echo, opened } = start()
    const pace = echo.paceOf('p')(() => undefined)
    await pace.ready
    pace.sent(RECEIPT_BYTES)
    opened[0]?.arrive(new Uint8Array(2))
    expect(opened[0]?.status).toBe('aborted')
  })

  it('a peer that is gone is forgotten', async () => {
    const { echo, opened } = start()
    await echo.paceOf('p')(() => undefined).ready
    echo.peerGone('p')
    await echo.paceOf('p')(() => undefined).ready
    expect(opened.map(({ status }) => status)).toEqual(['aborted', 'open'])
  })
})

describe('P18.6-5 sending echoes', () => {
  it('as many bytes go back as came, and the end after the end', async () => {
    const { echo, connection } = start()
    const stream = new FakeStream()
    await echo.accept(asStream(stream), connection)
    stream.arrive(new Uint8Array(3))
    stream.arrive(new Uint8Array(4))
    expect(bytesOf(stream)).toBe(7)
    stream.finish()
    expect(stream.status).toBe('closed')
  })

  it.each([
    ['a flood', (stream: FakeStream) => stream.arrive(new Uint8Array(LINK_ECHO.rate + 1))],
    [
      'a peer that reads no echoes',
      (stream: FakeStream) => {
        stream.writeBufferLength = 100_000
        stream.arrive(new Uint8Array(1))
      },
    ],
  ])('%s ends the stream', async (_what, act) => {
    const { echo, connection } = start()
    const stream = new FakeStream()
    await echo.accept(asStream(stream), connection)
    act(stream)
    expect([stream.status, bytesOf(stream)]).toEqual(['aborted', 0])
  })
})

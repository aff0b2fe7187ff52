/** The link proxy on real sockets: carries bytes, cuts partitions, heals, delays, knows who dials. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePorts } from '../../../testnet/free-ports.ts'
import { createLinkProxy, type LinkProxy } from '../../../testnet/link-proxy.ts'
import { HEALED } from '../../../testnet/links.ts'
import { ownerOf } from '../../../testnet/socket-owner.ts'
import { until } from '../../helpers/until.ts'

let echo: Server
let proxy: LinkProxy
let port: number
let source: number | null
const sockets: Socket[] = []

beforeEach(async () => {
  source = 0
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  port = (await freePorts(1))[0] ?? 0
  const innerPort = (echo.address() as AddressInfo).port
  proxy = await createLinkProxy({
    routes: [{ node: 1, port, innerPort: () => innerPort }],
    identifySource: async () => source,
  })
})

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await proxy.close()
  echo.close()
})

function dial(): { socket: Socket; received: () => Buffer; closed: () => boolean } {
  const socket = connect({ port, host: '127.0.0.1' })
  sockets.push(socket)
  const chunks: Buffer[] = []
  let closed = false
  socket
    .on('error', () => undefined)
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('close', () => {
      closed = true
    })
  return { socket, received: () => Buffer.concat(chunks), closed: () => closed }
}

test('carries bytes both ways, unchanged and in order, however many', async () => {
  const { socket, received } = dial()
  const sent = Buffer.alloc(3_000_000, 'palaver ')
  socket.write(sent)
  await until(() => received().length === sent.length)
  expect(received().equals(sent)).toBe(true)
})

test('a partition ends what is open and refuses what is new until it is healed', async () => {
  const before = dial()
  before.socket.write('x')
  await until(() => before.received().length === 1)
  proxy.setLinks({ ...HEALED, groups: [[0], [1]] })
  expect(proxy.connections()).toBe(1)
  await until(() => before.closed() && proxy.connections() === 0)
  const during = dial()
  await until(() => during.closed())
  proxy.setLinks(HEALED)
  const after = dial()
  after.socket.write('y')
  await until(() => after.received().length === 1)
})

test('a partition leaves strangers and the own group alone', async () => {
  proxy.setLinks({ ...HEALED, groups: [[0, 1], [2]] })
  const own = dial()
  own.socket.write('x')
  await until(() => own.received().length === 1)
  source = null
  const stranger = dial()
  stranger.socket.write('x')
  await until(() => stranger.received().length === 1)
})

test('a slow link delays and throttles without reordering', async () => {
  proxy.setLinks({ ...HEALED, delayMs: 40, bytesPerSecond: 1_000_000 })
  const { socket, received } = dial()
  const sent = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
  const start = performance.now()
  for (let at = 0; at < sent.length; at += 10_000) socket.write(sent.subarray(at, at + 10_000))
  await until(() => received().length === sent.length)
  // 40 ms each way and 100 ms for the bytes; the other direction's pacing overlaps with this one's.
  expect(performance.now() - start).toBeGreaterThan(150)
  expect(received().equals(sent)).toBe(true)
})

test('a throttled link holds its sender back', async () => {
  let taken = 0
  const take = (chunk: Buffer): void => {
    taken += chunk.length
  }
  echo.removeAllListeners('connection')
  echo.on('connection', (socket) => socket.on('data', take).on('error', () => undefined))
  proxy.setLinks({ ...HEALED, throttles: [{ nodes: [0, 1], bytesPerSecond: 100_000 }] })
  const { socket } = dial()
  await once(socket, 'connect')
  const size = 32_000_000
  socket.write(Buffer.alloc(size))
  await until(() => taken > 50_000)
  // Half a second at full speed would have carried it all: the write is not even complete.
  expect(socket.writableLength).toBe(size)
  proxy.setLinks(HEALED)
  await until(() => taken === size)
})

test('a dialling process is known by its socket', async () => {
  const { socket } = dial()
  await once(socket, 'connect')
  const localPort = socket.localPort ?? 0
  expect(await ownerOf({ localPort, remotePort: port, pids: [process.pid] })).toBe(process.pid)
  expect(await ownerOf({ localPort, remotePort: port, pids: [1] })).toBeNull()
  expect(await ownerOf({ localPort: 1, remotePort: port, pids: [process.pid] })).toBeNull()
})

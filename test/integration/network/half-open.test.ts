/** P18.5 a link that swallows everything and closes nothing: both ends notice, and meet again when it works. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../../../testnet/free-ports.ts'
import { addressOf, createNetwork, isUp, publicKeyOf } from '../../helpers/networks.ts'
import { until } from '../../helpers/until.ts'

const TIMING = { pingIntervalMs: 500, pingTimeoutMs: 2_000, keepAliveMs: false } as const

let server: Server
let innerPort = 0
let port = 0
let swallows = false
const sockets: Socket[] = []

/** Carries bytes while it works; then drops them, and says so to nobody. */
beforeEach(async () => {
  swallows = false
  const [free = 0] = await freePorts(1)
  port = free
  server = createServer((outer) => {
    const inner = connect(innerPort, '127.0.0.1')
    sockets.push(outer, inner)
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      from.on('error', () => undefined)
      from.on('data', (data) => void (swallows || to.write(data)))
      from.on('close', () => void (swallows || to.destroy()))
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
})

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server.close()
})

describe('P18.5 half-open connections', () => {
  it('a peer that answers no ping is gone on both sides, though no socket ever closed, and comes back', async () => {
    const committee = () => ['a', 'b'].map(publicKeyOf)
    const [a, b] = [createNetwork('a', { timing: TIMING, committee }), createNetwork('b', { timing: TIMING })]
    await Promise.all([a.start(), b.start()])
    innerPort = Number(addressOf(b).split('/')[4])
    await a.connect(`/ip4/127.0.0.1/tcp/${port}/p2p/${b.self}`)
    await until(() => isUp(b, a.self))
    swallows = true
    await until(() => !isUp(a, b.self) && !isUp(b, a.self), 15_000, 'both to notice')
    swallows = false
    await until(() => isUp(a, b.self) && isUp(b, a.self), 20_000, 'them to meet again')
    expect(a.disconnectedFrom.length).toBeGreaterThan(0)
  })
})

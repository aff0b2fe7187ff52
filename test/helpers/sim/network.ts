/** Links between nodes: delay, loss, duplication, reordering, partition. A broken connection loses what is in flight. */
import type { Millis, PeerId } from '../../../src/domain.ts'
import type { Message } from '../../../src/pala/types.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

export type Conditions = {
  readonly minDelayMs: Millis
  readonly maxDelayMs: Millis
  readonly loss: number
  readonly duplication: number
  /** Without it, messages of one link arrive in the order in which they left. */
  readonly reorders: boolean
}

/** What the network needs to know of a node. */
export interface Endpoint {
  readonly id: PeerId
  readonly isUp: boolean
  receive(from: PeerId, message: Message): void
  connected(peer: PeerId): void
  disconnected(peer: PeerId): void
}

export type Envelope = { readonly from: PeerId; readonly to: PeerId; readonly message: Message }

export interface Network {
  conditions: Conditions
  /** Decides the fate of each message on arrival; 'hold' keeps it for `release`. */
  gate: ((envelope: Envelope) => 'pass' | 'hold' | 'drop') | null
  join(endpoint: Endpoint): void
  send(from: PeerId, to: PeerId, message: Message): void
  publish(from: PeerId, message: Message): void
  /** Sets who may reach whom, and connects and disconnects accordingly. */
  allow(isLinked: (a: PeerId, b: PeerId) => boolean): void
  /** Connections follow nodes that went up or down. */
  refresh(): void
  /** Delivers held messages, oldest first. */
  release(chosen: (envelope: Envelope) => boolean): void
  readonly held: readonly Envelope[]
}

type Link = { connection: number; connected: boolean; lastArrival: Millis }

/** Milliseconds that a role handshake takes. */
const HANDSHAKE_MS = 5

export function createNetwork(scheduler: Scheduler, random: Random, initial: Conditions): Network {
  const endpoints = new Map<PeerId, Endpoint>()
  const links = new Map<string, Link>()
  let isLinked: (a: PeerId, b: PeerId) => boolean = () => true
  let held: Envelope[] = []

  const linkOf = (from: PeerId, to: PeerId): Link => {
    const key = `${from}>${to}`
    const known = links.get(key) ?? { connection: 0, connected: false, lastArrival: 0 }
    links.set(key, known)
    return known
  }

  function arrive(envelope: Envelope, connection: number): void {
    const { from, to, message } = envelope
    if (linkOf(from, to).connection !== connection) return
    const fate = network.gate === null ? 'pass' : network.gate(envelope)
    if (fate === 'hold') held.push(envelope)
    else if (fate === 'pass') endpoints.get(to)?.receive(from, message)
  }

  function transmit(envelope: Envelope): void {
    const { minDelayMs, maxDelayMs, loss, reorders } = network.conditions
    const link = linkOf(envelope.from, envelope.to)
    if (!link.connected || random.chance(loss)) return
    let at = scheduler.now + minDelayMs + random.next() * (maxDelayMs - minDelayMs)
    if (!reorders) at = Math.max(at, link.lastArrival)
    link.lastArrival = at
    const { connection } = link
    scheduler.after(at - scheduler.now, () => arrive(envelope, connection))
  }

  /** Connects or cuts one direction; each side hears of it by itself. */
  function update(a: Endpoint, b: Endpoint): void {
    const link = linkOf(a.id, b.id)
    const wanted = a.isUp && b.isUp && isLinked(a.id, b.id)
    if (wanted === link.connected) return
    link.connected = wanted
    const connection = ++link.connection
    if (!wanted) return a.isUp ? a.disconnected(b.id) : undefined
    scheduler.after(HANDSHAKE_MS + random.next() * network.conditions.maxDelayMs, () => {
      if (link.connection === connection) a.connected(b.id)
    })
  }

  const network: Network = {
    conditions: initial,
    gate: null,
    join: (endpoint) => void endpoints.set(endpoint.id, endpoint),
    send(from, to, message) {
      transmit({ from, to, message })
      if (random.chance(network.conditions.duplication)) transmit({ from, to, message })
    },
    publish(from, message) {
      for (const to of endpoints.keys()) if (to !== from) transmit({ from, to, message })
    },
    allow(rule) {
      isLinked = rule
      network.refresh()
    },
    refresh() {
      for (const a of endpoints.values()) for (const b of endpoints.values()) if (a !== b) update(a, b)
    },
    release(chosen) {
      const leaving = held.filter(chosen)
      held = held.filter((envelope) => !leaving.includes(envelope))
      for (const { from, to, message } of leaving) endpoints.get(to)?.receive(from, message)
    },
    get held() {
      return held
    },
  }
  return network
}

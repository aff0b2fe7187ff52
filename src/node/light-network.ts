/**
 * The network of a light client: dials nodes under a key made for this run, asks them for proofs, serves nothing. It
 * proves no role, and believes nothing that the proofs do not show.
 */
import type { Hash, Millis, PeerId } from '../domain.ts'
import { CHANNELS } from '../protocols/catalogue.ts'
import { NetworkError } from '../protocols/errors.ts'
import type { LightAnswer, LightPeer, LightRequest } from '../verify/verify.ts'
import type { LeveledLog } from './libp2p-log.ts'
import { encodeProofAsk, parseProofTalk } from './proof-messages.ts'
import { createStrangerNetwork } from './stranger-network.ts'

/** A peer that does not answer in this time counts as not reachable. */
const ANSWER_DEADLINE_MS: Millis = 15_000

export type LightNetworkOptions = {
  /** Of the network whose proofs are wanted: its name and its chain. */
  readonly network: string
  readonly chainId: Hash
  readonly logger: LeveledLog
  readonly deadlineMs?: Millis
}

export interface LightNetwork {
  start(): Promise<void>
  /** Dials a node. Rejects with `NetworkError`. */
  connect(multiaddr: string): Promise<LightPeer>
  stop(): Promise<void>
}

type Waiting = {
  readonly peer: PeerId
  readonly resolve: (answer: LightAnswer) => void
  readonly reject: (error: Error) => void
}

/** A network at rest. */
export function createLightNetwork(options: LightNetworkOptions): LightNetwork {
  const { chainId, logger, deadlineMs = ANSWER_DEADLINE_MS } = options
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  const network = createStrangerNetwork({ network: options.network, chainId, logger })
  const channel = network.channel(CHANNELS.proofFetch, receive)
  network.onPeers({ connected: () => undefined, disconnected: fail })

  function receive(from: PeerId, message: Uint8Array): void {
    const talk = parseProofTalk(message)
    const open = talk?.type === 'answer' ? waiting.get(talk.answer.requestId) : undefined
    if (talk?.type !== 'answer' || open?.peer !== from) return
    const { requestId, proof, more, problem } = talk.answer
    waiting.delete(requestId)
    open.resolve(problem === '' ? { ok: true, proof, more } : { ok: false, problem })
  }

  function fail(peer: PeerId): void {
    for (const [id, open] of waiting) {
      if (open.peer !== peer) continue
      waiting.delete(id)
      open.reject(new NetworkError('connection-closed', `${peer} closed the connection before it answered`))
    }
  }

  function ask(peer: PeerId, { fromSession, height, key }: LightRequest): Promise<LightAnswer> {
    const requestId = nextId++
    const { promise, resolve, reject } = Promise.withResolvers<LightAnswer>()
    waiting.set(requestId, { peer, resolve, reject })
    const timer = setTimeout(() => {
      waiting.delete(requestId)
      reject(new NetworkError('stalled', `${peer} did not answer within ${deadlineMs} ms: name another with --peer`))
    }, deadlineMs)
    const sent = channel.send(
      peer,
      encodeProofAsk({ requestId, fromSession, height: height ?? null, hash: null, key: key ?? null }),
    )
    if (!sent) {
      waiting.delete(requestId)
      reject(new NetworkError('not-connected', `${peer} is not connected any more: name another with --peer`))
    }
    return promise.finally(() => clearTimeout(timer))
  }

  return {
    start: network.start,
    async connect(multiaddr) {
      const peer = await network.connect(multiaddr)
      return { name: peer, ask: (request) => ask(peer, request) }
    },
    stop: network.stop,
  }
}

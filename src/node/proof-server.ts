/**
 * Serves proofs over libp2p to whoever asks: one request of a peer at a time, at the channel's rate. What it answers needs
 * no trust, so there is nothing to guard but this node's time.
 */
import type { PeerId } from '../domain.ts'
import { CHANNELS } from '../protocols/catalogue.ts'
import type { Network } from '../protocols/network.ts'
import { encodeProofReply, type ProofAsk, parseProofTalk } from './proof-messages.ts'
import type { ProofOptions, ProofOutcome, Proofs } from './proofs.ts'

const NONE = new Uint8Array(0)

export type ProofServerOptions = {
  readonly network: Network
  readonly proofs: Proofs
  /** A proof of what a kv key holds. */
  readonly value: (key: string, options: ProofOptions) => Promise<ProofOutcome>
}

/** Registers the channel on `network`, which must not have started. */
export function serveProofs({ network, proofs, value }: ProofServerOptions): void {
  const channel = network.channel(CHANNELS.proofFetch, receive)

  async function receive(from: PeerId, message: Uint8Array): Promise<void> {
    const talk = parseProofTalk(message)
    if (talk === null) return network.penalise(from, 'malformed', 'not a message of the proof channel')
    if (talk.type === 'answer') return network.penalise(from, 'invalid', 'a proof that nobody asked for')
    const outcome = await prove(talk.request)
    const { requestId } = talk.request
    const reply = outcome.ok
      ? { requestId, proof: outcome.proof, more: outcome.more, problem: '' }
      : { requestId, proof: NONE, more: false, problem: outcome.problem }
    const bytes = encodeProofReply(reply)
    if (bytes.byteLength <= CHANNELS.proofFetch.maxMessageBytes) channel.send(from, bytes)
    else channel.send(from, encodeProofReply({ ...reply, proof: NONE, problem: 'too-large' }))
  }

  function prove({ fromSession, height, hash, key }: ProofAsk): Promise<ProofOutcome> {
    const options = { fromSession, bounded: true }
    if (key !== null) return value(key, { fromSession })
    const ref = height ?? hash
    return ref === null ? proofs.newest(options) : proofs.block(ref, options)
  }
}

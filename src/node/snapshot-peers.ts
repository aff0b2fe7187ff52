/** What a newcomer asks of peers before it has a ledger: snapshots, proofs and blocks (P17.6). Whatever they say is judged elsewhere. */
import type { Millis, PeerId } from '../domain.ts'
import { decodeManifest, type SnapshotManifest } from '../ledger/snapshot.ts'
import { decodeRangeMessage, encodeRequest, type RangeMessage } from '../pala/range/codec.ts'
import { CHANNELS } from '../protocols/catalogue.ts'
import type { Network } from '../protocols/network.ts'
import { encodeProofAsk, type ProofReply, parseProofTalk } from './proof-messages.ts'
import { createQuestions, type ReadAnswer } from './questions.ts'
import { encodeSnapshotAsk, parseSnapshotTalk } from './snapshot-messages.ts'

/** A chunk of a quarter of a megabyte, or 2 MiB of blocks, takes less than this on any link worth asking. */
const ANSWER_DEADLINE_MS: Millis = 15_000
/** All peers are asked for their manifests before anything is fetched: the silent ones hold up the others so long. */
const MANIFEST_DEADLINE_MS: Millis = 5_000

export type BlocksAnswer = Exclude<RangeMessage, { readonly type: 'request' }>
export type ChunkPlace = { readonly height: number; readonly index: number }
export type ProofWish = { readonly fromSession: number; readonly height: number }
export type HeightRange = { readonly from: number; readonly to: number }

/** Every question resolves with null when the peer has nothing to say, or says nothing in time. */
export interface SnapshotPeers {
  /** The latest manifest of a peer, parsed. */
  manifest(peer: PeerId): Promise<SnapshotManifest | null>
  chunk(peer: PeerId, place: ChunkPlace): Promise<Uint8Array | null>
  /** An encoded finality proof; with `more` it ends at a stop block on the way. */
  proof(peer: PeerId, wish: ProofWish): Promise<{ readonly proof: Uint8Array; readonly more: boolean } | null>
  /** Final blocks as range sync carries them. */
  blocks(peer: PeerId, range: HeightRange): Promise<BlocksAnswer | null>
  /** The peer said what cannot be. */
  lied(peer: PeerId, reason: string): void
}

export type SnapshotPeersOptions = { readonly network: Network; readonly deadlineMs?: Millis }

/** Registers three channels on `network`, which must not have started. */
export function createSnapshotPeers({ network, deadlineMs = ANSWER_DEADLINE_MS }: SnapshotPeersOptions): SnapshotPeers {
  const askSnapshot = createQuestions({ network, row: CHANNELS.snapshot, read: readSnapshot })
  const askProof = createQuestions({ network, row: CHANNELS.proofFetch, read: readProof })
  const askBlocks = createQuestions({ network, row: CHANNELS.palaRange, read: readBlocks })

  async function content(peer: PeerId, { height, index }: ChunkPlace, waitMs: Millis): Promise<Uint8Array | null> {
    const encode = (requestId: number): Uint8Array => encodeSnapshotAsk({ requestId, height, index })
    const bytes = await askSnapshot(peer, { encode, deadlineMs: waitMs })
    return bytes === null || bytes.byteLength === 0 ? null : bytes
  }

  return {
    async manifest(peer) {
      const bytes = await content(peer, { height: 0, index: 0 }, Math.min(deadlineMs, MANIFEST_DEADLINE_MS))
      if (bytes === null) return null
      try {
        return decodeManifest(bytes)
      } catch (error) {
        network.penalise(peer, 'malformed', (error as Error).message)
        return null
      }
    },
    chunk: (peer, place) => content(peer, place, deadlineMs),
    async proof(peer, wish) {
      const ask = { ...wish, hash: null, key: null }
      const encode = (requestId: number): Uint8Array => encodeProofAsk({ requestId, ...ask })
      const reply = await askProof(peer, { encode, deadlineMs })
      return reply === null || reply.problem !== '' ? null : reply
    },
    blocks(peer, { from, to }) {
      const encode = (requestId: number): Uint8Array => encodeRequest({ requestId, fromHeight: from, toHeight: to })
      return askBlocks(peer, { encode, deadlineMs })
    },
    lied: (peer, reason) => network.penalise(peer, 'invalid', reason),
  }
}

const readSnapshot: ReadAnswer<Uint8Array> = (bytes) => {
  const talk = parseSnapshotTalk(bytes)
  if (talk === null) return null
  return talk.type === 'request' ? 'question' : { requestId: talk.answer.requestId, answer: talk.answer.content }
}

const readProof: ReadAnswer<ProofReply> = (bytes) => {
  const talk = parseProofTalk(bytes)
  if (talk === null) return null
  return talk.type === 'request' ? 'question' : { requestId: talk.answer.requestId, answer: talk.answer }
}

const readBlocks: ReadAnswer<BlocksAnswer> = (bytes) => {
  try {
    const message = decodeRangeMessage(bytes)
    return message.type === 'request' ? 'question' : { requestId: message.requestId, answer: message }
  } catch {
    return null
  }
}

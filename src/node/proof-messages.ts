/** Messages of the proof channel <-> bytes. What is asked and answered is judged elsewhere. */
import type { Hash } from '../domain.ts'
import { ProofMessage } from '../protocols/wire/proof.gen.ts'

/** What a light client asks: a height, else a key, else the newest head. */
export type ProofAsk = {
  readonly requestId: number
  readonly fromSession: number
  readonly height: number | null
  readonly hash: Hash | null
  readonly key: string | null
}

export type ProofReply = {
  readonly requestId: number
  readonly proof: Uint8Array
  readonly more: boolean
  /** A code in place of a proof; empty with one. */
  readonly problem: string
}

export type ProofTalk =
  | { readonly type: 'request'; readonly request: ProofAsk }
  | { readonly type: 'answer'; readonly answer: ProofReply }

const HASH_BYTES = 32
const MAX_KEY_CHARACTERS = 256
const MAX_PROBLEM_CHARACTERS = 64
const NONE = new Uint8Array(0)

export function encodeProofAsk({ requestId, fromSession, height, hash, key }: ProofAsk): Uint8Array {
  const bytes = hash === null ? NONE : Buffer.from(hash, 'hex')
  return ProofMessage.encode({ request: { requestId, fromSession, height: height ?? 0, hash: bytes, key: key ?? '' } })
}

export function encodeProofReply(answer: ProofReply): Uint8Array {
  return ProofMessage.encode({ answer })
}

/** Parses a message; null when it is none. */
export function parseProofTalk(bytes: Uint8Array): ProofTalk | null {
  try {
    const { request, answer } = ProofMessage.decode(bytes)
    if (request !== undefined && answer === undefined) return readAsk(request)
    if (answer === undefined || request !== undefined) return null
    return answer.problem.length > MAX_PROBLEM_CHARACTERS ? null : { type: 'answer', answer }
  } catch {
    return null
  }
}

function readAsk({
  requestId,
  fromSession,
  height,
  hash,
  key,
}: NonNullable<ProofMessage['request']>): ProofTalk | null {
  const named = [height > 0, hash.byteLength > 0, key !== ''].filter(Boolean).length
  const hasForm = (hash.byteLength === 0 || hash.byteLength === HASH_BYTES) && key.length <= MAX_KEY_CHARACTERS
  if (named > 1 || !hasForm || fromSession < 1 || !Number.isSafeInteger(height)) return null
  const request = {
    requestId,
    fromSession,
    height: height > 0 ? height : null,
    hash: hash.byteLength > 0 ? Buffer.from(hash).toString('hex') : null,
    key: key === '' ? null : key,
  }
  return { type: 'request', request }
}

/**
 * Proof files: JSON that says for people what is proven, with the proof itself in base64. Only the proof counts; what is
 * said beside it must agree with it.
 */
import { fromString } from 'uint8arrays/from-string'
import { toString as toText } from 'uint8arrays/to-string'
import { z } from 'zod'
import type { Hash } from '../domain.ts'
import { VerifyError } from './errors.ts'
import { PROOF_TYPES, type ProofType, type Proven } from './proofs.ts'

/** Characters of the largest file: tens of thousands of sessions. */
const MAX_FILE_CHARS = 64 * 1_024 * 1_024

/** Said for people, in a file, by the API, on the command line. Times are RFC 3339. */
export type ProofSummary = {
  readonly type: ProofType
  readonly chainId: Hash
  readonly height: number
  readonly hash: Hash
  readonly session: number
  readonly epoch: number
  readonly number: number
  readonly timestamp: string
  readonly txId?: Hash
  readonly index?: number
  /** Of `kv`: what `key` held after block `stateHeight`; null for nothing. */
  readonly key?: string
  readonly value?: string | null
  readonly stateHeight?: number
  readonly stateRoot?: Hash
}

/** A proof as a file or an answer of the API; `proof` is base64. */
export type ProofDocument = ProofSummary & { readonly proof: string }

/** Says what was proven. */
export function summaryOf(proven: Proven): ProofSummary {
  const { hash, header } = proven.block
  const { session, epoch, s: number } = header.sn
  const timestamp = new Date(header.timestamp).toISOString()
  const place = { chainId: header.chainId, height: header.height, hash, session, epoch, number, timestamp }
  switch (proven.type) {
    case 'block':
      return { type: 'block', ...place }
    case 'tx':
      return { type: 'tx', ...place, txId: proven.txId, index: proven.index }
    case 'kv': {
      const { stateHeight, stateRoot } = header
      const value = proven.value === null ? null : new TextDecoder().decode(proven.value)
      return { type: 'kv', ...place, key: proven.key, value, stateHeight, stateRoot }
    }
  }
}

/** The document of a proof that was checked. */
export function documentOf(proven: Proven, proof: Uint8Array): ProofDocument {
  return { ...summaryOf(proven), proof: toText(proof, 'base64pad') }
}

const documentSchema = z.looseObject({
  type: z.enum(PROOF_TYPES),
  chainId: z.string(),
  proof: z.string(),
})

/** A file taken apart. `said` is not proven by anything yet. */
export type OpenedFile = {
  readonly type: ProofType
  readonly bytes: Uint8Array
  readonly said: Readonly<Record<string, unknown>>
}

/** Reads the text of a proof file. Throws `malformed`. */
export function openProofFile(text: string): OpenedFile {
  if (text.length > MAX_FILE_CHARS) {
    throw new VerifyError('malformed', `the file has more than ${MAX_FILE_CHARS} characters: it is no proof`)
  }
  const result = documentSchema.safeParse(parseJson(text))
  if (!result.success) {
    const [issue] = result.error.issues
    const where = issue?.path.join('.') || 'the document'
    throw new VerifyError('malformed', `this is no proof file: ${where}: ${issue?.message}`)
  }
  const { proof, ...said } = result.data
  return { type: said.type, bytes: readBase64(proof), said }
}

/** What the file says must be what its proof shows. Throws `altered` or `malformed`. */
export function compareWithProof(said: OpenedFile['said'], summary: ProofSummary): void {
  const proven = new Map<string, unknown>(Object.entries(summary))
  for (const [name, value] of Object.entries(said)) {
    if (!proven.has(name)) throw new VerifyError('malformed', `the file says '${name}', which its proof does not show`)
    if (proven.get(name) === value) continue
    const difference = `${JSON.stringify(value)}, its proof shows ${JSON.stringify(proven.get(name))}`
    throw new VerifyError('altered', `the file was altered: it says that ${name} is ${difference}`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new VerifyError('malformed', `the file is not JSON: ${(cause as Error).message}`, { cause })
  }
}

/** Standard base64 with padding, in its one form. */
function readBase64(text: string): Uint8Array {
  try {
    const bytes = fromString(text, 'base64pad')
    if (toText(bytes, 'base64pad') === text) return bytes
  } catch {
    // Falls through to the one sentence for both.
  }
  throw new VerifyError('malformed', 'the proof is not standard base64')
}

/** Range messages <-> bytes. Decoding checks forms and bounds; `check.ts` decides what the content is worth. */
import * as wire from '../../protocols/wire/range.gen.ts'
import { decodeHeader, decodeNotarization, decoding } from '../codec.ts'
import type { BlockHeader, Notarization } from '../types.ts'

export type RangeAsk = { readonly requestId: number; readonly fromHeight: number; readonly toHeight: number }

/** One header above the last block of an answer, with the bytes that its name is made of. */
export type ProofHeader = { readonly bytes: Uint8Array; readonly header: BlockHeader }

/** Headers above a block, oldest first; `notarization` certifies the last of them (P13.1). */
export type RangeProof = { readonly headers: readonly ProofHeader[]; readonly notarization: Notarization }

export type RangeMessage =
  | ({ readonly type: 'request' } & RangeAsk)
  /** Proposals in their wire form, lowest first, and the proof that the last is final. */
  | {
      readonly type: 'blocks'
      readonly requestId: number
      readonly blocks: readonly Uint8Array[]
      readonly proof: RangeProof
    }
  | { readonly type: 'empty'; readonly requestId: number }
  | { readonly type: 'pruned'; readonly requestId: number; readonly lowest: number }

export function encodeRequest(request: RangeAsk): Uint8Array {
  return wire.RangeMessage.encode({ request })
}

/** What a server found: wire forms as they are stored. */
export type FoundRange = {
  readonly blocks: readonly Uint8Array[]
  readonly headers: readonly Uint8Array[]
  readonly notarization: Uint8Array
}

export function encodeBlocks(requestId: number, { blocks, headers, notarization }: FoundRange): Uint8Array {
  const proof = { headers: [...headers], notarization }
  return wire.RangeMessage.encode({ answer: { requestId, blocks: [...blocks], proof, lowestHeight: 0 } })
}

export function encodeEmpty(requestId: number): Uint8Array {
  return wire.RangeMessage.encode({ answer: { requestId, blocks: [], lowestHeight: 0 } })
}

export function encodePruned(requestId: number, lowestHeight: number): Uint8Array {
  return wire.RangeMessage.encode({ answer: { requestId, blocks: [], lowestHeight } })
}

/** Parses a message; throws `PalaError('malformed')` on anything else. */
export function decodeRangeMessage(bytes: Uint8Array): RangeMessage {
  return decoding('range message', () => {
    const { request, answer } = wire.RangeMessage.decode(bytes)
    if (request !== undefined && answer === undefined) return { type: 'request', ...request }
    if (answer === undefined || request !== undefined) throw new Error('it holds a request or an answer')
    return readAnswer(answer)
  })
}

function readAnswer({ requestId, blocks, proof, lowestHeight }: wire.RangeAnswer): RangeMessage {
  if (blocks.length > 0) {
    if (proof === undefined || lowestHeight !== 0) throw new Error('blocks come with their proof alone')
    return { type: 'blocks', requestId, blocks, proof: readProof(proof) }
  }
  if (proof !== undefined) throw new Error('a proof without blocks')
  return lowestHeight === 0 ? { type: 'empty', requestId } : { type: 'pruned', requestId, lowest: lowestHeight }
}

function readProof({ headers, notarization }: wire.RangeProof): RangeProof {
  return {
    headers: headers.map((bytes) => ({ bytes, header: decodeHeader(bytes) })),
    notarization: decodeNotarization(notarization),
  }
}

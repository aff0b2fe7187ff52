/** What a node that stores a chain gives to the maker of proofs. */
import type { Hash } from '../../src/domain.ts'
import type { ProofSource, SourceBlock } from '../../src/node/proof-sources.ts'
import { encodeNotarization, proposalParts } from '../../src/pala/codec.ts'
import { readHeader } from '../../src/verify/wire.ts'
import { type ChainBlock, headerBytesOf, type SessionsChain } from './sessions-chain.ts'

export type Stored = { finalized: number; missing: Set<Hash>; saved: Map<number, Uint8Array> }

/** A node that stores the chain and has made its first `finalized` blocks final. */
export function sourceOf(chain: SessionsChain, stored: Stored): ProofSource {
  const toSource = ({ proposal }: ChainBlock): SourceBlock => {
    const headerBytes = headerBytesOf(proposal)
    return { ...readHeader(headerBytes), headerBytes }
  }
  const byHash = (hash: Hash) => chain.blocks.find(({ proposal }) => proposal.block.hash === hash)
  const stops = () =>
    chain.blocks.filter(({ proposal }) => proposal.block.header.isStop).map(({ proposal }) => proposal.block)
  return {
    finalizedHeight: () => stored.finalized,
    async block(hash) {
      const found = byHash(hash)
      return found === undefined ? null : toSource(found)
    },
    async body(hash) {
      const found = byHash(hash)
      return found === undefined ? null : proposalParts(found.proposal.encoded)
    },
    finalHash: async (height) => (height <= stored.finalized ? chain.at(height).proposal.block.hash : null),
    async *above(height) {
      for (let top = height; top <= chain.blocks.length; top++) {
        yield chain.blocks.slice(height - 1, top).map(toSource)
      }
    },
    async certificate(hash) {
      const found = byHash(hash)
      return found === undefined || stored.missing.has(hash) ? null : encodeNotarization(found.notarization)
    },
    async session(number) {
      return number <= 1 + stops().length ? chain.session(number) : null
    },
    async stopOf(session) {
      const block = stops()[session - 1]
      return block === undefined ? null : { sn: block.header.sn, hash: block.hash, height: block.header.height }
    },
    link: async (session) => stored.saved.get(session) ?? null,
    async saveLink(session, link) {
      stored.saved.set(session, link)
    },
  }
}

/** A long final chain made directly: signed by a committee of four, certified by all of them, without running consensus. */
import { hash, randomFillSync } from 'node:crypto'
import { createSigner, type Signer } from '../src/crypto/keys.ts'
import type { SessionParams } from '../src/domain.ts'
import {
  certsRootOf,
  decodeProposal,
  encodeCerts,
  encodeHeader,
  encodeProposal,
  PROPOSAL_TAG,
  payloadRootOf,
  VOTE_TAG,
  voteTargetBytes,
} from '../src/pala/codec.ts'
import { roundRobin } from '../src/pala/committee.ts'
import type { PalaStore } from '../src/pala/store.ts'
import type { BlockRef, Config, DurableRecord, Notarization, Proposal, Session } from '../src/pala/types.ts'

const CHAIN_ID = hash('sha256', 'range sync benchmark')
const GENESIS_TIME = 1_700_000_000_000
const ZERO_HASH = '0'.repeat(64)
const PARAMS: SessionParams = {
  k: 1,
  stopOffset: 0,
  blockIntervalMs: 0,
  emptyBlockIntervalMs: 1_000,
  firstProposalDelayMs: 1_000,
  firstProposalLimitMs: 4_000,
  voterTimeoutMs: 6_000,
  maxVoterTimeoutMs: 60_000,
  heartbeatMs: 5_000,
  maxBlockBytes: 1_048_576,
  maxClockDriftMs: 2_000,
}
/** Blocks of one write. */
const WRITTEN_AT_ONCE = 64

export const seedOf = (name: string): Uint8Array => hash('sha256', name, 'buffer')
const SIGNERS: readonly Signer[] = ['a', 'b', 'c', 'd'].map((name) => createSigner(seedOf(`member ${name}`)))
const MEMBERS = SIGNERS.map(({ publicKey }, index) => ({ key: publicKey, org: `org-${index}`, weight: 1 }))

export const SESSION: Session = { session: 1, proposers: MEMBERS, voters: MEMBERS, params: PARAMS }

/** The configuration of a node without a seat. */
export function configOf(name: string): Config {
  return {
    chainId: CHAIN_ID,
    self: createSigner(seedOf(name)).publicKey,
    schedule: roundRobin,
    genesisTime: GENESIS_TIME,
    votesFrom: 1,
    unsafeResetVotes: true,
  }
}

/** What a chain holds: payload of random bytes, which no table compresses. */
export type ChainShape = { readonly blocks: number; readonly entries: number; readonly entryBytes: number }

type Link = { readonly proposal: Proposal; readonly notarization: Notarization }

/** Writes the chain; all but its last block are final. */
export async function writeChain(store: PalaStore, { blocks, entries, entryBytes }: ChainShape): Promise<void> {
  let parent: Link | null = null
  let records: DurableRecord[] = []
  let refs: BlockRef[] = []
  for (let s = 1; s <= blocks; s++) {
    const payload = Array.from({ length: entries }, () => randomFillSync(new Uint8Array(entryBytes)))
    const link: Link = makeLink(s, payload, parent)
    parent = link
    records.push({ type: 'block', proposal: link.proposal }, { type: 'notarization', notarization: link.notarization })
    if (s < blocks) refs.push(refOf(link.proposal))
    if (s < blocks && s % WRITTEN_AT_ONCE > 0) continue
    await store.write([...records, { type: 'finalized', blocks: refs }], false)
    records = []
    refs = []
  }
}

const refOf = ({ block: { hash: name, header } }: Proposal): BlockRef => ({
  sn: header.sn,
  hash: name,
  height: header.height,
})

/** Block `(1, 1, s)` with what the rules ask it to carry at k = 1: the certificate of its parent (P5.2). */
function makeLink(s: number, payload: readonly Uint8Array[], parent: Link | null): Link {
  const above = parent?.proposal.block
  const certsBytes = encodeCerts({
    notarizations: parent === null ? [] : [parent.notarization],
    clockNotarization: null,
  })
  const sn = { session: 1, epoch: 1, s }
  const headerBytes = encodeHeader({
    version: 1,
    chainId: CHAIN_ID,
    sn,
    height: s,
    sessionCount: s,
    parentHash: above?.hash ?? CHAIN_ID,
    parentSn: above?.header.sn ?? { session: 0, epoch: 0, s: 1 },
    proposer: 0,
    timestamp: GENESIS_TIME + s,
    payloadRoot: payloadRootOf(payload),
    certsRoot: certsRootOf(certsBytes),
    isStop: false,
    electionRoot: ZERO_HASH,
    stateHeight: Math.max(0, s - 2),
    stateRoot: ZERO_HASH,
  })
  const signature = sign(0, PROPOSAL_TAG, headerBytes)
  const electionBytes = new Uint8Array(0)
  const proposal = decodeProposal(encodeProposal({ headerBytes, signature, certsBytes, payload, electionBytes }))
  const target = { sn, blockHash: proposal.block.hash }
  const signers = SIGNERS.map((_, index) => index)
  const signatures = signers.map((index) => sign(index, VOTE_TAG, voteTargetBytes(target)))
  return { proposal, notarization: { ...target, signers, signatures } }
}

function sign(index: number, tag: string, payload: Uint8Array): Uint8Array {
  const signer = SIGNERS[index]
  if (signer === undefined) throw new Error('a committee has its members')
  return signer.sign({ tag, chainId: CHAIN_ID, payload })
}

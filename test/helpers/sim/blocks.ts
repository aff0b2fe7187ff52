/** Blocks of the simulation: hashes over readable text instead of the wire form. */
import { hash as digest } from 'node:crypto'
import type { Hash, Millis, PublicKeyHex } from '../../../src/domain.ts'
import { type BlockTree, entryOf } from '../../../src/pala/chain.ts'
import { sessionOf } from '../../../src/pala/committee.ts'
import { certsFor, inChainFinalHeight } from '../../../src/pala/rules/certificates.ts'
import { stopRuleFor } from '../../../src/pala/rules/validity.ts'
import { type Sn, snKey } from '../../../src/pala/sn.ts'
import type {
  Block,
  BlockHeader,
  BlockPlan,
  ClockNotarization,
  Election,
  EmbeddedCerts,
  Proposal,
  Session,
} from '../../../src/pala/types.ts'
import { type Keyring, proposalStatement } from './keyring.ts'

export const CHAIN_ID = digest('sha256', 'simulated chain')
export const ZERO_HASH = '0'.repeat(64)
const NO_BYTES = new Uint8Array(0)

/** The bytes of an application entry that `text` names. */
export const entryBytes = (text: string): Uint8Array => Buffer.from(text)
export const entryText = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

const payloadRoot = (payload: readonly Uint8Array[]): Hash =>
  payload.length === 0 ? ZERO_HASH : digest('sha256', payload.map(entryText).join('\n'))

function certsRoot({ notarizations, clockNotarization }: EmbeddedCerts): Hash {
  if (notarizations.length === 0 && clockNotarization === null) return ZERO_HASH
  const clock = clockNotarization === null ? [] : [clockNotarization.target.epoch, ...clockNotarization.signers]
  return digest('sha256', `${notarizations.map((n) => `${n.blockHash}:${n.signers}`).join()}|${clock}`)
}

/** Keys of the simulation are names, so its elections have no wire form. */
const electionRoot = (election: Election | null): Hash =>
  election === null ? ZERO_HASH : digest('sha256', JSON.stringify(election))

function headerHash(header: BlockHeader): Hash {
  const { sn, parentSn } = header
  const fixed = `${snKey(sn)}${header.parentHash}${snKey(parentSn)}${header.payloadRoot}${header.certsRoot}${header.stateRoot}${header.electionRoot}`
  const counts = [
    header.height,
    header.sessionCount,
    header.proposer,
    header.timestamp,
    header.isStop,
    header.stateHeight,
  ]
  return digest('sha256', `${header.chainId}${fixed}${counts}`)
}

/** Whether hash and roots are those of the content. */
export function isSound({ hash, header, payload, notarizations, clockNotarization, election }: Block): boolean {
  return (
    header.chainId === CHAIN_ID &&
    header.payloadRoot === payloadRoot(payload) &&
    header.certsRoot === certsRoot({ notarizations, clockNotarization }) &&
    header.isStop === (election !== null) &&
    header.electionRoot === electionRoot(election) &&
    hash === headerHash(header)
  )
}

/** The block that `plan` asks for. */
export function composeBlock(
  plan: BlockPlan,
  payload: readonly Uint8Array[],
  { now, election = null }: { readonly now: Millis; readonly election?: Election | null },
): Block {
  const header: BlockHeader = {
    version: 1,
    chainId: CHAIN_ID,
    sn: plan.sn,
    height: plan.height,
    sessionCount: plan.sessionCount,
    parentHash: plan.parent.hash,
    parentSn: plan.parent.sn,
    proposer: plan.proposer,
    timestamp: Math.max(plan.parentTimestamp + 1, Math.floor(now)),
    payloadRoot: payloadRoot(payload),
    certsRoot: certsRoot(plan.certs),
    isStop: election !== null,
    electionRoot: electionRoot(election),
    stateHeight: plan.stateHeight,
    stateRoot: ZERO_HASH,
  }
  return { hash: headerHash(header), header, ...plan.certs, payload, election }
}

/** `block` with other content; hash and roots follow. */
export function alterBlock(block: Block, change: { header?: Partial<BlockHeader>; payload?: Uint8Array[] }): Block {
  const payload = change.payload ?? block.payload
  const header = { ...block.header, ...change.header, payloadRoot: payloadRoot(payload) }
  return { ...block, hash: headerHash(header), header, payload }
}

export function seal(keyring: Keyring, key: PublicKeyHex, block: Block): Proposal {
  return { block, signature: keyring.sign(key, proposalStatement(block.hash)), encoded: NO_BYTES }
}

export type PlanOptions = {
  readonly tree: BlockTree
  readonly sessions: ReadonlyMap<number, Session>
  readonly sn: Sn
  readonly parent: Hash
  readonly proposer: number
  readonly clockNotarization: ClockNotarization | null
}

/** A plan for any slot on any parent of `tree`; null when a certificate that it must carry does not exist. */
export function planOn({
  tree,
  sessions,
  sn,
  parent: hash,
  proposer,
  clockNotarization,
}: PlanOptions): BlockPlan | null {
  const parent = entryOf(tree, hash)
  const plan = certsFor(tree, sessions, { sn, parent })
  const notarizations = plan.notarized.flatMap((entry) => entry.notarization ?? [])
  if (notarizations.length < plan.notarized.length) return null
  if (plan.needsClockNotarization && clockNotarization === null) return null
  return {
    sn,
    height: parent.ref.height + 1,
    sessionCount: sn.session === parent.ref.sn.session ? parent.sessionCount + 1 : 1,
    parent: parent.ref,
    parentTimestamp: parent.timestamp,
    proposer,
    stop: stopRuleFor(sessionOf(sessions, sn.session), { sn, parent }).stop,
    certs: { notarizations, clockNotarization: plan.needsClockNotarization ? clockNotarization : null },
    stateHeight: inChainFinalHeight(tree, sessions, { sn, parent }),
    payloadAllowed: true,
    pendingAncestors: [],
  }
}

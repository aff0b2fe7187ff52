/**
 * Finality by certificate, checked without trusting a node: F1 (P13.1), never beyond a session's stop block (P16.6),
 * certificates by the rules of P4.4, committees from one stop block to the next (P24.3).
 */
import { fromString } from 'uint8arrays/from-string'
import { toString as toText } from 'uint8arrays/to-string'
import type { Hash, Member } from '../domain.ts'
import { thresholdWeight, weightOf } from '../pala/committee.ts'
import { planProblem } from '../pala/plan-rules.ts'
import { compareSn, formatSn } from '../pala/sn.ts'
import type { BlockHeader, BlockRef, Notarization, Session } from '../pala/types.ts'
import { VoteTarget } from '../protocols/wire/pala.gen.ts'
import { FinalityProof, SessionLink } from '../protocols/wire/proof.gen.ts'
import { VerifyError } from './errors.ts'
import { EMPTY_ROOT } from './merkle.ts'
import type { VerifyEd25519 } from './signatures.ts'
import { taggedHashHex } from './tagged-hash.ts'
import { decodeExactly, type HeaderChain, type NamedHeader, readChain, readElection } from './wire.ts'

const VOTE_TAG = 'palaver/pala/vote/1'
const ELECTION_TAG = 'palaver/pala/election/1'
const BLOCK_VERSION = 1
const NO_ENTRIES = toText(EMPTY_ROOT, 'base16')

/** From where a proof is judged: the chain, and a session whose committee is trusted. */
export type Trust = { readonly chainId: Hash; readonly session: Session; readonly verifyEd25519: VerifyEd25519 }

/** A block that is final beyond doubt. */
export type ProvenBlock = {
  readonly hash: Hash
  readonly header: BlockHeader
  /** Session of the certificate: the block's own, or the next one for a block after a stop block. */
  readonly session: Session
  readonly certificate: {
    readonly sn: BlockHeader['sn']
    readonly signers: readonly Member[]
    readonly weight: number
    readonly threshold: number
  }
}

/**
 * Parses and checks an encoded `FinalityProof`, from the trusted session on: links over sessions before it are not looked
 * at. Throws `VerifyError`.
 */
export async function verifyFinality(bytes: Uint8Array, trust: Trust): Promise<ProvenBlock> {
  return (await verifyFinalityPath(bytes, trust)).block
}

/** A session that a proof leads to: the stop block that elected it, and the encoded `SessionLink` that proves that. */
export type ProvenSession = { readonly session: Session; readonly stop: BlockRef; readonly link: Uint8Array }

/** The same, with the sessions on the way, oldest first. */
export async function verifyFinalityPath(
  bytes: Uint8Array,
  trust: Trust,
): Promise<{ readonly block: ProvenBlock; readonly sessions: readonly ProvenSession[] }> {
  const { links, block } = decodeExactly('the finality proof', FinalityProof, bytes)
  const chain = readChain(block)
  const sessions: ProvenSession[] = []
  let { session } = trust
  for (const link of links.slice(linksBefore(links, session))) {
    session = await followLink(link, { ...trust, session })
    const { hash, header } = readChain(link.stop).first
    const stop = { sn: header.sn, hash, height: header.height }
    sessions.push({ session, stop, link: SessionLink.encode(link) })
  }
  return { block: await proveFirst(chain, { ...trust, session }), sessions }
}

/** How many links at the front are over sessions before the trusted one. */
function linksBefore(links: readonly SessionLink[], trusted: Session): number {
  if (trusted.session === 1) return 0
  const first = links.findIndex(({ stop }) => readChain(stop).first.header.sn.session >= trusted.session)
  return first < 0 ? links.length : first
}

/** P16.2, P24.3: the session that a proven stop block elects. */
async function followLink(link: SessionLink, trust: Trust): Promise<Session> {
  const { session } = trust
  const chain = readChain(link.stop)
  const { header } = chain.first
  const name = `the link from session ${session.session}`
  if (header.sn.session !== session.session || !header.isStop) {
    throw new VerifyError('missing-link', `${name} starts at block ${formatSn(header.sn)}, which is not its stop block`)
  }
  await proveFirst(chain, trust)
  if (taggedHashHex(ELECTION_TAG, link.election) !== header.electionRoot) {
    throw new VerifyError(
      'bad-election',
      `the election after session ${session.session} is not what its stop block holds`,
    )
  }
  const { plan } = readElection(link.election)
  const problem = planProblem(plan)
  if (problem !== null) {
    throw new VerifyError(
      'bad-election',
      `the election after session ${session.session} gives no committee: ${problem}`,
    )
  }
  return { session: session.session + 1, ...plan }
}

/** The first block of the chain is final by the certificate of the last. */
async function proveFirst(chain: HeaderChain, trust: Trust): Promise<ProvenBlock> {
  checkLinks(chain, trust)
  const { session } = trust
  const { notarization, first, top } = chain
  if (notarization.sn.session !== session.session) {
    const known = `committees are proven up to session ${session.session}`
    throw new VerifyError('missing-link', `the certificate is of session ${notarization.sn.session}, but ${known}`)
  }
  if (notarization.blockHash !== top.hash || compareSn(notarization.sn, top.header.sn) !== 0) {
    throw new VerifyError('bad-certificate', `the notarization is not of block ${formatSn(top.header.sn)}`)
  }
  const unreached = reachProblem(chain, session)
  if (unreached !== null) throw unreached
  const weight = quorumWeight(notarization, session)
  await checkSignatures(notarization, trust)
  const signers = notarization.signers.flatMap((index) => session.voters[index] ?? [])
  const certificate = { sn: notarization.sn, signers, weight, threshold: thresholdWeight(session) }
  return { ...first, session, certificate }
}

/** Every header is of this chain, and names the one before it as its parent. */
function checkLinks({ headers }: HeaderChain, { chainId }: Trust): void {
  let parent: NamedHeader | null = null
  for (const { hash, header } of headers) {
    if (header.version !== BLOCK_VERSION) {
      throw new VerifyError('malformed', `block ${formatSn(header.sn)} has the unknown version ${header.version}`)
    }
    if (header.chainId !== chainId) {
      throw new VerifyError('other-chain', `block ${formatSn(header.sn)} is of chain ${header.chainId}, not ${chainId}`)
    }
    if (parent !== null && (header.parentHash !== parent.hash || header.height !== parent.header.height + 1)) {
      const names = `block ${formatSn(header.sn)} is not the child of block ${formatSn(parent.header.sn)}`
      throw new VerifyError('broken-chain', `the headers do not follow one another: ${names}`)
    }
    parent = { hash, header }
  }
}

/** Headers from a block upward, oldest first. */
type Rising = Pick<HeaderChain, 'first' | 'top' | 'headers'>

/** Whether a certificate of the last header would prove the first block final. Who makes proofs asks what checks them. */
export function isReached(chain: Rising, session: Session): boolean {
  return reachProblem(chain, session) === null
}

/** P13.1: nota(S,e,m) with m > k makes (S,e,m-k) and what is below it final, as far as the session's stop block. */
function reachProblem(chain: Rising, session: Session): VerifyError | null {
  const { k } = session.params
  const { header: first } = chain.first
  const { header: top } = chain.top
  const certificate = `the notarization of ${formatSn(top.sn)}`
  if (top.sn.s <= k) return new VerifyError('not-final', `${certificate} makes nothing final: k is ${k}`)
  const reached = chain.headers.at(-1 - k)?.header
  if (reached === undefined || reached.height < first.height) {
    const last = top.height - k
    return new VerifyError('not-final', `${certificate} reaches height ${last} (k is ${k}), not height ${first.height}`)
  }
  const { session: number, epoch, s } = reached.sn
  if (number !== top.sn.session || epoch !== top.sn.epoch || s !== top.sn.s - k) {
    return new VerifyError('broken-chain', `the last ${k + 1} headers are not of one epoch`)
  }
  if (!isBeforeEnd(chain, session)) {
    const why = 'nothing in the proof shows that its session had not stopped below it'
    return new VerifyError('after-stop', `block ${formatSn(first.sn)} is not proven final: ${why}`)
  }
  return null
}

/**
 * P16.6: whether the first block is at or below the certified session's stop block, as headers tell that a quorum certified.
 * It is, if the stop block is among them, or one of them cannot stand after it: because it carries entries (P5.4-8), because
 * its session is too young to stop (P16.2, P16.3), or because it says that its chain proves the first block final, which
 * it says of nothing after a stop block (`stateHeight`).
 */
function isBeforeEnd({ first, headers }: Rising, { session, params: { k } }: Session): boolean {
  return headers.some(({ header }) => {
    if (header.sn.session !== session) return false
    const isYoung = header.sessionCount <= 2 * k + 2
    return header.isStop || header.payloadRoot !== NO_ENTRIES || isYoung || header.stateHeight >= first.header.height
  })
}

/** P4.4-3: distinct voters of enough weight. */
function quorumWeight({ sn, signers }: Notarization, session: Session): number {
  const weight = weightOf(session, signers)
  const certificate = `the notarization of ${formatSn(sn)}`
  if (weight === null) {
    const count = session.voters.length
    throw new VerifyError(
      'bad-certificate',
      `${certificate} names a signer beyond the ${count} voters of session ${session.session}`,
    )
  }
  const needed = thresholdWeight(session)
  if (weight >= needed) return weight
  throw new VerifyError('bad-certificate', `${certificate} is not by a quorum: weight ${weight}, ${needed} needed`)
}

/** P4.4-4. */
async function checkSignatures(notarization: Notarization, { chainId, session, verifyEd25519 }: Trust): Promise<void> {
  const { sn, blockHash, signers, signatures } = notarization
  const payload = VoteTarget.encode({ ...sn, blockHash: fromString(blockHash, 'base16') })
  const bytes = signBytes(VOTE_TAG, chainId, payload)
  const verdicts = await Promise.all(
    signatures.map((signature, place) => {
      const voter = session.voters[signers[place] ?? -1]
      return voter !== undefined && verifyEd25519({ key: fromString(voter.key, 'base16'), signature, bytes })
    }),
  )
  const wrong = verdicts.indexOf(false)
  if (wrong < 0) return
  const voter = signers[wrong] ?? -1
  const org = session.voters[voter]?.org
  const name = `signature ${wrong + 1} of the notarization of ${formatSn(sn)}`
  throw new VerifyError('bad-signature', `${name} is wrong: it is not by voter ${voter} (${org})`)
}

/** DESIGN.md 5.2: what a signature covers. */
function signBytes(tag: string, chainId: Hash, payload: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${tag}\0`)
  const chain = fromString(chainId, 'base16')
  const bytes = new Uint8Array(head.byteLength + chain.byteLength + payload.byteLength)
  bytes.set(head)
  bytes.set(chain, head.byteLength)
  bytes.set(payload, head.byteLength + chain.byteLength)
  return bytes
}

/**
 * The blocks that consensus goes on from after a snapshot (P5.2, P17.6): the snapshot's own, those below it that later ones
 * name in their certificates, and a certificate of each, which the blocks above carry.
 */
import type { Hash, PeerId } from '../domain.ts'
import type { SnapshotManifest } from '../ledger/snapshot.ts'
import { checkProof, readContents } from '../pala/range/check.ts'
import type { Seed } from '../pala/seed.ts'
import { compareSn } from '../pala/sn.ts'
import type { Notarization, Proposal, Session } from '../pala/types.ts'
import { createVerifier } from '../pala/verify.ts'
import type { BlocksAnswer, HeightRange, SnapshotPeers } from './snapshot-peers.ts'

export type BaseFetch = {
  readonly chainId: Hash
  /** Committees proven by the way to the manifest's proof block, which is above every block asked for. */
  readonly sessions: ReadonlyMap<number, Session>
  readonly manifest: Pick<SnapshotManifest, 'height' | 'blockHash'>
  readonly ask: SnapshotPeers['blocks']
}

export type Base = Pick<Seed, 'blocks' | 'notarizations'>
export type BaseOutcome =
  | { readonly ok: true; readonly base: Base }
  | { readonly ok: false; readonly isLie: boolean; readonly reason: string }

type Step = { readonly blocks: readonly Proposal[] } | Exclude<BaseOutcome, { readonly ok: true }>

const refuse = (reason: string) => ({ ok: false, isLie: false, reason }) as const
const lie = (reason: string) => ({ ok: false, isLie: true, reason }) as const

/** Fetches and checks them from one peer. */
export async function fetchBase(fetch: BaseFetch, peer: PeerId): Promise<BaseOutcome> {
  const { sessions, manifest } = fetch
  const depth = Math.max(...Array.from(sessions.values(), ({ params }) => params.k))
  const first = Math.max(1, manifest.height - depth)
  const to = manifest.height + depth
  const chain: Proposal[] = []
  for (let from = first; from <= to; from = first + chain.length) {
    const step = await more(fetch, peer, { from, to })
    if (!('blocks' in step)) return step
    const problem = linkProblem(chain, step.blocks, manifest)
    if (problem !== null) return lie(problem)
    chain.push(...step.blocks)
    const base = baseOf(chain, manifest.height)
    if (base !== null) return checkCertificates(fetch, base)
  }
  return lie('blocks without the certificates of those below them')
}

/** Blocks from a height on, as many as the peer gives at once. */
async function more({ chainId, sessions, ask }: BaseFetch, peer: PeerId, range: HeightRange): Promise<Step> {
  const answer: BlocksAnswer | null = await ask(peer, range)
  if (answer?.type !== 'blocks') return refuse(`no block ${range.from}`)
  const contents = await readContents(answer.blocks, { chainId, ...range })
  if (typeof contents === 'string') return lie(contents)
  const verifier = createVerifier({ chainId, sessions })
  const verifyNotarization = async (notarization: Notarization): Promise<boolean> =>
    (await verifier.message({ type: 'notarization', notarization })).ok
  const outcome = await checkProof(contents, answer.proof, { sessions, chainId, verifyNotarization })
  if (outcome.ok) return { blocks: contents.blocks }
  return outcome.unknown ? refuse(outcome.reason) : lie(outcome.reason)
}

/** The block of the snapshot is proven; what is linked to it from below is as final. */
function linkProblem(
  chain: readonly Proposal[],
  next: readonly Proposal[],
  { height, blockHash }: BaseFetch['manifest'],
): string | null {
  const [above, below] = [next[0]?.block, chain.at(-1)?.block]
  if (above !== undefined && below !== undefined && above.header.parentHash !== below.hash) {
    return 'blocks that do not follow'
  }
  const own = next.find(({ block }) => block.header.height === height)
  return own === undefined || own.block.hash === blockHash ? null : `another block of height ${height}`
}

/** Null while a certificate is missing. */
function baseOf(chain: readonly Proposal[], height: number): Base | null {
  const blocks = chain.filter(({ block }) => block.header.height <= height)
  if (blocks.at(-1)?.block.header.height !== height) return null
  const carried = new Map(chain.flatMap(({ block }) => block.notarizations).map((each) => [each.blockHash, each]))
  const notarizations = blocks.flatMap(({ block }) => carried.get(block.hash) ?? [])
  return notarizations.length === blocks.length ? { blocks, notarizations } : null
}

/** P4.4. Blocks above the snapshot's are not proven to the last by what they came with, so what they carry is. */
async function checkCertificates({ chainId, sessions }: BaseFetch, base: Base): Promise<BaseOutcome> {
  const verifier = createVerifier({ chainId, sessions })
  for (const [index, notarization] of base.notarizations.entries()) {
    const header = base.blocks[index]?.block.header
    if (header === undefined || compareSn(header.sn, notarization.sn) !== 0) return lie('a certificate of another slot')
    const check = await verifier.message({ type: 'notarization', notarization })
    if (!check.ok) return lie(check.reason)
  }
  return { ok: true, base }
}

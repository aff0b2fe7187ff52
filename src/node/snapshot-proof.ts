/**
 * Whether a manifest is of this chain (P17.6, P24.3): from genesis by the stop blocks of all sessions to the block whose
 * header commits to the state root, and to the block of the snapshot itself. Only the genesis is trusted.
 */
import type { Hash, PeerId } from '../domain.ts'
import type { SnapshotManifest } from '../ledger/snapshot.ts'
import type { BlockHeader, Session, SessionRecord } from '../pala/types.ts'
import { VerifyError } from '../verify/errors.ts'
import { type ProvenSession, verifyFinalityPath } from '../verify/finality.ts'
import type { VerifyEd25519 } from '../verify/signatures.ts'
import type { SnapshotPeers } from './snapshot-peers.ts'

/** Answers over one way: each walks hundreds of sessions. */
const MAX_ANSWERS = 10_000

/** `isLie`: what the peer said cannot be; else it had nothing to show, or its manifest is not provable any more. */
export type ManifestVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly isLie: boolean; readonly reason: string }

export type ManifestProverOptions = {
  readonly chainId: Hash
  /** Genesis. */
  readonly first: Session
  readonly peers: Pick<SnapshotPeers, 'proof'>
  readonly verifyEd25519: VerifyEd25519
}

export interface ManifestProver {
  /** Has the peer prove the manifest. */
  prove(peer: PeerId, manifest: SnapshotManifest): Promise<ManifestVerdict>
  /** The committees proven so far, genesis first. */
  sessions(): ReadonlyMap<number, Session>
  /** The sessions that started at or below a height, by proofs, each with what proves it. */
  startedBy(height: number): readonly (SessionRecord & { readonly link: Uint8Array })[]
}

type Shown =
  | { readonly ok: true; readonly hash: Hash; readonly header: BlockHeader }
  | Exclude<ManifestVerdict, { readonly ok: true }>

/** A prover that knows the genesis; what one peer proved of sessions holds for all. */
export function createManifestProver({ chainId, first, peers, verifyEd25519 }: ManifestProverOptions): ManifestProver {
  const proven: ProvenSession[] = []

  /** The latest session whose committee may certify a block of this height. */
  const sessionBelow = (height: number): Session =>
    proven.findLast(({ stop }) => stop.height < height)?.session ?? first

  async function show(peer: PeerId, height: number): Promise<Shown> {
    let session = sessionBelow(height)
    for (let answers = 0; answers < MAX_ANSWERS; answers++) {
      const answer = await peers.proof(peer, { fromSession: session.session, height })
      if (answer === null) return refuse(`no proof of block ${height}`)
      const path = await verified(answer.proof, session)
      if (path instanceof VerifyError) return lie(`a proof of block ${height} that is wrong: ${path.message}`)
      for (const each of path.sessions) note(each)
      const { hash, header } = path.block
      if (!answer.more) return header.height === height ? { ok: true, hash, header } : lie('a proof of another block')
      const reached = path.sessions.at(-1)?.session
      if (reached === undefined) return lie('a proof that leads nowhere, and more of it')
      session = reached
    }
    return lie('proofs without end')
  }

  async function verified(proof: Uint8Array, session: Session) {
    try {
      return await verifyFinalityPath(proof, { chainId, session, verifyEd25519 })
    } catch (error) {
      if (error instanceof VerifyError) return error
      throw error
    }
  }

  function note(each: ProvenSession): void {
    const known = proven.at(-1)?.session.session ?? first.session
    if (each.session.session === known + 1) proven.push(each)
  }

  return {
    async prove(peer, { height, proofHeight, blockHash, stateRoot }) {
      const base = await show(peer, height)
      if (!base.ok) return base
      if (base.hash !== blockHash) return lie(`a snapshot of block ${blockHash}, while ${base.hash} is final`)
      const witness = await show(peer, proofHeight)
      if (!witness.ok) return witness
      const { header } = witness
      if (header.stateHeight !== height) return refuse(`block ${proofHeight} commits to another state than ${height}`)
      if (header.stateRoot === stateRoot) return { ok: true }
      return lie(`a snapshot with the root ${stateRoot}, while block ${proofHeight} commits to ${header.stateRoot}`)
    },
    sessions: () => new Map([first, ...proven.map(({ session }) => session)].map((each) => [each.session, each])),
    startedBy: (height) => proven.filter(({ stop }) => stop.height <= height),
  }
}

const refuse = (reason: string) => ({ ok: false, isLie: false, reason }) as const
const lie = (reason: string) => ({ ok: false, isLie: true, reason }) as const

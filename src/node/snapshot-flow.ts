/**
 * Finds a snapshot among peers, proves it, and fetches it (P17.6), in rounds: peers may lie, fall silent, disagree, and go
 * on to their next snapshot meanwhile. What is on disk already counts as long as someone serves that very snapshot.
 */
import { hash } from 'node:crypto'
import type { PeerId } from '../domain.ts'
import { encodeManifest, manifestProblem, type SnapshotManifest, type SnapshotTarget } from '../ledger/snapshot.ts'
import { type Base, fetchBase } from './snapshot-blocks.ts'
import { fetchChunks } from './snapshot-fetch.ts'
import type { SnapshotPeers } from './snapshot-peers.ts'
import type { ManifestProver } from './snapshot-proof.ts'

export type SnapshotFlowOptions = {
  readonly chainId: string
  readonly peers: SnapshotPeers
  readonly target: SnapshotTarget
  readonly prover: ManifestProver
  /** Whether a snapshot of this height is wanted at all. */
  readonly isWanted: (height: number) => Promise<boolean>
  /** A snapshot is proven, and its chunks are fetched from these peers from now on. */
  readonly onChosen: (manifest: SnapshotManifest, servers: readonly PeerId[]) => void | Promise<void>
  /** What a peer offers is of no use. */
  readonly onRefused: (peer: PeerId, reason: string) => void
}

/** A snapshot that is whole on disk, and the blocks to begin from. */
export type Fetched = { readonly manifest: SnapshotManifest; readonly base: Base }

/** `none`: no peer serves a snapshot that is wanted and can be proven; `unfinished`: chunks are missing still. */
export type RoundOutcome =
  | { readonly kind: 'fetched'; readonly fetched: Fetched }
  | { readonly kind: 'none' | 'unfinished' }

export interface SnapshotFlow {
  /** Asks the peers given, and fetches what it can. */
  round(connected: readonly PeerId[]): Promise<RoundOutcome>
}

/** One manifest, and who serves it; equal manifests have one key. */
type Candidate = { readonly key: string; readonly manifest: SnapshotManifest; readonly servers: PeerId[] }

/** A flow that remembers who lied. */
export function createSnapshotFlow(options: SnapshotFlowOptions): SnapshotFlow {
  const { chainId, peers, target, prover } = options
  const liars = new Set<PeerId>()
  /** How often a manifest, by its key, was tried in vain: others go first then. */
  const failures = new Map<string, number>()

  function accuse(peer: PeerId, reason: string): void {
    liars.add(peer)
    peers.lied(peer, reason)
    options.onRefused(peer, reason)
  }

  async function candidatesOf(connected: readonly PeerId[]): Promise<Candidate[]> {
    const asked = connected.filter((peer) => !liars.has(peer))
    const manifests = await Promise.all(asked.map((peer) => peers.manifest(peer)))
    const found = new Map<string, Candidate>()
    for (const [index, peer] of asked.entries()) {
      const manifest = manifests[index]
      if (manifest === null || manifest === undefined) continue
      const key = keyOf(manifest)
      const known = found.get(key) ?? { key, manifest, servers: [] }
      known.servers.push(peer)
      found.set(key, known)
    }
    const unfinished = await target.unfinished()
    const begun = unfinished === null ? null : keyOf(unfinished)
    const rank = ({ key }: Candidate): number => (failures.get(key) ?? 0) + (key === begun ? 0 : 0.5)
    return [...found.values()].sort((a, b) => rank(a) - rank(b) || compareOffers(a, b))
  }

  /** Whether one of the servers can prove it; whoever shows what is not so is left out from now on. */
  async function isProven({ manifest, servers }: Candidate): Promise<boolean> {
    const problem = await manifestProblem(manifest)
    for (const peer of servers) {
      if (problem !== null) accuse(peer, `a manifest that cannot be: ${problem}`)
      else {
        const verdict = await prover.prove(peer, manifest)
        if (verdict.ok) return true
        if (verdict.isLie) accuse(peer, verdict.reason)
        else options.onRefused(peer, verdict.reason)
      }
    }
    return false
  }

  async function baseOf({ manifest, servers }: Candidate): Promise<Base | null> {
    const sessions = prover.sessions()
    for (const peer of servers.filter((each) => !liars.has(each))) {
      const outcome = await fetchBase({ chainId, sessions, manifest, ask: peers.blocks }, peer)
      if (outcome.ok) return outcome.base
      if (outcome.isLie) accuse(peer, outcome.reason)
      else options.onRefused(peer, outcome.reason)
    }
    return null
  }

  /** Null when nothing came of it. */
  async function take(candidate: Candidate): Promise<RoundOutcome | null> {
    const { manifest, servers } = candidate
    const base = await baseOf(candidate)
    if (base === null) return null
    const missing = await target.begin(manifest)
    const honest = servers.filter((peer) => !liars.has(peer))
    await options.onChosen(manifest, honest)
    const left = await fetchChunks({
      target,
      missing,
      peers: honest,
      ask: (peer, index) => peers.chunk(peer, { height: manifest.height, index }),
      penalise: accuse,
    })
    if (left.length === 0) return { kind: 'fetched', fetched: { manifest, base } }
    return left.length < missing.length ? { kind: 'unfinished' } : null
  }

  return {
    async round(connected) {
      let isTried = false
      for (const candidate of await candidatesOf(connected)) {
        if (!(await options.isWanted(candidate.manifest.height))) continue
        if (!(await isProven(candidate))) continue
        const outcome = await take(candidate)
        if (outcome !== null) return outcome
        isTried = true
        failures.set(candidate.key, (failures.get(candidate.key) ?? 0) + 1)
      }
      return { kind: isTried ? 'unfinished' : 'none' }
    },
  }
}

/** Manifests that agree are one. */
function keyOf(manifest: SnapshotManifest): string {
  return hash('sha256', encodeManifest(manifest))
}

/** The newest first, then what most peers serve. */
function compareOffers(a: Candidate, b: Candidate): number {
  return b.manifest.height - a.manifest.height || b.servers.length - a.servers.length
}

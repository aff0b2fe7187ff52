/** Turns a home without blocks into one that begins with a snapshot, in one write (P17.6, P20.6). */
import type { SnapshotTarget } from '../ledger/snapshot.ts'
import { lowestMark } from '../pala/prune-store.ts'
import { seedRecords } from '../pala/seed.ts'
import type { PalaStore } from '../pala/store.ts'
import { linkKey } from './proof-sources.ts'
import type { Fetched } from './snapshot-flow.ts'
import type { ManifestProver } from './snapshot-proof.ts'

export type SeedParts = {
  readonly store: Pick<PalaStore, 'load' | 'writesOf'>
  readonly target: Pick<SnapshotTarget, 'finish'>
  readonly prover: Pick<ManifestProver, 'startedBy'>
}

/** Until it resolves the home is as fresh as before; afterwards ledger, consensus and proofs all begin at the snapshot. */
export async function beginWith({ manifest, base }: Fetched, { store, target, prover }: SeedParts): Promise<void> {
  const started = prover.startedBy(manifest.height)
  const sessions = started.map(({ session, stop }) => ({ session, stop }))
  const lowest = base.blocks[0]?.block.header.height ?? manifest.height
  const links = started.map(({ session, link }) => ({ key: linkKey(session.session - 1), value: link }))
  const records = seedRecords({ ...base, sessions }, await store.load())
  await target.finish([...store.writesOf(records), ...links, lowestMark(lowest)])
}

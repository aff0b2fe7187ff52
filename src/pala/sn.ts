/** Block slots and epochs and their one order: session, then epoch, then s (P3.2). Fresher means greater. */

/** The name of a block slot (P3.1): three unsigned 32-bit integers. `s` counts from 1 inside an epoch. */
export type Sn = { readonly session: number; readonly epoch: number; readonly s: number }

/** The reign of one leader inside a session. */
export type EpochId = { readonly session: number; readonly epoch: number }

/** The slot of the genesis block, notarized without a certificate (P3.3). */
export const GENESIS_SN: Sn = { session: 0, epoch: 0, s: 1 }

/** Negative when `a` is older than `b`, zero when equal, positive when fresher. */
export function compareEpochs(a: EpochId, b: EpochId): number {
  return a.session - b.session || a.epoch - b.epoch
}

/** Negative when `a` is older than `b`, zero when equal, positive when fresher. Freshness is not height. */
export function compareSn(a: Sn, b: Sn): number {
  return compareEpochs(a, b) || a.s - b.s
}

const hex32 = (value: number): string => value.toString(16).padStart(8, '0')

/** A fixed-width map key: 16 hex characters that sort like the epoch. */
export function epochKey({ session, epoch }: EpochId): string {
  return hex32(session) + hex32(epoch)
}

/** A fixed-width map key: 24 hex characters that sort like the slot. */
export function snKey(sn: Sn): string {
  return epochKey(sn) + hex32(sn.s)
}

/** `(session,epoch,s)` for people. */
export function formatSn({ session, epoch, s }: Sn): string {
  return `(${session},${epoch},${s})`
}

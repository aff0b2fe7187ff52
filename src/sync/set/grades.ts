/**
 * Grades (S3.4) and the filter that says which ATXs of the newest closed timeframe count in step 1 (S3.3). The filter is
 * a plug-in; the default goes by grade.
 */
import type { Millis } from '../../domain.ts'

export type Grade = 0 | 1 | 2

/** What grading knows of an ATX. */
export type Candidate = {
  /** 32 bytes. */
  readonly id: Uint8Array
  readonly publishEpoch: number
  readonly receivedAt: Millis
  /**
   * Since when this node has two ATXs of its publisher for that epoch; null while it has one. Those before the two newest
   * timeframes do not count: what comes so much later has grade 0 by its receipt.
   */
  readonly equivocatedAt: Millis | null
}

/** Decides from when an ATX counts as settled. Asked when the ATX is inserted and again when its publisher equivocates. */
export interface SettledFilter {
  /** The first instant at which it is settled; null when it never will be. The same answer on the same facts. */
  settlesAt(candidate: Candidate): Millis | null
}

export type GradeOptions = {
  readonly epochStart: (epoch: number) => Millis
  /** Delta of S3.4: the delay of the network that grading allows for. */
  readonly deltaMs: Millis
  readonly minHighGrade: Exclude<Grade, 0>
}

/** The epoch an ATX is for: the one after it was published in. */
export function targetEpochOf({ publishEpoch }: { readonly publishEpoch: number }): number {
  return publishEpoch + 1
}

/** The grade of an ATX whose target epoch starts at `start` (S3.4); final from that instant on. */
export function gradeOf(candidate: Omit<Candidate, 'id' | 'publishEpoch'>, start: Millis, deltaMs: Millis): Grade {
  const { receivedAt } = candidate
  const proofAt = candidate.equivocatedAt ?? Number.POSITIVE_INFINITY
  if (receivedAt < start - 4 * deltaMs && proofAt >= start) return 2
  if (receivedAt < start - 3 * deltaMs && proofAt >= start - deltaMs) return 1
  return 0
}

/** Settled at the start of its target epoch, when its grade is at least `minHighGrade`. */
export function createGradeFilter({ epochStart, deltaMs, minHighGrade }: GradeOptions): SettledFilter {
  // Neighbours are mostly for one epoch, and on a calendar its start takes longer to find than the grade.
  let latest = { epoch: -1, start: 0 }
  const startOf = (epoch: number): Millis => {
    if (epoch !== latest.epoch) latest = { epoch, start: epochStart(epoch) }
    return latest.start
  }
  return {
    settlesAt(candidate) {
      const start = startOf(targetEpochOf(candidate))
      return gradeOf(candidate, start, deltaMs) >= minHighGrade ? start : null
    },
  }
}

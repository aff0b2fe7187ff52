/** Assertions stay on in production: a failed one is a bug, and a node with a bug stops. */

/** A broken assumption of ours; never the fault of a peer or of the disk. */
export class AssertionError extends Error {
  override name = 'AssertionError'
}

/** Stops the caller with an {@link AssertionError} unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** Returns `value`, or fails when it is null or undefined. */
export function required<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message)
  return value
}

/** Marks a place the compiler proves unreachable. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`)
}

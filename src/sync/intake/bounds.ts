/** Every bound of the intake, with its reason (S8). */

const MIB = 1_024 * 1_024

/** Bytes of one ATX (S1 maxBlob). */
export const MAX_BLOB_BYTES = 256 * 1_024
/** Blobs that may wait for a dependency, and their bytes. */
export const MAX_PARKED = 10_000
export const MAX_PARKED_BYTES = 64 * MIB
/** Links a dependency is asked for one after the other; what is further down must come by itself. */
export const MAX_DEPTH = 4_096
/** Blobs with different bytes under one id: at most one of them has the right signature. */
export const MAX_CANDIDATES = 4
/** Bringers of one waiting blob that are told what became of it. */
export const MAX_BRINGERS = 8
/** Ids known to be invalid (S8 `rejected`). */
export const MAX_REJECTED = 100_000
/** ATXs judged together: the fastest of them wait for the slowest. */
export const CHECKED_TOGETHER = 256
/** ATXs, and their bytes, in one write. */
export const INSERTED_TOGETHER = 128
export const INSERTED_BYTES = 8 * MIB
/** Bytes decoded and hashed before other work gets its turn: about 2 ms. */
export const BYTES_PER_TURN = 512 * 1_024
/** ATXs decoded before other work gets its turn. */
export const DECODED_PER_TURN = 256
/** Infos of recent ATXs kept, since many build on the same one; about 600 bytes each. */
export const MAX_CACHED_INFOS = 8_192

/** Why a proof was not accepted: a stable code, and a sentence with the exact reason. */
import { PalaverError } from '../errors.ts'

export type VerifyErrorCode =
  /** Bytes or text that are no proof, or not in the one form a proof has. */
  | 'malformed'
  /** The genesis is not one; nothing was judged. */
  | 'genesis-invalid'
  | 'other-chain'
  /** What the file says for people differs from what its proof shows. */
  | 'altered'
  /** Headers that do not follow one another. */
  | 'broken-chain'
  /** A certificate of the wrong block, by too few, or by others than the session's voters (P4.4). */
  | 'bad-certificate'
  | 'bad-signature'
  /** The certificate does not make the block final (P13.1). */
  | 'not-final'
  /** The block may stand after the stop block of its session, where finality ends (P16.6). */
  | 'after-stop'
  /** An election that the stop block does not hold, or that no session may have (P16.2). */
  | 'bad-election'
  /** The committee of the certificate's session is not proven. */
  | 'missing-link'
  | 'not-included'
  | 'bad-state-proof'
  /** A light client was shown something older than, or in conflict with, what it has verified. */
  | 'older-head'
  | 'fork'
  /** A light client's state is older than the trust period (A25). */
  | 'too-old'

export class VerifyError extends PalaverError<VerifyErrorCode> {}

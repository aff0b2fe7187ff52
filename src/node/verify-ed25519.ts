/** The verifier's Ed25519 on Node: `node:crypto`, ten times faster than JavaScript. */
import { verifyRaw } from '../crypto/keys.ts'
import type { VerifyEd25519 } from '../verify/verify.ts'

export const verifyEd25519: VerifyEd25519 = ({ key, signature, bytes }) => verifyRaw(key, signature, bytes)

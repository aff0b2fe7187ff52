/** Ed25519 by `node:crypto`, as the command line brings it to the verifier. */
import { createPublicKey, verify } from 'node:crypto'
import type { VerifyEd25519 } from '../../../src/verify/signatures.ts'

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

export const verifyWithNode: VerifyEd25519 = ({ key, signature, bytes }) => {
  const der = Buffer.concat([SPKI_PREFIX, key])
  return verify(null, bytes, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)
}

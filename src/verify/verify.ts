/**
 * `palaver/verify`: checks proofs offline, from genesis outwards, without trusting any node. Runs in Node and in browsers;
 * depends on no other part of the node.
 */
import { compareWithProof, openProofFile, type ProofSummary, summaryOf } from './file.ts'
import { readTrustedGenesis } from './genesis.ts'
import { type ProofType, type Proven, verifyProofBytes } from './proofs.ts'
import { type VerifyEd25519, verifyOnPlatform } from './signatures.ts'

export { VerifyError, type VerifyErrorCode } from './errors.ts'
export type { ProofDocument, ProofSummary } from './file.ts'
export type { ProvenBlock } from './finality.ts'
export { readTrustedGenesis, type TrustedGenesis } from './genesis.ts'
export {
  checkTrustPeriod,
  createLightClient,
  type LightAnswer,
  type LightClient,
  type LightOptions,
  type LightPeer,
  type LightRequest,
  TRUST_PERIOD_MS,
} from './light.ts'
export { type LightState, readLightState, writeLightState } from './light-state.ts'
export type { ProofType, Proven } from './proofs.ts'
export type { SignatureCheck, VerifyEd25519 } from './signatures.ts'

export type VerifyOptions = {
  /** WebCrypto when absent, JavaScript where that has no Ed25519. On Node, `node:crypto` is the fastest. */
  readonly verifyEd25519?: VerifyEd25519
}

/** What was proven, in full and in the words of the file. */
export type VerifiedProof = { readonly proven: Proven; readonly summary: ProofSummary }

/** Checks proofs of one chain. Every method rejects with `VerifyError`. */
export interface ProofVerifier {
  readonly chainId: string
  /** Checks the text of a proof file. */
  file(text: string): Promise<VerifiedProof>
  /** Checks the bare bytes of a proof. */
  bytes(type: ProofType, proof: Uint8Array): Promise<VerifiedProof>
}

/** A verifier that trusts the genesis with this text. Throws `genesis-invalid`. */
export function createProofVerifier(genesisText: string, options: VerifyOptions = {}): ProofVerifier {
  const { chainId, session } = readTrustedGenesis(genesisText)
  const trust = { chainId, session, verifyEd25519: options.verifyEd25519 ?? verifyOnPlatform }

  async function bytes(type: ProofType, proof: Uint8Array): Promise<VerifiedProof> {
    const proven = await verifyProofBytes(type, proof, trust)
    return { proven, summary: summaryOf(proven) }
  }

  return {
    chainId,
    bytes,
    async file(text) {
      const { type, bytes: proof, said } = openProofFile(text)
      const verified = await bytes(type, proof)
      compareWithProof(said, verified.summary)
      return verified
    },
  }
}

/** Checks one proof file against a genesis. Rejects with `VerifyError`; its message is the exact reason. */
export async function verifyProof(
  fileText: string,
  genesisText: string,
  options: VerifyOptions = {},
): Promise<VerifiedProof> {
  return createProofVerifier(genesisText, options).file(fileText)
}

/** Ed25519 for verifiers that run anywhere: by the platform's WebCrypto where it has it, else in JavaScript. */
import { ed25519 } from '@noble/curves/ed25519.js'

/** One check: raw key (32 bytes), signature (64 bytes), and the bytes it covers. */
export type SignatureCheck = {
  readonly key: Uint8Array
  readonly signature: Uint8Array
  readonly bytes: Uint8Array
}

/** Whether the signature is right. Callers may bring a faster one, such as `node:crypto`. */
export type VerifyEd25519 = (check: SignatureCheck) => boolean | Promise<boolean>

/** About 1.5 ms each; needs nothing of the platform. */
export const verifyInJavaScript: VerifyEd25519 = ({ key, signature, bytes }) => {
  try {
    return ed25519.verify(signature, bytes, key, { zip215: false })
  } catch {
    return false
  }
}

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

/** By WebCrypto; where a platform has no Ed25519 (or no secure context), by {@link verifyInJavaScript}. */
export const verifyOnPlatform: VerifyEd25519 = async (check) => {
  const key = await platformKey(check.key)
  if (key === null) return verifyInJavaScript(check)
  return globalThis.crypto.subtle.verify('Ed25519', key, own(check.signature), own(check.bytes))
}

async function platformKey(raw: Uint8Array) {
  try {
    return await globalThis.crypto.subtle.importKey('raw', own(raw), 'Ed25519', false, ['verify'])
  } catch {
    return null
  }
}

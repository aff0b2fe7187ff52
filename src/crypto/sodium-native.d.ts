/** The part of sodium-native that is used; the package has no types of its own. */
declare module 'sodium-native' {
  /** `signature`: 64 bytes, `key`: 32 bytes; throws for other lengths. */
  export function crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean
}

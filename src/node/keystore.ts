/**
 * The node's Ed25519 key on disk: its seed under a password (scrypt, AES-256-GCM), or plain where the operator asked for
 * that. A damaged file and a wrong password are told apart by a checksum.
 */
import { createCipheriv, createDecipheriv, hash, randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { createSigner } from '../crypto/keys.ts'
import type { PublicKeyHex } from '../domain.ts'
import { writeFileAtomic } from './atomic-file.ts'
import { ConfigError } from './errors.ts'
import { checkPrivate } from './home.ts'

const SEED_BYTES = 32
const SALT_BYTES = 16
const NONCE_BYTES = 12
/** scrypt's N as a power of two: 17 costs 128 MiB and about half a second. */
const DEFAULT_LOG_N = 17
const SCRYPT_R = 8
/** scrypt needs 128 * N * r bytes and a little more. */
const SCRYPT_OVERHEAD_BYTES = 1_048_576
const CIPHER = 'aes-256-gcm'

const hexBytes = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))

const sealedSchema = z.strictObject({
  kdf: z.literal('scrypt'),
  // The bounds keep a planted file from taking all memory.
  logN: z.int().min(10).max(20),
  r: z.literal(SCRYPT_R),
  p: z.literal(1),
  salt: hexBytes(SALT_BYTES),
  cipher: z.literal(CIPHER),
  nonce: hexBytes(NONCE_BYTES),
  ciphertext: hexBytes(SEED_BYTES),
  tag: hexBytes(16),
})

const keystoreSchema = z.strictObject({
  version: z.literal(1),
  publicKey: hexBytes(32),
  /** Exactly one of the two. */
  sealed: sealedSchema.optional(),
  plainSeed: hexBytes(SEED_BYTES).optional(),
  /** Over everything else: tells damage from a wrong password. */
  checksum: hexBytes(32),
})

type Keystore = z.infer<typeof keystoreSchema>
type Sealed = z.infer<typeof sealedSchema>

/** What is known of a key without its password. */
export type KeystoreInfo = { readonly publicKey: PublicKeyHex; readonly isEncrypted: boolean }

const deriveKey = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** A fresh 32-byte seed. */
export function createSeed(): Uint8Array {
  return randomBytes(SEED_BYTES)
}

/**
 * The text of a keystore; `password: null` stores the seed plainly. `logN` is scrypt's cost. Throws `password-missing`
 * for an empty password.
 */
export async function createKeystore(seed: Uint8Array, password: string | null, logN = DEFAULT_LOG_N): Promise<string> {
  const { publicKey } = createSigner(seed)
  const secret =
    password === null
      ? { plainSeed: Buffer.from(seed).toString('hex') }
      : { sealed: await seal(seed, { password, publicKey, logN }) }
  const content = { version: 1 as const, publicKey, ...secret }
  return `${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 2)}\n`
}

/** Whose key it is and whether it needs a password. Throws `keystore-damaged`. */
export function inspectKeystore(text: string): KeystoreInfo {
  const { publicKey, sealed } = parseKeystore(text)
  return { publicKey, isEncrypted: sealed !== undefined }
}

/** The seed. Throws `keystore-damaged`, `wrong-password`, or `password-missing` when it is encrypted and none is given. */
export async function openKeystore(text: string, password: string | null): Promise<Uint8Array> {
  const { publicKey, sealed, plainSeed } = parseKeystore(text)
  const seed = sealed === undefined ? Buffer.from(plainSeed ?? '', 'hex') : await unseal(sealed, publicKey, password)
  if (createSigner(seed).publicKey !== publicKey) throw damaged('it does not hold the key that it names')
  return seed
}

/** Where a password comes from: a file, or a question to the person. Null when neither is at hand. */
export type PasswordSource = () => Promise<string | null>

/** Opens the keystore file, asking for the password only when one is needed. Throws as `openKeystore`, and `key-missing`. */
export async function unlockKey(path: string, askPassword: PasswordSource): Promise<Uint8Array> {
  const text = await readKeystore(path)
  return openKeystore(text, inspectKeystore(text).isEncrypted ? await askPassword() : null)
}

/** The text of a keystore file. Throws `key-missing` or `key-permissions`. */
export async function readKeystore(path: string): Promise<string> {
  try {
    await checkPrivate(path, 'key-permissions', 'chmod 600')
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    const why = (cause as Error).message
    throw new ConfigError('key-missing', `cannot read the key at ${path} (${why}): make one with palaver init`, {
      cause,
    })
  }
}

/** Writes the same key under a new password; null stores it plainly. Throws as `openKeystore`. */
export async function changePassword(
  path: string,
  passwords: { readonly old: string | null; readonly new: string | null },
): Promise<void> {
  const seed = await openKeystore(await readKeystore(path), passwords.old)
  await writeFileAtomic(path, await createKeystore(seed, passwords.new))
}

/** The password in a file, less one line end. Throws `key-permissions` when others may read it, or `password-missing`. */
export async function readPasswordFile(path: string): Promise<string> {
  try {
    await checkPrivate(path, 'key-permissions', 'chmod 600')
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    const why = (cause as Error).message
    throw new ConfigError('password-missing', `cannot read the password file ${path}: ${why}`, { cause })
  }
}

function parseKeystore(text: string): Keystore {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw damaged('it is not JSON', cause)
  }
  const result = keystoreSchema.safeParse(document)
  if (!result.success) throw damaged('it has not the form of a keystore of version 1', result.error)
  const { checksum, ...content } = result.data
  if (checksumOf(content) !== checksum) throw damaged('its checksum is wrong')
  if ((content.sealed === undefined) === (content.plainSeed === undefined)) throw damaged('it holds no one key')
  return result.data
}

function damaged(what: string, cause?: unknown): ConfigError {
  const advice = 'restore key.json from a backup, or import an exported key with palaver keys import'
  return new ConfigError('keystore-damaged', `the keystore is damaged (${what}): ${advice}`, { cause })
}

function checksumOf({ version, publicKey, sealed, plainSeed }: Omit<Keystore, 'checksum'>): string {
  const sealedParts = sealed && Object.values(sealedSchema.parse(sealed))
  return hash('sha256', JSON.stringify([version, publicKey, sealedParts ?? null, plainSeed ?? null]), 'hex')
}

function wrappingKey(password: string | null, salt: Buffer, logN: number): Promise<Buffer> {
  if (password === null || password === '') {
    const advice = 'give it with --password-file FILE, or type it when asked'
    throw new ConfigError('password-missing', `the key needs a password and none was given: ${advice}`)
  }
  const N = 2 ** logN
  const maxmem = 128 * N * SCRYPT_R + SCRYPT_OVERHEAD_BYTES
  // The same characters may be typed as different code points on another keyboard.
  return deriveKey(password.normalize('NFKC'), salt, 32, { N, r: SCRYPT_R, p: 1, maxmem })
}

type SealOptions = { readonly password: string; readonly publicKey: PublicKeyHex; readonly logN: number }

async function seal(seed: Uint8Array, { password, publicKey, logN }: SealOptions): Promise<Sealed> {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)]
  const cipher = createCipheriv(CIPHER, await wrappingKey(password, salt, logN), nonce)
  cipher.setAAD(Buffer.from(publicKey, 'hex'))
  const ciphertext = Buffer.concat([cipher.update(seed), cipher.final()])
  return {
    kdf: 'scrypt',
    logN,
    r: SCRYPT_R,
    p: 1,
    salt: salt.toString('hex'),
    cipher: CIPHER,
    nonce: nonce.toString('hex'),
    ciphertext: ciphertext.toString('hex'),
    tag: cipher.getAuthTag().toString('hex'),
  }
}

async function unseal(sealed: Sealed, publicKey: PublicKeyHex, password: string | null): Promise<Uint8Array> {
  const key = await wrappingKey(password, Buffer.from(sealed.salt, 'hex'), sealed.logN)
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(sealed.nonce, 'hex'))
  decipher.setAAD(Buffer.from(publicKey, 'hex'))
  decipher.setAuthTag(Buffer.from(sealed.tag, 'hex'))
  try {
    return Buffer.concat([decipher.update(Buffer.from(sealed.ciphertext, 'hex')), decipher.final()])
  } catch (cause) {
    throw new ConfigError('wrong-password', 'the password is wrong for this key: try again', { cause })
  }
}

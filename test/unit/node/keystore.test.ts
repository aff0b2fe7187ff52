/** The key on disk: round trips, wrong passwords, damage, and who may read it. */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import {
  changePassword,
  createKeystore,
  createSeed,
  inspectKeystore,
  openKeystore,
  readPasswordFile,
  unlockKey,
} from '../../../src/node/keystore.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

/** A low cost: these tests are about rules, not about strength. */
const LOG_N = 10
const seed = Buffer.alloc(32, 7)
const { publicKey } = createSigner(seed)

async function fileWith(content: string, mode = 0o600): Promise<string> {
  const path = join(await tempDir(), 'file')
  await writeFile(path, content)
  await chmod(path, mode)
  return path
}

describe('keystore', () => {
  it('gives the seed back for the password, and shows only the public key without it', async () => {
    const text = await createKeystore(seed, 'correct horse', LOG_N)
    expect(await openKeystore(text, 'correct horse')).toEqual(seed)
    expect(inspectKeystore(text)).toEqual({ publicKey, isEncrypted: true })
    expect(text).not.toContain(seed.toString('hex'))
  })

  it('never gives the same text twice, nor the same seed', async () => {
    expect(await createKeystore(seed, 'x', LOG_N)).not.toBe(await createKeystore(seed, 'x', LOG_N))
    expect(createSeed()).not.toEqual(createSeed())
  })

  it('a wrong password is told apart from a missing one', async () => {
    const text = await createKeystore(seed, 'right', LOG_N)
    await expect(openKeystore(text, 'wrong')).rejects.toMatchObject({ code: 'wrong-password' })
    await expect(openKeystore(text, 'right\n')).rejects.toMatchObject({ code: 'wrong-password' })
    await expect(openKeystore(text, null)).rejects.toMatchObject({ code: 'password-missing' })
    await expect(openKeystore(text, '')).rejects.toMatchObject({ code: 'password-missing' })
  })

  it('an empty password encrypts nothing', async () => {
    await expect(createKeystore(seed, '', LOG_N)).rejects.toMatchObject({ code: 'password-missing' })
  })

  it('the same characters count whatever code points a keyboard makes of them', async () => {
    const text = await createKeystore(seed, 'caf\u00e9', LOG_N)
    expect(await openKeystore(text, 'cafe\u0301')).toEqual(seed)
  })

  it('is plain only when asked for', async () => {
    const text = await createKeystore(seed, null)
    expect(inspectKeystore(text).isEncrypted).toBe(false)
    expect(await openKeystore(text, null)).toEqual(seed)
  })

  it('a changed character in any value is damage, not a wrong password', async () => {
    const text = await createKeystore(seed, 'x', LOG_N)
    const positions = Array.from(text.matchAll(/[0-9a-f]{16,}/g), (match) => match.index + 3)
    expect(positions).toHaveLength(6)
    for (const at of positions) {
      const changed = text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1)
      await expect(openKeystore(changed, 'x')).rejects.toMatchObject({ code: 'keystore-damaged' })
    }
  })

  it.each(['', '{', '[]', '{"version":2}'])('%j is damage', async (text) => {
    await expect(openKeystore(text, 'x')).rejects.toMatchObject({ code: 'keystore-damaged' })
    expect(() => inspectKeystore(text)).toThrow(expect.objectContaining({ code: 'keystore-damaged' }))
  })

  it('a planted cost that would take all memory is refused', async () => {
    const text = (await createKeystore(seed, 'x', LOG_N)).replace(`"logN": ${LOG_N}`, '"logN": 30')
    await expect(openKeystore(text, 'x')).rejects.toMatchObject({ code: 'keystore-damaged' })
  })
})

describe('keystore file', () => {
  it('asks for a password only when one is needed', async () => {
    const never = (): Promise<string> => Promise.reject(new Error('asked'))
    expect(await unlockKey(await fileWith(await createKeystore(seed, null)), never)).toEqual(seed)
    const sealed = await fileWith(await createKeystore(seed, 'x', LOG_N))
    expect(await unlockKey(sealed, async () => 'x')).toEqual(seed)
    await expect(unlockKey(sealed, never)).rejects.toThrow('asked')
  })

  it('that others may read is refused; a missing one is named', async () => {
    const path = await fileWith(await createKeystore(seed, null), 0o644)
    await expect(unlockKey(path, async () => null)).rejects.toMatchObject({ code: 'key-permissions' })
    await expect(unlockKey(`${path}.gone`, async () => null)).rejects.toMatchObject({ code: 'key-missing' })
  })

  it('changes its password and keeps its key', async () => {
    const path = await fileWith(await createKeystore(seed, 'old', LOG_N))
    const before = await readFile(path, 'utf8')
    await expect(changePassword(path, { old: 'bad', new: 'new' })).rejects.toMatchObject({ code: 'wrong-password' })
    expect(await readFile(path, 'utf8')).toBe(before)
    await changePassword(path, { old: 'old', new: 'new' })
    expect(await unlockKey(path, async () => 'new')).toEqual(seed)
    await expect(unlockKey(path, async () => 'old')).rejects.toMatchObject({ code: 'wrong-password' })
  })
})

describe('password file', () => {
  it.each([
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    ['secret', 'secret'],
    ['secret\n\n', 'secret\n'],
    [' secret ', ' secret '],
  ])('%j holds %j', async (content, password) => {
    expect(await readPasswordFile(await fileWith(content))).toBe(password)
  })

  it('that others may read is refused; a missing one is named', async () => {
    const path = await fileWith('secret', 0o644)
    await expect(readPasswordFile(path)).rejects.toMatchObject({
      code: 'key-permissions',
      message: expect.stringContaining(`chmod 600 ${path}`),
    })
    await expect(readPasswordFile(`${path}.gone`)).rejects.toMatchObject({ code: 'password-missing' })
  })
})

/** `palaver keys`: the node's key in its encrypted keystore. Secrets go from file to file, never to the screen. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '../../src/node/atomic-file.ts'
import { resolveHome } from '../../src/node/config.ts'
import { homePaths, openHome } from '../../src/node/home.ts'
import { lockHome } from '../../src/node/home-lock.ts'
import { changePassword, inspectKeystore, readKeystore } from '../../src/node/keystore.ts'
import { peerIdFromPublicKeyHex } from '../../src/protocols/peer-ids.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { CliError } from '../errors.ts'
import { HOME_FLAG } from '../node-access.ts'
import { note, pairLines, printData } from '../output.ts'
import { knownPassword, newPassword } from '../password.ts'

const show = defineCommand({
  usage: 'show',
  summary: 'public key, peer id, whether a password protects it',
  flags: { ...HOME_FLAG, json: { type: 'boolean', describe: 'print JSON' } },
  async run(args) {
    const { key } = await openHome(resolveHome(args.home))
    const { publicKey, isEncrypted } = inspectKeystore(await readKeystore(key))
    const data = { publicKey, peerId: peerIdFromPublicKeyHex(publicKey), encrypted: isEncrypted, file: key }
    printData(args.json, data, (facts) =>
      pairLines({ ...facts, encrypted: facts.encrypted ? 'yes' : 'no: anyone who reads the file has the key' }),
    )
  },
})

const exportKey = defineCommand({
  usage: 'export',
  summary: 'copy the keystore to a file, under the same password',
  flags: { ...HOME_FLAG, out: { type: 'string', demandOption: true, describe: 'new file (0600)' } },
  async run(args) {
    const { key } = await openHome(resolveHome(args.home))
    const text = await readKeystore(key)
    const { isEncrypted } = inspectKeystore(text)
    try {
      writeFileSync(args.out, text, { mode: 0o600, flag: 'wx' })
    } catch (cause) {
      throw new CliError('failure', `cannot write ${args.out}: ${(cause as Error).message}`, {
        cause,
        hint: 'name a file that does not exist yet',
      })
    }
    note(
      `wrote ${args.out}${isEncrypted ? '' : '; it is not protected by a password: palaver keys change-password sets one'}`,
    )
  },
})

const importKey = defineCommand({
  usage: 'import <file>',
  summary: 'put an exported keystore into a home without a key',
  flags: { ...HOME_FLAG, file: { type: 'string', demandOption: true, describe: 'exported keystore' } },
  async run(args) {
    const paths = homePaths(resolveHome(args.home))
    const text = await readFile(args.file, 'utf8').catch((cause: Error) => {
      throw new CliError('failure', `cannot read ${args.file}: ${cause.message}`, {
        cause,
        hint: 'name a file that keys export wrote',
      })
    })
    const { publicKey } = inspectKeystore(text)
    // A second key in a home with votes could sign against what the first one signed.
    if (
      await stat(paths.key).then(
        () => true,
        () => false,
      )
    ) {
      throw new CliError('failure', `${paths.home} has a key already`, {
        hint: 'import into another home with --home DIR',
      })
    }
    mkdirSync(dirname(paths.key), { recursive: true, mode: 0o700 })
    await writeFileAtomic(paths.key, text)
    note(
      `imported ${peerIdFromPublicKeyHex(publicKey)}; stop every other node with this key: one key must not run twice`,
    )
    note(`then put the network's genesis.json into ${paths.home}`)
  },
})

const change = defineCommand({
  usage: 'change-password',
  summary: 'set, change or remove the password of the key',
  flags: {
    ...HOME_FLAG,
    'password-file': { type: 'string', describe: 'file with the present password' },
    'new-password-file': { type: 'string', describe: 'file with the new password' },
    'no-password': { type: 'boolean', describe: 'store the key unprotected' },
  },
  async run(args) {
    const { key, lock } = await openHome(resolveHome(args.home))
    const held = await lockHome(lock)
    try {
      const { isEncrypted } = inspectKeystore(await readKeystore(key))
      const old = isEncrypted ? await knownPassword(args['password-file']) : null
      await changePassword(key, {
        old,
        new: await newPassword({ 'password-file': args['new-password-file'], 'no-password': args['no-password'] }),
      })
    } finally {
      await held.release()
    }
    note('changed; exported copies keep their old password')
  },
})

export const keys = defineGroup('keys', 'show, export, import the key; change its password', [
  show,
  exportKey,
  importKey,
  change,
])

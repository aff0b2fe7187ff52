/** Where a password comes from: a file, or a person at a terminal who does not see it typed. Never a flag. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { readPasswordFile } from '../src/node/keystore.ts'
import { CliError } from './errors.ts'

/** Flags of commands that make or change a key. */
export const PASSWORD_FLAGS = {
  'password-file': { type: 'string', describe: "file with the key's password" },
  'no-password': { type: 'boolean', describe: 'store the key unprotected' },
} as const

export type PasswordArgs = {
  readonly 'password-file'?: string | undefined
  readonly 'no-password'?: boolean | undefined
}

/** The password for a new key, null for none. Throws `usage` when neither flag is given and nobody can be asked. */
export async function newPassword(args: PasswordArgs): Promise<string | null> {
  if (args['no-password'] && args['password-file'] !== undefined) {
    throw new CliError('usage', '--password-file and --no-password exclude each other', { hint: 'give one of them' })
  }
  if (args['no-password']) return null
  if (args['password-file'] !== undefined) return readPasswordFile(args['password-file'])
  const hint = 'pass --password-file FILE, or --no-password to store it unprotected'
  const first = await ask('new password: ', hint)
  if (first === '') throw new CliError('usage', 'an empty password protects nothing', { hint })
  if ((await ask('again: ', hint)) !== first)
    throw new CliError('usage', 'the two passwords differ', { hint: 'run the command again' })
  return first
}

/** The password of an existing key: from the file, else asked for. */
export function knownPassword(file: string | undefined): Promise<string> {
  return file === undefined ? ask('password: ', 'pass --password-file FILE') : readPasswordFile(file)
}

async function ask(question: string, hint: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new CliError('usage', 'the key needs a password and there is no terminal to ask on', { hint })
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

/**
 * `prepare`: builds `dist/` when the sources are newer, then links the command. npm runs it after `npm ci` and also on the
 * first `npx palaver`, where building again would pull the code from under a running testnet.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = ['src', 'bin', 'testnet', 'bench']
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

function newestSource() {
  const inFolders = SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return Math.max(...[...inFolders, ...FILES].map((path) => statSync(join(root, path)).mtimeMs))
}

const built = statSync(join(root, 'dist/bin/palaver.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
if (built <= newestSource()) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
await import('./link-bin.mjs')

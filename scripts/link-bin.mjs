/**
 * Links the built command as node_modules/.bin/palaver, as npm does for dependencies but not for the package itself: then
 * npm scripts and shells with that folder in PATH find `palaver`, on the Node that lies beside it.
 */
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'dist/bin/palaver.js')
const link = join(root, 'node_modules/.bin/palaver')

if (!existsSync(target)) {
  console.error(`link-bin: ${target} is missing; run: npm run build`)
  process.exit(1)
}
chmodSync(target, 0o755)
mkdirSync(dirname(link), { recursive: true })
if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link)
if (process.platform === 'win32') writeFileSync(`${link}.cmd`, `@node "${target}" %*\r\n`)
else symlinkSync(relative(dirname(link), target), link)

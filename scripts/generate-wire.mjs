/** Generates src/protocols/wire/*.gen.ts from the *.proto files beside them: `npm run generate`. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const wire = join(root, 'src/protocols/wire')
const protons = join(root, 'node_modules/protons/dist/bin/protons.js')
const outDir = process.argv[2] ?? wire

const HEADER =
  '// Generated from the .proto beside this file by `npm run generate`; not edited by hand.\n// @ts-nocheck\n'

for (const name of readdirSync(wire).filter((file) => file.endsWith('.proto'))) {
  const work = mkdtempSync(join(tmpdir(), 'palaver-wire-'))
  writeFileSync(join(work, name), readFileSync(join(wire, name)))
  execFileSync(process.execPath, [protons, name], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] })
  const code = readFileSync(join(work, name.replace('.proto', '.ts')), 'utf8')
  const plain = code.replaceAll('Uint8Array<ArrayBuffer>', 'Uint8Array')
  writeFileSync(join(outDir, name.replace('.proto', '.gen.ts')), HEADER + plain)
  rmSync(work, { recursive: true })
}

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
/** What a bytes field is before its bytes come: the same for all, where protons would allocate one per message. */
const FOOTER = '\nconst NO_BYTES = new Uint8Array(0)\n'

for (const name of readdirSync(wire).filter((file) => file.endsWith('.proto'))) {
  const work = mkdtempSync(join(tmpdir(), 'palaver-wire-'))
  writeFileSync(join(work, name), readFileSync(join(wire, name)))
  execFileSync(process.execPath, [protons, name], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] })
  const code = readFileSync(join(work, name.replace('.proto', '.ts')), 'utf8')
  const plain = code
    .replaceAll('Uint8Array<ArrayBuffer>', 'Uint8Array')
    .replace("import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'\n", '')
    .replaceAll('uint8ArrayAlloc(0)', 'NO_BYTES')
  writeFileSync(
    join(outDir, name.replace('.proto', '.gen.ts')),
    HEADER + plain + (plain.includes('NO_BYTES') ? FOOTER : ''),
  )
  rmSync(work, { recursive: true })
}

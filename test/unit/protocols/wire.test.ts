/** The generated wire code belongs to the schemas beside it. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { tempDir } from '../../helpers/temp-dir.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const WIRE = join(ROOT, 'src/protocols/wire')

it('every *.gen.ts is what scripts/generate-wire.mjs makes of its *.proto', async () => {
  const fresh = await tempDir()
  execFileSync(process.execPath, [join(ROOT, 'scripts/generate-wire.mjs'), fresh], { stdio: 'pipe' })
  const names = readdirSync(fresh).sort()
  expect(names).toEqual(
    readdirSync(WIRE)
      .filter((name) => name.endsWith('.gen.ts'))
      .sort(),
  )
  const stale = names.filter(
    (name) => readFileSync(join(fresh, name), 'utf8') !== readFileSync(join(WIRE, name), 'utf8'),
  )
  expect(stale, 'run `npm run generate`').toEqual([])
})

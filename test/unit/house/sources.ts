/** Reads the repository's sources for the house rules. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** One file: its path from the repository's root, its text, and the text without comments. */
export type Source = { readonly path: string; readonly text: string; readonly code: string }

/** Every TypeScript file below `folders`, generated wire code left out. */
export function sourceFiles(folders: readonly string[]): Source[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name))
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.gen.ts')),
  )
  return paths.sort().map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, text, code: text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '') }
  })
}

/** Value imports as repository paths or package names; `import type` is erased and free, except for siblings. */
export function importsOf({ path, text }: Source): string[] {
  const found = [
    ...text.matchAll(
      /^(?:import|export)\s+(?!type\b)[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gms,
    ),
  ]
  return found.flatMap((match) => {
    const target = match[1] ?? match[2] ?? match[3]
    if (target === undefined) return []
    return [target.startsWith('.') ? posix.normalize(posix.join(dirname(path), target)) : target]
  })
}

/** The version of this build, from package.json. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Reads the package's version both from sources and from `dist/`. */
function readVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = require(path) as { name?: string; version?: string }
      if (name === 'palaver' && version !== undefined) return version
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  return 'unknown'
}

export const VERSION: string = readVersion()

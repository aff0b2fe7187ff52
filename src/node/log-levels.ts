/** The grammar of log levels: one level for all, and others for single modules, as in `info,pala=debug`. */

export const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export type Level = (typeof LEVELS)[number]

/** The level of modules without their own, and the others by module. */
export type LevelTable = { readonly base: Level; readonly modules: ReadonlyMap<string, Level> }

/** Bounds what a flag can make the logger hold. */
const MAX_MODULES = 64

function isLevel(text: string): text is Level {
  return (LEVELS as readonly string[]).includes(text)
}

/** Reads `LEVEL`, `module=LEVEL`, or both separated by commas; null when it is none of these. */
export function parseLevels(text: string): LevelTable | null {
  const parts = text.split(',').map((part) => part.trim())
  const modules = new Map<string, Level>()
  let base: Level = 'info'
  if (parts.length > MAX_MODULES) return null
  for (const part of parts) {
    const [name = '', level, ...rest] = part.split('=')
    if (rest.length > 0 || name === '' || !isLevel(level ?? name)) return null
    if (level === undefined) base = name as Level
    else modules.set(name, level as Level)
  }
  return { base, modules }
}

/**
 * A node's configuration: flag > environment (`PALAVER_*`) > `HOME/config.json` > default, with the origin of each value
 * kept. The only reader of the environment.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { closestName } from './closest-name.ts'
import {
  CONFIG_KEYS,
  type ConfigFile,
  type ConfigKey,
  type ConfigValues,
  configFields,
  configFileSchema,
  configValuesSchema,
  DEFAULTS,
} from './config-schema.ts'
import { ConfigError } from './errors.ts'
import { describeIssues } from './schema-issues.ts'

export type { ConfigFile, ConfigKey, ConfigValues } from './config-schema.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default'

/** The configuration of the node in `home`, and where each value came from. */
export type LoadedConfig = {
  readonly home: string
  readonly config: ConfigValues
  readonly origins: Readonly<Record<ConfigKey, Origin>>
  /** Sentences about what was ignored, e.g. an unknown `PALAVER_*` variable. */
  readonly warnings: readonly string[]
}

export type LoadOptions = {
  /** `--home`. */
  readonly home?: string | undefined
  /** Flags as given; undefined ones do not count. */
  readonly flags?: { readonly [K in ConfigKey]?: ConfigValues[K] | undefined }
  readonly env?: Environment
}

const PREFIX = 'PALAVER_'

/** The variable of a key: `logLevel` -> `PALAVER_LOG_LEVEL`. */
export function variableOf(key: ConfigKey): string {
  return PREFIX + key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

/** The flag of a key: `logLevel` -> `--log-level`; a repeated flag is singular, as in `--peer`. */
function flagOf(key: ConfigKey): string {
  if (key === 'peers') return '--peer'
  if (key === 'apiHosts') return '--api-host'
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The home: `--home`, then `$PALAVER_HOME`, then `$XDG_DATA_HOME/palaver`, then `~/.local/share/palaver`. Absolute. */
export function resolveHome(flag?: string, env: Environment = process.env): string {
  const given = flag || env.PALAVER_HOME
  if (given) return resolve(given)
  // The XDG standard has relative paths ignored.
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(homedir(), '.local', 'share')
  return join(data, 'palaver')
}

/** Reads `HOME/config.json`; an absent one is empty. Throws `config-invalid` naming the key. */
export function readConfigFile(home: string): ConfigFile {
  const path = join(home, 'config.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new ConfigError('config-invalid', `cannot read ${path}: ${(cause as Error).message}`, { cause })
  }
  return parseConfigFile(text, path)
}

/** Checks the text of a configuration file. Throws `config-invalid`; an unknown key names its closest relative. */
export function parseConfigFile(text: string, path: string): ConfigFile {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new ConfigError('config-invalid', `${path} is not JSON: ${(cause as Error).message}`, { cause })
  }
  const result = configFileSchema.safeParse(document)
  if (result.success) return absolutePaths(result.data, dirname(path))
  const faults = describeIssues(result.error, configFileSchema)
  const advice = 'correct the file, then run: palaver config validate'
  throw new ConfigError('config-invalid', `${path}: ${faults}; ${advice}`, { cause: result.error })
}

/** Loads the configuration. Throws `config-invalid` naming the flag, variable or key and what it may be. */
export function loadConfig(options: LoadOptions = {}): LoadedConfig {
  const env = options.env ?? process.env
  const home = resolveHome(options.home, env)
  const fromEnvironment = readEnvironment(env)
  const layers: readonly (readonly [Origin, Partial<ConfigValues>])[] = [
    ['flag', checkFlags(options.flags ?? {})],
    ['environment', fromEnvironment.values],
    ['file', readConfigFile(home)],
    ['default', DEFAULTS],
  ]
  const values: Record<string, unknown> = {}
  const origins = {} as Record<ConfigKey, Origin>
  for (const key of CONFIG_KEYS) {
    const [origin, layer] = layers.find(([, each]) => each[key] !== undefined) ?? ['default', DEFAULTS]
    origins[key] = origin
    if (layer[key] !== undefined) values[key] = layer[key]
  }
  return { home, config: configValuesSchema.parse(values), origins, warnings: fromEnvironment.warnings }
}

function checkFlags(flags: NonNullable<LoadOptions['flags']>): Partial<ConfigValues> {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined)
  const checked = given.map(([key, value]) => {
    return [key, check(key as ConfigKey, value, flagOf(key as ConfigKey))]
  })
  return absolutePaths(Object.fromEntries(checked), '.')
}

function readEnvironment(env: Environment): { values: Partial<ConfigValues>; warnings: string[] } {
  const known = new Map(CONFIG_KEYS.map((key) => [variableOf(key), key]))
  const values: Record<string, unknown> = {}
  const warnings: string[] = []
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || name === `${PREFIX}HOME` || text === undefined || text === '') continue
    const key = known.get(name)
    if (key !== undefined) values[key] = check(key, fromText(key, text), name)
    else warnings.push(unknownVariable(name, known.keys()))
  }
  return { values: absolutePaths(values, '.'), warnings }
}

function unknownVariable(name: string, known: Iterable<string>): string {
  const guess = closestName(name, known)
  return `the variable ${name} is unknown and has no effect${guess === null ? '' : `; did you mean ${guess}?`}`
}

/** Lists are separated by commas; switches are true, false, 1 or 0. */
function fromText(key: ConfigKey, text: string): unknown {
  const schema: z.ZodType = configFields[key]
  if (schema instanceof z.ZodArray) return text.split(',').map((part) => part.trim())
  if (schema instanceof z.ZodBoolean) return { true: true, '1': true, false: false, '0': false }[text] ?? text
  if (schema instanceof z.ZodNumber) return /^[0-9]{1,15}$/.test(text) ? Number(text) : text
  return text
}

function check(key: ConfigKey, value: unknown, source: string): unknown {
  const result = configFields[key].safeParse(value)
  if (result.success) return result.data
  throw new ConfigError('config-invalid', `${source}: ${result.error.issues[0]?.message ?? 'is not valid'}`, {
    cause: result.error,
  })
}

/** Paths are relative to where they were written down. */
function absolutePaths<T extends { passwordFile?: string | undefined }>(values: T, base: string): T {
  return values.passwordFile === undefined ? values : { ...values, passwordFile: resolve(base, values.passwordFile) }
}

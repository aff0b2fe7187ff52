/** The node's log: JSON lines to stderr, a level per module, secrets blacked out. */
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino'
import { ConfigError } from './errors.ts'
import { parseLevels } from './log-levels.ts'

export type { Logger } from 'pino'

const STDERR = 2

/** Names of fields that are never shown, at the top of a line or one level below. */
const SECRET_FIELDS = [
  'password',
  'seed',
  'plainSeed',
  'privateKey',
  'secret',
  'token',
  'authorization',
  'keystore',
] as const
const REDACTED = [...SECRET_FIELDS, ...SECRET_FIELDS.map((name) => `*.${name}`), 'req.headers.authorization']

/** Loggers by module. */
export interface Log {
  forModule(name: string): Logger
  /** Writes out what waits; call it before the process ends. */
  flush(): void
}

/** A log at the given levels (`info,pala=debug`). Throws `config-invalid`. */
export function createLog(levels: string, stream?: DestinationStream): Log {
  const table = parseLevels(levels)
  if (table === null)
    throw new ConfigError('config-invalid', `'${levels}' is no log level: write for example info,pala=debug`)
  const sink = stream ?? destination({ dest: STDERR, sync: false })
  const root = pino(
    {
      base: null,
      level: table.base,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[secret]' },
    },
    sink,
  )
  const loggers = new Map<string, Logger>()
  return {
    forModule(name) {
      const logger = loggers.get(name) ?? root.child({ module: name }, { level: table.modules.get(name) ?? table.base })
      loggers.set(name, logger)
      return logger
    },
    flush: () => {
      if ('flushSync' in sink && typeof sink.flushSync === 'function') sink.flushSync()
    },
  }
}

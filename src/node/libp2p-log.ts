/** Brings libp2p's own log lines into the node's log: its errors (mostly a peer's doing) at debug, the rest at trace. */
import type { ComponentLogger, Logger } from '@libp2p/interface'
import type { Log } from '../protocols/log.ts'

/** Pino's log, or a plain one that takes everything. */
export type LeveledLog = Log & { readonly isLevelEnabled?: (level: string) => boolean }

/** A `logger` component for libp2p. Lines nobody wants are not even put together. */
export function bridgeLog(log: LeveledLog): ComponentLogger {
  const isOn = (level: string): boolean => log.isLevelEnabled?.(level) ?? false
  const create = (name: string): Logger => {
    const write = (level: 'trace' | 'debug', pattern: unknown, values: readonly unknown[]): void => {
      if (isOn(level)) log[level]({ component: name }, formatLine(pattern, values))
    }
    const plain = (pattern: unknown, ...values: unknown[]): void => write('trace', pattern, values)
    return Object.assign(plain, {
      enabled: isOn('trace'),
      error: (pattern: unknown, ...values: unknown[]) => write('debug', pattern, values),
      trace: (pattern: unknown, ...values: unknown[]) => write('trace', pattern, values),
      newScope: (scope: string) => create(`${name}:${scope}`),
    })
  }
  return { forComponent: create }
}

/** Fills libp2p's placeholders (`%p` peer, `%a` address, `%e` error, ...) by plain text. */
export function formatLine(pattern: unknown, values: readonly unknown[]): string {
  let used = 0
  return textOf(pattern).replace(/%([a-zA-Z%])/g, (whole, letter: string) => {
    if (letter === '%') return '%'
    if (used >= values.length) return whole
    const value = values[used]
    used += 1
    return letter === 'j' || letter === 'o' || letter === 'O' ? safeJson(value) : textOf(value)
  })
}

function textOf(value: unknown): string {
  return value instanceof Error ? `${value.name}: ${value.message}` : String(value)
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}

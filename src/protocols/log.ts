/** The log as the wire sees it: pino's shape, so that pino fits and a test's recorder does too. */

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void

export type Log = {
  readonly trace: Write
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
}

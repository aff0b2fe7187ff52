/** Ctrl-C in two steps: the first asks for a clean end, the second ends at once. */
import { EXIT } from './errors.ts'
import { note } from './output.ts'

/** Aborts at the first SIGINT or SIGTERM; the reason is the signal's name. A second signal ends the process with 130 or 143. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  for (const [name, exit] of [
    ['SIGINT', EXIT.interrupted],
    ['SIGTERM', EXIT.terminated],
  ] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exit)
      note('stopping; Ctrl-C again ends at once')
      controller.abort(name)
    })
  }
  return controller.signal
}

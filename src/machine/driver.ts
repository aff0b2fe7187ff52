/** Runs a machine: one queue, input -> step -> effects in order. The effects of one turn share one disk write. */
import type { Step } from './step.ts'

/** How many queued inputs one turn takes at the most: bounds the time until the first effect of a turn leaves. */
const MAX_INPUTS_PER_TURN = 256

export type DriverOptions<State, Input, Effect> = {
  readonly state: State
  readonly step: Step<State, Input, Effect>
  /** Carries out the effects of one turn, in order. A rejection stops the driver. */
  readonly execute: (effects: readonly Effect[]) => Promise<void>
  /** Called once when a step or an effect failed; the driver takes no further input. */
  readonly onFailure: (error: unknown) => void
}

/** A running machine. */
export interface Driver<State, Input> {
  readonly state: State
  /** Queues an input. Ignored after `stop` or a failure. */
  push(input: Input): void
  /** Resolves when the queue is empty and every effect so far is done. */
  settled(): Promise<void>
  /** Takes no more input and waits for the turn under way. */
  stop(): Promise<void>
  /** Inputs that wait. */
  readonly queueLength: number
}

/** Starts a driver. Nothing happens until the first `push`. */
export function createDriver<State, Input, Effect>(options: DriverOptions<State, Input, Effect>): Driver<State, Input> {
  const { state, step, execute, onFailure } = options
  let queue: Input[] = []
  let running: Promise<void> | null = null
  let open = true

  async function run(): Promise<void> {
    // Inputs that arrive in the same event-loop turn share the first batch.
    await Promise.resolve()
    while (open && queue.length > 0) {
      const inputs = queue.splice(0, MAX_INPUTS_PER_TURN)
      const effects: Effect[] = []
      for (const input of inputs) effects.push(...step(state, input))
      if (effects.length > 0) await execute(effects)
    }
  }

  function start(): void {
    running = run()
      .catch((error: unknown) => {
        open = false
        queue = []
        onFailure(error)
      })
      .finally(() => {
        running = null
        if (open && queue.length > 0) start()
      })
  }

  return {
    state,
    push(input) {
      if (!open) return
      queue.push(input)
      if (running === null) start()
    },
    async settled() {
      while (running !== null) await running
    },
    async stop() {
      open = false
      while (running !== null) await running
    },
    get queueLength() {
      return queue.length
    },
  }
}

/**
 * The intake machine (S8): from a blob whose bytes hash to its id to an insertion in dependency order. Each id is judged and
 * inserted once, whoever brings it and however often.
 */
import { unreachable } from '../../assert.ts'
import type { Step } from '../../machine/step.ts'
import { CHECKED_TOGETHER } from './bounds.ts'
import { onArrived } from './rules/arrival.ts'
import { insertReady, onChecked, onInserted } from './rules/outcome.ts'
import type { IntakeEffect, IntakeInput, IntakeState, IntakeTurn } from './state.ts'

/** Nothing is on its way. */
export function createIntakeState(): IntakeState {
  return {
    pending: new Map(),
    dependants: new Map(),
    holdings: new Map(),
    waitingBlobs: 0,
    waitingBytes: 0,
    ready: [],
    inserting: [],
  }
}

/** The step function (DESIGN.md 4): the input's own rule, then what can be judged and what can be written. */
export const intakeStep: Step<IntakeState, IntakeInput, IntakeEffect> = (state, input) => {
  const turn: IntakeTurn = { state, effects: [], toCheck: [], condemned: new Set() }
  onInput(turn, input)
  checkAll(turn)
  insertReady(turn)
  return turn.effects
}

function onInput(turn: IntakeTurn, input: IntakeInput): void {
  switch (input.type) {
    case 'arrived':
      return onArrived(turn, input.arrivals)
    case 'checked':
      for (const result of input.results) onChecked(turn, result)
      return
    case 'inserted':
      return onInserted(turn)
    default:
      return unreachable(input)
  }
}

function checkAll({ state, effects, toCheck }: IntakeTurn): void {
  const items: { id: string; key: number }[] = []
  for (const entry of toCheck) {
    const first = entry.candidates[0]
    if (first === undefined || state.pending.get(entry.id) !== entry) continue
    entry.phase = 'checking'
    items.push({ id: entry.id, key: first.key })
  }
  for (let from = 0; from < items.length; from += CHECKED_TOGETHER) {
    effects.push({ type: 'check', items: items.slice(from, from + CHECKED_TOGETHER) })
  }
}

/** The contract of every machine (DESIGN.md 4): a synchronous, total function from state and input to effects. */

/**
 * Changes `state` in place and says what must happen next. No clock, randomness, I/O or throw on a peer's input:
 * the same state and input give the same effects.
 */
export type Step<State, Input, Effect> = (state: State, input: Input) => Effect[]

/** What the oracle throws: the label of the broken invariant (spec/pala.md 26.2) and what was seen. */

export class Violation extends Error {
  /** `I1` to `I11`, or `assert` for a failed assertion inside the machine. */
  readonly rule: string

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`)
    this.name = 'Violation'
    this.rule = rule
  }
}

/** Fails the run unless `holds`. `detail` is only built on failure. */
export function demand(holds: boolean, rule: string, detail: () => string): void {
  if (!holds) throw new Violation(rule, detail())
}

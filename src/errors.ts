/** The base of every operating error: a stable `code` for programs, a sentence for people, the cause beneath. */

/** An error with a stable code. Each folder derives one subclass with its own union of codes. */
export class PalaverError<Code extends string = string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** Turns what a zod schema found wrong into sentences that name the field and, for an unknown one, its closest relative. */
import { z } from 'zod'
import { closestName } from './closest-name.ts'

/** Problems shown at once; more would hide the first. */
const MAX_SHOWN = 3

/** `session.voters[2].power: ...; pala.kk is unknown, did you mean k?` */
export function describeIssues(error: z.ZodError, schema: z.ZodType): string {
  const known = new Set<string>()
  collectNames(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), known)
  const sentences = error.issues.flatMap((issue) => describeIssue(issue, known))
  const more = sentences.length - MAX_SHOWN
  return sentences.slice(0, MAX_SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function describeIssue(issue: z.core.$ZodIssue, known: ReadonlySet<string>): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${formatPath(issue.path) || 'the document'}: ${issue.message}`]
  return issue.keys.map((key) => {
    const guess = closestName(key, known)
    const remedy = guess === null ? 'remove it' : `did you mean ${guess}?`
    return `${formatPath([...issue.path, key])} is unknown, ${remedy}`
  })
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

function collectNames(node: unknown, names: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') for (const name of Object.keys(value)) names.add(name)
    collectNames(value, names)
  }
}

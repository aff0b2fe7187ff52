/** Sizes, names and openings of files (STYLE): the house is kept by a test, not by discipline. */
import { type Node, parseSync, Visitor } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { type Source, sourceFiles } from './sources.ts'

const MAX_FILE_LINES = 400
const MAX_FUNCTION_LINES = 60
const files = sourceFiles(['src', 'bin', 'testnet'])

const lines = (text: string) => text.split('\n').length

describe('house rules: shape', () => {
  it('no file is longer than the limit, and the ninth decile stays near 250 lines', () => {
    const long = files.filter((f) => lines(f.text) > MAX_FILE_LINES).map((f) => `${f.path}: ${lines(f.text)}`)
    expect(long).toEqual([])
    const sorted = files.map((f) => lines(f.text)).sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThanOrEqual(280)
  })

  it('every file opens with what it is for', () => {
    const mute = files.filter((f) => !/^(#!.*\n)?\/\*\*/.test(f.text)).map((f) => f.path)
    expect(mute).toEqual([])
  })

  it('names avoid the words that say nothing', () => {
    const vague = files
      .filter((f) => /(^|\/)(utils?|helpers?|common|manager|handlers?)(\.|\/|-)/.test(f.path))
      .map((f) => f.path)
    expect(vague).toEqual([])
  })

  it('no unfinished notes, no ignored compiler errors', () => {
    const found = files
      .filter((f) => /\b(TODO|FIXME|XXX)\b|@ts-(ignore|expect-error|nocheck)/.test(f.text))
      .map((f) => f.path)
    expect(found).toEqual([])
  })

  it('no function is longer than the limit', () => {
    expect(files.flatMap(longFunctions)).toEqual([])
  })
})

/** Functions above the limit. Lines of functions nested in one are counted there, not here: a closure object is as long as its own code. */
function longFunctions({ path, text }: Source): string[] {
  const spans: Array<{ start: number; end: number }> = []
  const note = (node: Node): void => {
    spans.push({ start: node.start, end: node.end })
  }
  new Visitor({ FunctionDeclaration: note, FunctionExpression: note, ArrowFunctionExpression: note }).visit(
    parseSync(path, text).program,
  )
  const linesOf = (span: { start: number; end: number }) => lines(text.slice(span.start, span.end))
  const isInside = (a: { start: number; end: number }, b: { start: number; end: number }) =>
    a !== b && a.start >= b.start && a.end <= b.end
  return spans.flatMap((span) => {
    const nested = spans.filter((other) => isInside(other, span))
    const direct = nested.filter((inner) => !nested.some((outer) => isInside(inner, outer)))
    const own = linesOf(span) - direct.reduce((sum, inner) => sum + linesOf(inner), 0)
    return own > MAX_FUNCTION_LINES ? [`${path}:${lines(text.slice(0, span.start))}: ${own} lines`] : []
  })
}

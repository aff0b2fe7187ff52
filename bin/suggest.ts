/** Finds the word a person probably meant: the closest known one within a small edit distance. */

/** Typing errors forgiven: two, and never more than a third of the word. */
const MAX_DISTANCE = 2

/** The known word closest to `word`, or null when none is close. */
export function suggest(word: string, known: Iterable<string>): string | null {
  const limit = Math.min(MAX_DISTANCE, Math.max(1, Math.floor(word.length / 3)))
  let best: { word: string; distance: number } | null = null
  for (const candidate of known) {
    const distance = editDistance(word, candidate)
    if (distance <= limit && (best === null || distance < best.distance)) best = { word: candidate, distance }
  }
  return best?.word ?? null
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped ? at(beforeLast, j - 2) + 1 : replaced))
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

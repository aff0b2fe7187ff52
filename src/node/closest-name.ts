/** Guesses which known name a mistyped one was meant to be. */

/** Names at a greater edit distance are no guess worth showing. */
const MAX_DISTANCE = 3

/** The known name nearest to `name`, or null when none is near. */
export function closestName(name: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let bestDistance = Math.min(MAX_DISTANCE, Math.ceil(name.length / 2)) + 1
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/** Levenshtein's distance: insertions, deletions and replacements. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

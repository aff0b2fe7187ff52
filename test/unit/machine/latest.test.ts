/** Maps with a bound: the newest entries stay. */
import { expect, it } from 'vitest'
import { setLatest } from '../../../src/machine/latest.ts'

const MOST = 3

function after(keys: readonly string[]): [string, number][] {
  const map = new Map<string, number>()
  for (const [at, key] of keys.entries()) setLatest(map, [key, at], MOST)
  return [...map]
}

it.each([
  ['below the bound all stay', ['a', 'b'], ['a', 'b']],
  ['at the bound the oldest makes room', ['a', 'b', 'c', 'd'], ['b', 'c', 'd']],
  ['an entry that is set again is the newest, and nothing makes room for it', ['a', 'b', 'c', 'a'], ['b', 'c', 'a']],
  ['nor is it the next to go', ['a', 'b', 'c', 'a', 'd'], ['c', 'a', 'd']],
  ['a key of no length is one like any other', ['', 'b', 'c', 'd'], ['b', 'c', 'd']],
])('%s', (_, keys, expected) => {
  expect(after(keys)).toEqual(expected.map((key) => [key, keys.lastIndexOf(key)]))
})

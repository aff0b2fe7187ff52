/** Maps in the order in which their entries were set: what others can fill has a bound. */

/** Sets an entry, which is the newest then; at `most` entries the oldest makes room. */
export function setLatest<Key, Value>(map: Map<Key, Value>, [key, value]: readonly [Key, Value], most: number): void {
  map.delete(key)
  const oldest = map.keys().next()
  if (map.size >= most && oldest.done !== true) map.delete(oldest.value)
  map.set(key, value)
}

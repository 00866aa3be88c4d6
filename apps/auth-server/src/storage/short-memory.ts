import { LRUCache } from 'lru-cache'

/**
 * Remembers for a few seconds what was found, for what changes rarely and is asked for all the time.
 * What is found in one `place`, a database's collection, is remembered for it alone. That there was
 * nothing is not remembered.
 */
export function shortMemory<Value extends object>({ ms, most }: { ms: number; most: number }) {
  const places = new WeakMap<object, LRUCache<string, Value>>()

  async function recall(
    place: object,
    name: string,
    find: () => Promise<Value | null>,
  ): Promise<Value | null> {
    const memory = places.get(place) ?? new LRUCache<string, Value>({ max: most, ttl: ms })
    places.set(place, memory)
    const known = memory.get(name)
    if (known) return known
    const found = await find()
    if (found) memory.set(name, found)
    return found
  }

  /** Called after a change: what is being looked for at that moment is not remembered either. */
  function forget(place: object): void {
    places.delete(place)
  }
  return { recall, forget }
}

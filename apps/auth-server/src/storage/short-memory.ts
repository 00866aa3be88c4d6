import { LRUCache } from 'lru-cache'

/**
 * A cache of a few seconds for documents that change rarely and are read all the time. Each `place`,
 * such as a collection, has its own entries. A document that was not found is not cached.
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

  /** To be called after a change. Lookups under way are not cached either. */
  function forget(place: object): void {
    places.delete(place)
  }
  return { recall, forget }
}

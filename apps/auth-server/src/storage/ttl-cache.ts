import { LRUCache } from 'lru-cache'

/**
 * A cache of a few seconds for documents that change rarely and are read all the time. Each `place`,
 * such as a collection, has its own entries. A document that was not found is not cached.
 */
export function ttlCache<Value extends object>({ ttlMs, max }: { ttlMs: number; max: number }) {
  const places = new WeakMap<object, LRUCache<string, Value>>()

  async function load(
    place: object,
    name: string,
    find: () => Promise<Value | null>,
  ): Promise<Value | null> {
    const entries = places.get(place) ?? new LRUCache<string, Value>({ max, ttl: ttlMs })
    places.set(place, entries)
    const cached = entries.get(name)
    if (cached) return cached
    const found = await find()
    if (found) entries.set(name, found)
    return found
  }

  /** To be called after a change. Lookups under way are not cached either. */
  function clear(place: object): void {
    places.delete(place)
  }
  return { load, clear }
}

import { LRUCache } from 'lru-cache'
import type { CacheStats } from '../session/session-cache.ts'
import type { KeyTracking } from './track-keys.ts'

/** A value that was read, with its remaining lifetime by Redis's clock, ms. */
export type Reading<Value> = { value: Value; livesForMs: number; bytes: number }

export type TrackedValues<Value> = {
  /** The value, if it is cached and known to be current. */
  peek(id: string): Value | undefined
  /** The value, read if it is not cached. Null if it does not exist. */
  get(id: string): Promise<Value | null>
  /** Drops a value, including one that is being read. */
  evict(id: string): void
  /** Drops all values. */
  clear(): void
  stats(): Omit<CacheStats, 'state'>
}

type Entry<Value> = { value: Value; endsAt: number }
type Load<Value> = Promise<Value | null>

/**
 * Caches values in memory while Redis reports every change.
 *
 * Does not keep a value that changed while it was read, since its invalidation may overtake the
 * answer, nor one whose read began while tracking was off. Concurrent reads of a value share one
 * answer, unless the value changes in between.
 */
export function trackedValues<Value>(options: {
  tracking: Pick<KeyTracking, 'isTrusted'>
  read: (id: string) => Promise<Reading<Value> | null>
  most: { entries: number; bytes: number }
}): TrackedValues<Value> {
  const { tracking, read, most } = options
  const entries = new LRUCache<string, Entry<Value>>({ max: most.entries, maxSize: most.bytes })
  const loading = new Map<string, Load<Value>>()
  const counted = { hits: 0, misses: 0, invalidations: 0, flushes: 0 }
  let emptiedAt = performance.now()

  function peek(id: string): Value | undefined {
    const entry = entries.get(id)
    if (entry === undefined || !tracking.isTrusted() || entry.endsAt <= performance.now()) {
      return undefined
    }
    counted.hits += 1
    return entry.value
  }

  function load(id: string): Load<Value> {
    counted.misses += 1
    if (!tracking.isTrusted()) return read(id).then((reading) => reading?.value ?? null)
    const joined = loading.get(id)
    if (joined) return joined
    const begun = keepWhenRead(id, () => loading.get(id) === begun)
    loading.set(id, begun)
    return begun
  }

  async function keepWhenRead(id: string, isCurrent: () => boolean): Load<Value> {
    const startedAt = performance.now()
    try {
      const reading = await read(id)
      if (reading && isCurrent()) keep(id, reading, startedAt)
      return reading?.value ?? null
    } finally {
      if (isCurrent()) loading.delete(id)
    }
  }

  /** Counts the lifetime from before the read, so that no value outlives its key in Redis. */
  function keep(id: string, { value, livesForMs, bytes }: Reading<Value>, startedAt: number): void {
    entries.set(id, { value, endsAt: startedAt + livesForMs }, { size: bytes })
  }

  return {
    peek,
    async get(id) {
      return peek(id) ?? (await load(id))
    },
    evict(id) {
      loading.delete(id)
      if (entries.delete(id)) counted.invalidations += 1
    },
    clear() {
      counted.flushes += 1
      emptiedAt = performance.now()
      loading.clear()
      entries.clear()
    },
    stats: () => ({
      ...counted,
      entries: entries.size,
      bytes: entries.calculatedSize,
      ageMs: tracking.isTrusted() ? Math.round(performance.now() - emptiedAt) : 0,
    }),
  }
}

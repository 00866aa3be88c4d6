import { Counter, Gauge, type Registry } from 'prom-client'

/** What auth-kit reports about its memory cache of sessions. */
type Stats = {
  state: string
  hits: number
  misses: number
  invalidations: number
  flushes: number
  entries: number
  bytes: number
  ageMs: number
}

const totals = [
  ['hits', 'Sessions found in memory'],
  ['misses', 'Sessions read from Redis'],
  ['invalidations', 'Sessions dropped from memory because they changed'],
  ['flushes', 'Times memory was emptied, for example after losing the connection to Redis'],
] as const

const gauges = [
  [
    'on',
    'Whether sessions are kept in memory: 1 or 0',
    ({ state }: Stats) => Number(state === 'on'),
  ],
  ['entries', 'Sessions in memory', ({ entries }: Stats) => entries],
  ['bytes', 'Approximate size of the sessions in memory', ({ bytes }: Stats) => bytes],
  ['age_seconds', 'Seconds since memory was last emptied', ({ ageMs }: Stats) => ageMs / 1000],
] as const

/** Adds the session cache to the metrics. `stats` returns null if no sessions are kept in memory. */
export function measureSessionCache(registry: Registry, stats: () => Stats | null): void {
  for (const [name, help] of totals) {
    const counter = new Counter({
      name: `session_cache_${name}_total`,
      help,
      registers: [],
      collect() {
        this.reset()
        this.inc(stats()?.[name] ?? 0)
      },
    })
    registry.registerMetric(counter)
  }
  for (const [name, help, read] of gauges) {
    const gauge = new Gauge({
      name: `session_cache_${name}`,
      help,
      registers: [],
      collect() {
        const now = stats()
        this.set(now ? read(now) : 0)
      },
    })
    registry.registerMetric(gauge)
  }
}

import { Counter, Gauge, type Registry } from 'prom-client'

/** What auth-kit says of the sessions that it keeps in memory. */
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
  ['invalidations', 'Sessions that left memory because they changed'],
  ['flushes', 'Times all sessions left memory, as when the connection to Redis was lost'],
] as const

const gauges = [
  [
    'on',
    'Whether sessions are kept in memory: 1 or 0',
    ({ state }: Stats) => Number(state === 'on'),
  ],
  ['entries', 'Sessions in memory', ({ entries }: Stats) => entries],
  ['bytes', 'Memory they take, roughly', ({ bytes }: Stats) => bytes],
  ['age_seconds', 'Time since all sessions last left memory', ({ ageMs }: Stats) => ageMs / 1000],
] as const

/** Adds the session cache to the metrics; `stats` gives null if no session is kept in memory. */
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

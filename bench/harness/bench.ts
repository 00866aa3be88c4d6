import type { Redis } from 'ioredis'

/** What every row gets. */
export type Bench = {
  redisUrl: string
  /** Counts commands. It sends one itself for each slice. */
  redis: Redis
  /** Starts or finds MongoDB, the first time a row asks for it. */
  mongo: () => Promise<{ url: string; how: string }>
  /** How often each pair is measured. */
  rounds: number
  /** How long each measurement of a pair takes. */
  seconds: number
  /** How long the memory row holds the load. */
  minutes: number
  /** Reports progress. */
  progress: (line: string) => void
}

/** One table of a row, as it is printed and written. */
export type Table = { title: string; head: string[]; lines: string[][] }

/** A bar of the chart: our rate as a multiple of the peer's. */
export type Bar = { name: string; ratio: number; min: number; max: number }

export type RowResult = {
  tables: Table[]
  notes?: string[]
  bars?: Bar[]
}

/** A row of the bench: what it measures, in one sentence, and how. */
export type Row = {
  title: string
  about: string
  run: (bench: Bench) => Promise<RowResult>
}

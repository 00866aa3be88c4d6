/** The median of some values. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted()
  const upper = Math.floor(sorted.length / 2)
  const lower = Math.ceil(sorted.length / 2) - 1
  return ((sorted[lower] ?? Number.NaN) + (sorted[upper] ?? Number.NaN)) / 2
}

/** The quantile of sorted values; a share of 1 returns the largest. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** A median over the rounds, and their range. */
export type Spread = { median: number; min: number; max: number }

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

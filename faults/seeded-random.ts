/** Random numbers that a seed repeats in the same order. */
export type Random = {
  /** A whole number from 0 up to but not including `limit`. */
  below(limit: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** A small generator (mulberry32), good enough to choose moments and nothing else. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('there is nothing to pick from')
      return item
    },
  }
}

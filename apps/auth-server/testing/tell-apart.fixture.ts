/**
 * How well the times alone tell two kinds apart (the AUC of a classifier): how often a time of the first
 * kind is longer than one of the other. 0.5 is a guess; 0 and 1 are certain.
 */
export function tellApart(ones: readonly number[], others: readonly number[]): number {
  const wins = ones.map(
    (one) =>
      others.filter((other) => other < one).length +
      others.filter((other) => other === one).length / 2,
  )
  return wins.reduce((sum, count) => sum + count, 0) / (ones.length * others.length)
}

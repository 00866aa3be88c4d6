/**
 * How well somebody who sees only the times tells the two kinds apart (the AUC of a classifier): how
 * often one of the first is longer than one of the others. 0.5 is a guess, 0 and 1 are certain.
 */
export function tellApart(ones: readonly number[], others: readonly number[]): number {
  const wins = ones.map(
    (one) =>
      others.filter((other) => other < one).length +
      others.filter((other) => other === one).length / 2,
  )
  return wins.reduce((sum, count) => sum + count, 0) / (ones.length * others.length)
}

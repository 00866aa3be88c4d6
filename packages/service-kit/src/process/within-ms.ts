/**
 * What `work` gives, if it gives it in time. Work that takes longer goes on; nobody waits for it.
 *
 * @param tooLate makes the error that says so
 * @throws what `work` throws in time, else what `tooLate` makes
 */
export async function withinMs<Result>(
  ms: number,
  work: () => Promise<Result>,
  tooLate: () => Error = () => new Error(`no answer within ${ms} ms`),
): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(tooLate()), ms)
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Waits for `work`, at most `ms` milliseconds. Work that takes longer continues unattended.
 *
 * @param tooLate creates the error to throw when the time is over
 * @throws what `work` throws in time, otherwise the error from `tooLate`
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

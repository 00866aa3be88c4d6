// Each call to Redis has its own deadline. Of thousands at a time, the last ones would miss it.
const AT_ONCE = 50

/** Runs `work` for every item, a few at a time. Returns the results in order. */
export async function fewAtATime<One, Result>(
  many: One[],
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < many.length; at += AT_ONCE)
    // oxlint-disable-next-line no-await-in-loop
    results.push(...(await Promise.all(many.slice(at, at + AT_ONCE).map(work))))
  return results
}

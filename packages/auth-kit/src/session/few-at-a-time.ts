// Each question to Redis has a deadline of its own: of thousands at once, the last ones would miss it.
const AT_ONCE = 50

/** What `work` gives for each of many, in their order. */
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

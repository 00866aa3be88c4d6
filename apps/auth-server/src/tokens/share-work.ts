/**
 * Makes a function that does work once for all who ask for it at the same moment: a caller who
 * comes with the same key while it is under way gets the same outcome, a failure too.
 */
export function shareWork<Result>() {
  const underWay = new Map<string, Promise<Result>>()
  return function share(key: string, work: () => Promise<Result>): Promise<Result> {
    const running = underWay.get(key)
    if (running) return running
    const own = work().finally(() => underWay.delete(key))
    underWay.set(key, own)
    return own
  }
}

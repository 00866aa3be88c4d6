/**
 * Makes a function that does work once for all who ask for it at the same moment: a caller who
 * comes with the same key while it is under way gets the same outcome, a failure too. What is shared
 * is shared among those with the same `place`, a server's store: two servers in one process, as tests
 * have them, race as two processes do.
 */
export function singleFlight<Result>() {
  const places = new WeakMap<object, Map<string, Promise<Result>>>()
  return function share(place: object, key: string, work: () => Promise<Result>): Promise<Result> {
    const underWay = places.get(place) ?? new Map<string, Promise<Result>>()
    places.set(place, underWay)
    const running = underWay.get(key)
    if (running) return running
    const own = work().finally(() => underWay.delete(key))
    underWay.set(key, own)
    return own
  }
}

/**
 * Makes a function that runs concurrent work once. A call with the same key while the work is under
 * way gets the same outcome, failures included. Work is shared only within the same `place`, a server's
 * store, so that two servers in one process, as in tests, race like two processes.
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

import { CLOCK_TOLERANCE_SECONDS } from './clock-tolerance.ts'
import { fetchKeySet } from './fetch-key-set.ts'
import type { KeySet, KeySetOptions } from './key-finder.ts'
import { readKeys, type VerificationKey } from './read-keys.ts'
import { tokensUnavailable } from './token-errors.ts'

/** Age at which a set is fetched again, so that a removed key is not honoured for long. */
const FRESH_MS = 5 * 60_000
/** Pause after a fetch that did not find the key, so that a flood of made-up keys costs little. */
const COOL_DOWN_MS = 10_000
/** Pause after a failed fetch. */
const RETRY_MS = 1000

/** A fetch in progress, and the keys that callers wait for. */
type Fetching = { kids: Set<string>; done: Promise<void> }

type State = {
  keys: Map<string, VerificationKey> | undefined
  fetchedAt: number
  askedAt: number
  /** Whether the last fetch left a wanted key unknown. */
  keyMissing: boolean
  /** Why the last fetch failed; undefined after a success. */
  failure: unknown
}

type RemoteOptions = KeySetOptions & {
  /** Wall-clock time, ms: a monotonic clock stops while a Lambda is frozen. */
  clock?: () => number
}

/** The keys at a URL; see `createKeySet`. */
export function remoteKeySet(url: URL, options: RemoteOptions): KeySet {
  const { clock = Date.now } = options
  const state: State = {
    keys: undefined,
    fetchedAt: 0,
    askedAt: 0,
    keyMissing: false,
    failure: undefined,
  }
  let fetching: Fetching | undefined

  /** Starts a fetch or joins the one in progress. Undefined during a pause. */
  function fetchFor(kid: string): Promise<void> | undefined {
    if (fetching === undefined && mayFetch(state, clock())) {
      state.askedAt = clock()
      const kids = new Set<string>()
      fetching = { kids, done: refresh(state, url, options).then(() => settle(kids)) }
    }
    fetching?.kids.add(kid)
    return fetching?.done
  }

  /** One synchronous step, so that no fetch starts before `keyMissing` is set. */
  function settle(kids: Set<string>): void {
    fetching = undefined
    state.keyMissing = [...kids].some((kid) => state.keys?.has(kid) !== true)
  }

  return {
    async find(kid) {
      if (hasPassed(FRESH_MS, state.fetchedAt, clock())) {
        const done = fetchFor(kid)
        // In an outage only the first request waits; the next ones use the known keys.
        if (state.keys === undefined || state.failure === undefined) await done
      }
      if (!state.keys?.has(kid)) await fetchFor(kid)
      const key = state.keys?.get(kid)
      // The key may be a new one: without an answer, it cannot be called unknown.
      if (key === undefined && state.failure !== undefined) throw tokensUnavailable(state.failure)
      return key
    },
  }
}

async function refresh(state: State, url: URL, { onClockSkew }: KeySetOptions): Promise<void> {
  try {
    const { set, ahead } = await fetchKeySet(url)
    state.keys = await readKeys(set)
    state.fetchedAt = state.askedAt
    state.failure = undefined
    if (Math.abs(ahead) > CLOCK_TOLERANCE_SECONDS) onClockSkew?.(ahead)
  } catch (error) {
    state.failure = error
  }
}

/** After a fetch that found every wanted key, the next may start at once. */
function mayFetch({ askedAt, failure, keyMissing }: State, now: number): boolean {
  if (failure !== undefined) return hasPassed(RETRY_MS, askedAt, now)
  return !keyMissing || hasPassed(COOL_DOWN_MS, askedAt, now)
}

function hasPassed(ms: number, since: number, now: number): boolean {
  // If `since` is in the future, the clock has been set back.
  return now < since || now - since >= ms
}

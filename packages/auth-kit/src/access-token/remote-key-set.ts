import { CLOCK_TOLERANCE_SECONDS } from './clock-tolerance.ts'
import { fetchKeySet } from './fetch-key-set.ts'
import type { KeySet, KeySetOptions } from './key-finder.ts'
import { readKeys, type VerificationKey } from './read-keys.ts'
import { tokensUnavailable } from './token-errors.ts'

/** When a set is asked for again, so that a key that was taken out is not honoured for long. */
const FRESH_MS = 5 * 60_000
/** How long no question is asked after one in vain: a flood of made-up keys costs no more. */
const COOL_DOWN_MS = 10_000
/** The same after one that failed. */
const RETRY_MS = 1000

/** One question that is under way, and the keys that somebody waits for. */
type Question = { kids: Set<string>; answer: Promise<void> }

type State = {
  keys: Map<string, VerificationKey> | undefined
  fetchedAt: number
  askedAt: number
  /** Whether somebody asked last for a key that is not there. */
  inVain: boolean
  /** Why the last question failed. */
  failure: unknown
}

type RemoteOptions = KeySetOptions & {
  /** The time, ms: the clock of the day, since a monotonic one stands still while a Lambda is frozen. */
  clock?: () => number
}

/** The keys at an address; see `createKeySet`. */
export function remoteKeySet(url: URL, options: RemoteOptions): KeySet {
  const { clock = Date.now } = options
  const state: State = {
    keys: undefined,
    fetchedAt: 0,
    askedAt: 0,
    inVain: false,
    failure: undefined,
  }
  let asking: Question | undefined

  /** One question at a time, which others join, and none so soon after one in vain. */
  function ask(kid: string): Promise<void> | undefined {
    if (asking === undefined && mayAsk(state, clock())) {
      state.askedAt = clock()
      const kids = new Set<string>()
      asking = { kids, answer: refresh(state, url, options).then(() => settle(kids)) }
    }
    asking?.kids.add(kid)
    return asking?.answer
  }

  /** In one go, so that nobody asks again between the answer and what it says of the keys. */
  function settle(kids: Set<string>): void {
    asking = undefined
    state.inVain = [...kids].some((kid) => state.keys?.has(kid) !== true)
  }

  return {
    async find(kid) {
      if (hasPassed(FRESH_MS, state.fetchedAt, clock())) {
        const answer = ask(kid)
        // In an outage one request waits in vain; the next ones go on with the keys that are known.
        if (state.keys === undefined || state.failure === undefined) await answer
      }
      if (!state.keys?.has(kid)) await ask(kid)
      const key = state.keys?.get(kid)
      // It may well be a new key, which nobody can tell now.
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

/** After a question that brought what was asked for, the next may follow at once. */
function mayAsk({ askedAt, failure, inVain }: State, now: number): boolean {
  if (failure !== undefined) return hasPassed(RETRY_MS, askedAt, now)
  return !inVain || hasPassed(COOL_DOWN_MS, askedAt, now)
}

function hasPassed(ms: number, since: number, now: number): boolean {
  // Where `since` is in the future, the clock was set back meanwhile.
  return now < since || now - since >= ms
}

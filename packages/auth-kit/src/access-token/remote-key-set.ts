import { CLOCK_TOLERANCE_SECONDS } from './clock-tolerance.ts'
import { fetchKeySet } from './fetch-key-set.ts'
import type { KeySet, KeySetOptions } from './key-set.ts'
import { readKeys, type VerificationKey } from './read-keys.ts'
import { tokensUnavailable } from './token-errors.ts'

/** When a set is asked for again, so that a key that was taken out is not honoured for long. */
const FRESH_MS = 5 * 60_000
/** Between two questions, whatever the tokens say. */
const COOL_DOWN_MS = 10_000
/** The same after one that failed. */
const RETRY_MS = 1000

type State = {
  keys: Map<string, VerificationKey> | undefined
  fetchedAt: number
  askedAt: number
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
  const state: State = { keys: undefined, fetchedAt: 0, askedAt: 0, failure: undefined }
  let asking: Promise<void> | undefined

  /** One question at a time, and none so soon after the last. */
  function ask(): Promise<void> | undefined {
    if (asking === undefined && mayAsk(state, clock())) {
      state.askedAt = clock()
      asking = refresh(state, url, options).finally(() => (asking = undefined))
    }
    return asking
  }

  return {
    async find(kid) {
      if (hasPassed(FRESH_MS, state.fetchedAt, clock())) {
        const answer = ask()
        // In an outage one request waits in vain; the next ones go on with the keys that are known.
        if (state.keys === undefined || state.failure === undefined) await answer
      }
      if (!state.keys?.has(kid)) await ask()
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

function mayAsk({ askedAt, failure }: State, now: number): boolean {
  return hasPassed(failure === undefined ? COOL_DOWN_MS : RETRY_MS, askedAt, now)
}

function hasPassed(ms: number, since: number, now: number): boolean {
  // Where `since` is in the future, the clock was set back meanwhile.
  return now < since || now - since >= ms
}

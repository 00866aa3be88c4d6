import { sessionsUnavailable } from '../errors.ts'
import { checkSize } from './check-size.ts'
import { mergeChanges } from './merge-changes.ts'
import { checkNesting } from './nesting.ts'
import type { Lifetime, SessionCache } from './session-cache.ts'
import { parseSession } from './session-content.ts'

/** Give up after this many attempts in which another request was faster. */
const MOST_ATTEMPTS = 100

/** A session as a request last loaded or saved it, and what was stored at that time. */
export type Seen = { json: string; stored: string }

/**
 * Stores the changes of a request from `seen` to `mine`, by compare-and-set. If another request was
 * faster, merges them into the stored session. Returns null and writes nothing if the session has ended.
 *
 * @throws AuthError `sessions_unavailable` if other requests are faster too often; RangeError if the
 *   session becomes too large or is nested too deep
 */
export async function saveChanges(
  cache: SessionCache,
  id: string,
  { seen, mine, lifetime }: { seen: Seen; mine: string; lifetime: Lifetime },
): Promise<Seen | null> {
  let expected = seen.stored
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const json = expected === seen.json ? mine : merge(seen.json, mine, expected)
    checkSize(json)
    const result = await cache.updateSession(id, { expected, json, lifetime })
    if (result.outcome === 'ended') return null
    if (result.outcome === 'updated') return { json: mine, stored: json }
    expected = result.current
  }
  throw sessionsUnavailable(new Error(`session overtaken ${MOST_ATTEMPTS} times`))
}

function merge(base: string, mine: string, theirs: string): string {
  // Before the merge, which walks it.
  checkNesting(mine)
  return JSON.stringify(mergeChanges(parseSession(base), JSON.parse(mine), parseSession(theirs)))
}

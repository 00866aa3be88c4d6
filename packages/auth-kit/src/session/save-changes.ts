import { sessionsUnavailable } from '../errors.ts'
import { checkSize } from './check-size.ts'
import { mergeChanges } from './merge-changes.ts'
import type { Lifetime, SessionCache } from './session-cache.ts'
import { parseSession } from './session-content.ts'

/** After so many requests were faster than this one, the session is given up as too contended. */
const MOST_ATTEMPTS = 100

/** What a request saw of a session when it loaded or saved it, and what was stored then. */
export type Seen = { json: string; stored: string }

/**
 * Stores what a request changed in a session, between what it had `seen` and `mine`: by
 * compare-and-set, and merged into what is there where another request was faster. Null when the
 * session has ended, and then nothing is written.
 *
 * @throws AuthError `sessions_unavailable` when others were faster again and again; RangeError when
 *   the session becomes too large
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
  return JSON.stringify(mergeChanges(parseSession(base), JSON.parse(mine), parseSession(theirs)))
}

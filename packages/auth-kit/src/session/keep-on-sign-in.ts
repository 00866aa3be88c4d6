import type { SessionData } from 'express-session'
import { mergeChanges } from './merge-changes.ts'
import { parseSession, userOf, type SessionContent } from './session-content.ts'
import { stampsOf } from './session-stamps.ts'

/** For each new session of a request: the one whose place it takes. */
const replaced = new WeakMap<object, SessionData>()

/** The names; @throws TypeError if one is not the app's to choose */
export function checkKeptFields(names: readonly string[]): readonly string[] {
  const taken = names.find((name) => ['cookie', 'passport', 'authKit'].includes(name))
  if (taken !== undefined)
    throw new TypeError(`keepOnSignIn: the session keeps ${taken} for itself`)
  return names
}

/** Notes that a new session takes the place of another one. */
export function noteReplaced(session: SessionData, earlier: SessionData): void {
  replaced.set(session, earlier)
}

/**
 * Carries fields over from the session whose place this one takes, when a visitor signs in or the same
 * user signs in again. What the app has put there itself stays.
 */
export function keepFields(session: SessionContent, names: readonly string[]): void {
  const [user, earlier] = [userOf(session), replaced.get(session)]
  if (!user || !earlier) return
  const earlierId = userOf(earlier)?.id ?? stampsOf(earlier).epoch?.userId
  if (earlierId !== undefined && earlierId !== user.id) return
  const kept = Object.entries(earlier).filter(([name]) => names.includes(name))
  Object.assign(session, { ...Object.fromEntries(kept), ...session })
}

/**
 * Brings a session that was loaded as `seen` up to what was `stored` when it ended. What was changed in
 * the object since it was loaded stays.
 */
export function bringUpToDate(
  session: SessionData,
  { seen, stored }: { seen: string; stored: string },
): void {
  const mine: unknown = JSON.parse(JSON.stringify(session))
  const merged = Object(mergeChanges(parseSession(seen), mine, parseSession(stored)))
  for (const name of Object.keys(session)) {
    if (!Object.hasOwn(merged, name)) Reflect.deleteProperty(session, name)
  }
  // express-session has an object of its own for the cookie; the stamps belong to the ended session.
  const { cookie, authKit, ...content } = merged
  Object.assign(session, content)
}

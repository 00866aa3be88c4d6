import { Cookie, type SessionData } from 'express-session'
import type { SessionContent } from './session-content.ts'
import { sessionCookieAttributes } from './session-cookie.ts'

/**
 * Gives a new session the cookie's data where it has none: stock apps, and express-session itself,
 * take a session without it for a broken one. The middleware sets flags of its own at each load.
 */
export function giveCookie(session: SessionContent, idleMs: number): void {
  const attributes = { ...sessionCookieAttributes({}), maxAge: idleMs, originalMaxAge: idleMs }
  session.cookie ??= Object.assign(new Cookie(), attributes)
}

/** Takes over what the store itself keeps in a session, where an app's own object says nothing of it. */
export function keepStamps(session: SessionContent, stored: SessionData): void {
  const { cookie, startedAt, lastUsedAt, signIn, epoch } = stored
  session.cookie ??= cookie
  if (startedAt !== undefined) session.startedAt ??= startedAt
  if (lastUsedAt !== undefined) session.lastUsedAt ??= lastUsedAt
  if (signIn !== undefined) session.signIn ??= signIn
  if (epoch !== undefined) session.epoch ??= epoch
}

import { Cookie, type SessionData } from 'express-session'
import { removeEarlierUser } from './remove-earlier-user.ts'
import { stamp, type SessionContent } from './session-content.ts'
import { sessionCookieAttributes } from './session-cookie.ts'
import { changeStamps, setStamps, stampsOf, stampsOfNew } from './session-stamps.ts'

/** Gives a new session the cookie data and the stamps that every session has. */
export function completeNew(session: SessionContent, idleMs: number): void {
  const now = Date.now()
  giveCookie(session, idleMs)
  setStamps(session, stampsOfNew(session, now))
  removeEarlierUser(session)
  stamp(session, { startedAt: now, signedInAt: now })
  changeStamps(session, { lastUsedAt: now })
}

/**
 * Gives a new session cookie data if it has none: stock apps and express-session itself consider a
 * session without it broken. The middleware sets its own flags on each load.
 */
function giveCookie(session: SessionContent, idleMs: number): void {
  const attributes = { ...sessionCookieAttributes({}), maxAge: idleMs, originalMaxAge: idleMs }
  session.cookie ??= Object.assign(new Cookie(), attributes)
}

/** Gives an app's own object the stamps of the stored session, and its cookie data if it has none. */
export function keepStamps(session: SessionContent, stored: SessionData): void {
  session.cookie ??= stored.cookie
  setStamps(session, stampsOf(stored))
}

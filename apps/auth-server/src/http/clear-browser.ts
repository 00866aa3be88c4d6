import { sessionCookieAttributes, sessionCookieName } from 'auth-kit/session'
import type { Response } from 'express'
import type { Config } from '../config/config.ts'

/** The browser drops the session's cookie, and all that it kept of our pages. */
export function clearBrowser(config: Config, res: Response): void {
  res.clearCookie(sessionCookieName(config), sessionCookieAttributes(config))
  // Not "cookies": that would also clear those of other apps on this host.
  res.set('Clear-Site-Data', '"cache", "storage"')
}

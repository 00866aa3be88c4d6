import { sessionCookieAttributes, sessionCookieName } from 'auth-kit/session'
import type { Response } from 'express'
import type { Config } from '../config/config.ts'

/** Has the browser drop the session cookie and everything it cached or stored for this site. */
export function clearBrowser(config: Config, res: Response): void {
  res.clearCookie(sessionCookieName(config), sessionCookieAttributes(config))
  // Not "cookies": that would also clear the cookies of other apps on this host.
  const types = config.clearSiteData.map((type) => `"${type}"`)
  if (types.length > 0) res.set('Clear-Site-Data', types.join(', '))
}

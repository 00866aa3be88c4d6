import { sessionCookieAttributes, sessionCookieName } from 'auth-kit/session'
import type { Request, RequestHandler, Response } from 'express'
import { Problem } from 'service-kit'
import type { Config } from '../config/config.ts'

type CookieConfig = Pick<Config, 'publicUrl' | 'cookieDomain' | 'cookieName'>

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Sends a cookie along with the sign-in form that browsers treat like the session's. If the form comes back
 * without it, nobody could stay signed in: 400 `cookies_blocked` before a session or an attempt is used.
 * Only navigations of browsers that send Fetch Metadata are checked, so programs need no cookie.
 */
export function checkCookies(config: CookieConfig): RequestHandler {
  const name = sessionCookieName({ ...config, cookieName: 'cookie-check' })
  const names = [name, sessionCookieName(config)]
  return function checkCookies(req, res, next) {
    const hasCookie = names.some((each) => hasCookieNamed(req, each))
    if (!hasCookie && req.method === 'GET') offer(res)
    if (hasCookie || req.method !== 'POST' || !isOwnForm(req)) return next()
    offer(res)
    throw cookiesBlocked(config.publicUrl.host)
  }

  function offer(res: Response): void {
    res.cookie(name, '1', { ...sessionCookieAttributes(config), maxAge: 30 * DAY_MS })
  }
}

function hasCookieNamed({ headers }: Request, name: string): boolean {
  const pairs = (headers.cookie ?? '').split(';')
  return pairs.some((pair) => pair.trim().startsWith(`${name}=`))
}

function isOwnForm(req: Request): boolean {
  return req.get('Sec-Fetch-Site') === 'same-origin' && req.get('Sec-Fetch-Mode') === 'navigate'
}

function cookiesBlocked(host: string): Problem {
  return new Problem({
    status: 400,
    code: 'cookies_blocked',
    detail: `Your browser blocks cookies from ${host}, so you cannot stay signed in. Allow them in the browser’s settings, then try again.`,
  })
}

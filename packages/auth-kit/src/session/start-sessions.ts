import { randomBytes } from 'node:crypto'
import type { Request } from 'express'
import type { Cookie } from 'express-session'
import type { SessionStore } from './session-store.ts'

type CookieAttributes = Pick<Cookie, 'domain' | 'httpOnly' | 'path' | 'sameSite' | 'secure'>

/** Sets how the store creates a new session: its cookie, and an id of 192 random bits. */
export function startSessionsWith(
  store: SessionStore,
  { maxAge, ...attributes }: CookieAttributes & { maxAge: number },
): void {
  store.generate = function generate(req: Request) {
    req.sessionID = randomBytes(24).toString('base64url')
    const expires = new Date(Date.now() + maxAge)
    store.createSession(req, { cookie: { ...attributes, originalMaxAge: maxAge, expires } })
  }
}

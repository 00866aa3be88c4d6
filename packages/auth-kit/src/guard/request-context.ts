import type { Request } from 'express'
import { sessionCookieName } from '../session/session-cookie.ts'

/** What the chain was configured with and its guards need: kept under a name that nobody meets. */
export type RequestContext = {
  /** Where the auth server is: an absolute URL, or a path on the same host; ends with a slash. */
  authUrl: string
  /** The origin under which browsers reach this app; without one, what the request says. */
  origin: string | undefined
  /** The path of that address, without a slash at the end: a proxy in front may have taken it off. */
  basePath: string
  cookieName: string
  /** Errors go to the app's own error handler instead of being answered here. */
  passErrors: boolean
}

/** A property costs less than an entry in a WeakMap, and each request gets one. */
const CONTEXT: unique symbol = Symbol('what the guards need')

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface Request {
      [CONTEXT]?: RequestContext
    }
  }
}

/** Keeps the context for the guards behind it. */
export function setContext(req: Request, context: RequestContext): void {
  req[CONTEXT] = context
}

/** For a chain put together by hand: the auth server is on the same host, under no path. */
const BY_HAND: RequestContext = {
  authUrl: '/',
  origin: undefined,
  basePath: '',
  cookieName: sessionCookieName({}),
  passErrors: false,
}

/** What `setContext` kept, or what holds for a chain put together by hand. */
export function contextOf(req: Request): RequestContext {
  return req[CONTEXT] ?? BY_HAND
}

import type { Request } from 'express'
import { sessionCookieName } from '../session/session-cookie.ts'

/** The settings of the chain that its guards need, stored on the request under a private symbol. */
export type RequestContext = {
  /** The auth server's URL, or its path on the same host. Ends with a slash. */
  authUrl: string
  /** The origin at which browsers reach this app. If undefined, the request's own is used. */
  origin: string | undefined
  /** The path of that URL without a trailing slash. A proxy may strip it. */
  basePath: string
  cookieName: string
  /** Errors go to the app's own error handler. */
  passErrors: boolean
}

/** A property, since every request gets one and a WeakMap entry costs more. */
const CONTEXT: unique symbol = Symbol('auth-kit context')

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface Request {
      [CONTEXT]?: RequestContext
    }
  }
}

/** Stores the context for later guards. */
export function setContext(req: Request, context: RequestContext): void {
  req[CONTEXT] = context
}

/** Defaults for a chain without `authKit`: the auth server is at the root of the same host. */
const BY_HAND: RequestContext = {
  authUrl: '/',
  origin: undefined,
  basePath: '',
  cookieName: sessionCookieName({}),
  passErrors: false,
}

/** The context from `setContext`, or the defaults. */
export function contextOf(req: Request): RequestContext {
  return req[CONTEXT] ?? BY_HAND
}

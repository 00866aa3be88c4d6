import type { IncomingMessage } from 'node:http'

/** What the chain was configured with and its guards need: kept beside the request, not on it. */
export type RequestContext = {
  /** Where the auth server is: an absolute URL, or a path on the same host; ends with a slash. */
  authUrl: string
  /** The origin under which browsers reach this app; without one, what the request says. */
  origin: string | undefined
  cookieName: string
  /** Errors go to the app's own error handler instead of being answered here. */
  passErrors: boolean
}

const contexts = new WeakMap<IncomingMessage, RequestContext>()

export function setContext(req: IncomingMessage, context: RequestContext): void {
  contexts.set(req, context)
}

/** @throws TypeError when the request did not come through `authKit` */
export function contextOf(req: IncomingMessage): RequestContext {
  const context = contexts.get(req)
  if (!context) throw new TypeError('loggedIn needs app.use(authKit({ … })) before it')
  return context
}

import { stringifySetCookie } from 'cookie'
import type { Request, Response } from 'express'
import type { Session } from 'express-session'
import { signSessionId } from './session-cookie.ts'
import type { SessionStore } from './session-store.ts'

type Loaded = {
  /** The id in the request's cookie. */
  id: string | undefined
  /** See `SessionStore.versionOf`. */
  version: string | undefined
}

/** Sends the cookie if the session is new, or was stored again and so lives longer. */
export function writeSessionCookie(
  req: Request,
  res: Response,
  {
    name,
    secret,
    secure,
    store,
    loaded,
  }: { name: string; secret: string; secure: boolean; store: SessionStore; loaded: Loaded },
): void {
  const { session, sessionID } = req
  if (session == null || typeof sessionID !== 'string') return
  // Over plain http, browsers drop a Secure cookie.
  if (!isDue(session, { sessionID, store, loaded }) || (session.cookie.secure && !secure)) return
  const { path, domain, httpOnly, sameSite, expires } = session.cookie
  const header = stringifySetCookie(
    {
      name,
      value: signSessionId(sessionID, secret),
      ...(path !== undefined && { path }),
      ...(domain !== undefined && { domain }),
      ...(httpOnly !== undefined && { httpOnly }),
      ...(sameSite !== undefined && { sameSite }),
      ...(expires instanceof Date && { expires }),
      secure: session.cookie.secure === true,
    },
    { encode: (value) => value },
  )
  res.appendHeader('Set-Cookie', header)
  keepFromSharedCaches(res)
}

function isDue(
  session: Session,
  { sessionID, store, loaded }: { sessionID: string; store: SessionStore; loaded: Loaded },
): boolean {
  const version = store.versionOf(session)
  if (version === undefined) return false
  if (sessionID !== loaded.id) return true
  return version !== loaded.version && session.cookie.expires != null
}

/** Anyone served such an answer from a cache would be signed in as another user. */
function keepFromSharedCaches(res: Response): void {
  const directives = String(res.getHeader('Cache-Control') ?? '').split(/\s*,\s*/)
  // CDNs obey these headers instead (RFC 9213).
  res.removeHeader('CDN-Cache-Control')
  res.removeHeader('Surrogate-Control')
  if (directives.some((directive) => /^(no-store|private)$/i.test(directive))) return
  const others = directives.filter(
    (directive) => directive !== '' && !/^(public|s-maxage=.*)$/i.test(directive),
  )
  res.setHeader('Cache-Control', ['private', ...others].join(', '))
}

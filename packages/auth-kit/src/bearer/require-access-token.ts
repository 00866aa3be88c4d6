import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { AccessToken } from '../access-token/access-token.ts'
import { checkTokenOptions } from '../access-token/check-token-options.ts'
import {
  introspectAccessToken,
  type Introspection,
} from '../access-token/introspect-access-token.ts'
import type { KeySetOptions } from '../access-token/key-finder.ts'
import { createKeySet, type Jwks } from '../access-token/key-set.ts'
import { readBearerToken } from '../access-token/read-bearer-token.ts'
import { hasScopes, splitScopes } from '../access-token/scopes.ts'
import { isAuthenticated } from '../access-token/authentication.ts'
import {
  insufficientAuthentication,
  insufficientScope,
  severalTokens,
  tokenRequired,
} from '../access-token/token-errors.ts'
import { answerError } from '../guard/answer-error.ts'
import { contextOf } from '../guard/request-context.ts'
import { withChallenge } from './challenge.ts'
import { rememberTokens } from './remember-tokens.ts'

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface Request {
      /** What the request's access token says: set behind `requireAccessToken`, and only there. */
      auth: AccessToken
    }
  }
}

export type RequireAccessTokenOptions = KeySetOptions & {
  /** The auth server's address, exactly as its tokens say it: without a slash at the end. */
  issuer: string
  /** What the tokens are for: this service's name at the auth server. */
  audience: string
  /** The scopes that are needed, all of them, with a space between; without: any token for us. */
  scope?: string | undefined
  /** How well the user must have signed in, such as `aal2`: two factors (RFC 9470). */
  acr?: string | undefined
  /** How long ago that may have been, s (RFC 9470). */
  maxAge?: number | undefined
  /** Hand errors to the app's own error handler; else as `authKit` does, or answered here. */
  passErrors?: boolean | undefined
} & (
    | {
        /** The auth server's keys: `<issuer>/.well-known/jwks.json` unless told. */
        jwks?: Jwks | undefined
        introspect?: undefined
      }
    | {
        jwks?: undefined
        /** Instead of keys: where the auth server is asked about each token, and as whom. */
        introspect: Introspection
      }
  )

/**
 * Lets requests pass that bring a good access token in their `Authorization` header (RFC 6750), and
 * sets `req.auth`. A token in the query or in the body is never looked at.
 *
 * Tokens are verified here by the auth server's keys, and it may be away; with `introspect` it is
 * asked each time, and a revocation counts at once.
 *
 * Others get 401 `token_required`, `invalid_token` or `insufficient_user_authentication` (RFC 9470: the
 * user has to sign in again, better or more freshly), 403 `insufficient_scope`, each with a
 * `WWW-Authenticate` header; 400 `invalid_request` with two tokens; 503 `tokens_unavailable`.
 *
 * @example
 * const guard = requireAccessToken({ issuer, audience, scope: 'orders:read' })
 * app.get('/api/orders', guard, (req, res) => res.json({ of: req.auth.sub }))
 *
 * @throws TypeError at once, when an option is wrong
 */
export function requireAccessToken(options: RequireAccessTokenOptions): RequestHandler {
  checkTokenOptions('requireAccessToken', options)
  const verify = verifierFor(options)
  const needed = splitScopes(options.scope ?? '')

  return async function requireAccessToken(req: Request, res: Response, next: NextFunction) {
    try {
      const auth = await verify(readToken(req))
      if (!hasScopes(auth.scope, needed)) throw insufficientScope(needed)
      if (!isAuthenticated(auth, options)) throw insufficientAuthentication()
      req.auth = auth
    } catch (error) {
      const { passErrors = contextOf(req).passErrors } = options
      return answerError(withChallenge(error, options), { req, res, next, passErrors })
    }
    return next()
  }
}

function verifierFor(options: RequireAccessTokenOptions): (token: string) => Promise<AccessToken> {
  const { issuer, audience, jwks, introspect, onClockSkew } = options
  if (introspect === undefined) {
    const keys = createKeySet(jwks ?? addressOfKeys(issuer), { onClockSkew })
    return rememberTokens({ issuer, audience, keys })
  }
  if (jwks !== undefined) {
    throw new TypeError('requireAccessToken: give jwks or introspect, not both')
  }
  checkIntrospection(introspect)
  return (token) => introspectAccessToken(token, { ...introspect, issuer, audience })
}

/** Where the auth server publishes them: under its own address, which may have a path. */
function addressOfKeys(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`
}

function checkIntrospection({ url, clientId, clientSecret }: Introspection): void {
  if (!URL.canParse(String(url)) || !clientId || !clientSecret) {
    throw new TypeError('requireAccessToken: introspect needs url, clientId and clientSecret')
  }
}

function readToken(req: Request): string {
  const token = readBearerToken(req.headersDistinct.authorization)
  if (token === undefined) throw tokenRequired()
  const [, query] = req.originalUrl.split('?', 2)
  if (new URLSearchParams(query).has('access_token')) throw severalTokens()
  return token
}

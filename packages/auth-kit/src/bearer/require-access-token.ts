import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { AccessToken } from '../access-token/access-token.ts'
import { checkTokenOptions } from '../access-token/check-token-options.ts'
import {
  introspectAccessToken,
  type Introspection,
} from '../access-token/introspect-access-token.ts'
import type { KeySetOptions } from '../access-token/key-finder.ts'
import { addressOfKeys, createKeySet, type Jwks } from '../access-token/key-set.ts'
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
      /** The request's access token. Set only after `requireAccessToken`. */
      auth: AccessToken
    }
  }
}

export type RequireAccessTokenOptions = KeySetOptions & {
  /** The auth server's URL, exactly as in its tokens' `iss`: without a trailing slash. */
  issuer: string
  /** What the tokens are for: this service's name at the auth server. */
  audience: string
  /** Required scopes, separated by spaces. Without it, any token for this audience passes. */
  scope?: string | undefined
  /** Required level of the sign-in (RFC 9470), such as `aal2` for two factors. */
  acr?: string | undefined
  /** Maximum age of the sign-in, s (RFC 9470). */
  maxAge?: number | undefined
  /** Pass errors to the app's own error handler. Defaults to `authKit`'s setting, or false. */
  passErrors?: boolean | undefined
} & (
    | {
        /** The auth server's keys. Defaults to `<issuer>/.well-known/jwks.json`. */
        jwks?: Jwks | undefined
        introspect?: undefined
      }
    | {
        jwks?: undefined
        /** Ask the auth server about each token instead of verifying it here. */
        introspect: Introspection
      }
  )

/**
 * Lets requests pass that have a valid access token in their `Authorization` header (RFC 6750), and
 * sets `req.auth`. Never accepts a token in the query or the body.
 *
 * Verifies tokens with the auth server's keys, which works while the auth server is down. With
 * `introspect` it asks the auth server on every request, so a revocation takes effect at once.
 *
 * Refused requests get 401 `token_required`, `invalid_token` or `insufficient_user_authentication`
 * (RFC 9470: a stronger or more recent sign-in is needed), 403 `insufficient_scope`, or 400
 * `invalid_request` for two tokens, each with a `WWW-Authenticate` header. If tokens cannot be
 * checked: 503 `tokens_unavailable`.
 *
 * @example
 * const guard = requireAccessToken({ issuer, audience, scope: 'orders:read' })
 * app.get('/api/orders', guard, (req, res) => res.json({ of: req.auth.sub }))
 *
 * @throws TypeError immediately, if an option is invalid
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

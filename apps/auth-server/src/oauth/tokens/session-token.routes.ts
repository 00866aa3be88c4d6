import { acceptBodySignedIn } from '../../sessions/still-signed-in.ts'
import { loggedIn } from 'auth-kit/logged-in'
import { Router, type RequestHandler } from 'express'
import { validate } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { sessionToken } from './session-token.ts'
import { audienceInput } from './token-input.ts'

/** Tokens for a signed-in user, from the session. */
export function sessionTokenRoutes(deps: OAuthDeps): Router {
  const router = Router()
  router.post(paths.tokens, loggedIn(), acceptBodySignedIn(deps), giveSessionToken(deps))
  return router
}

function giveSessionToken(deps: OAuthDeps): RequestHandler {
  return async function giveSessionToken(req, res) {
    const { audience } = validate(audienceInput, req.body)
    const { accessToken, expiresIn, scope } = await sessionToken(deps, req, audience)
    res.json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      scope,
    })
  }
}

import { readBearerToken } from 'auth-kit/tokens'
import { type Request, type RequestHandler, Router } from 'express'
import { acceptBody } from 'service-kit'
import { paths } from '../../http/paths.ts'
import { isActive } from '../../users/user-directory.ts'
import { findFamily, stateOfFamily } from '../families/find-family.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import {
  answerOAuthError,
  insufficientScope,
  invalidToken,
  severalTokens,
  tokenRequired,
} from '../oauth-error.ts'
import { readPublishedToken } from '../clients/read-access-token.ts'
import { isOpenId } from './openid-scopes.ts'
import { userClaims } from './user-claims.ts'

/** `GET` and `POST /oauth/userinfo`: the user of an access token (OpenID Connect Core §5.3). */
export function userinfoRoutes(deps: TokenDeps): Router {
  const router = Router()
  router.get(paths.userinfo, userinfo(deps))
  router.post(paths.userinfo, acceptBody({ form: true }), userinfo(deps))
  router.use(paths.userinfo, answerOAuthError)
  return router
}

function userinfo(deps: TokenDeps): RequestHandler {
  return async function userinfo(req, res) {
    const { familyId, scope } = await readToken(deps, req)
    const family = await findFamily(deps.families, familyId)
    if (!family || (await stateOfFamily(deps, family)) !== 'active') throw invalidToken()
    const user = await deps.directory.findById(family.userId)
    if (!user || !isActive(user)) throw invalidToken()
    res.json(userClaims(user, scope))
  }
}

/** Accepts any audience: a client uses the same token for its API and for userinfo (Core §5.3.1). */
async function readToken(
  deps: TokenDeps,
  req: Request,
): Promise<{ familyId: string; scope: string }> {
  const token = bearerToken(req)
  if (token === undefined) throw tokenRequired()
  const read = await readPublishedToken(deps, token)
  if (!read || read.expired || read.familyId === undefined) throw invalidToken()
  const scope = typeof read.claims.scope === 'string' ? read.claims.scope : ''
  if (!isOpenId(scope)) throw insufficientScope('openid')
  return { familyId: read.familyId, scope }
}

/**
 * Reads the header, or the form field of a POST (RFC 6750 §2.1, §2.2), never the URL (R56).
 *
 * @throws Problem 400 `invalid_request` for a token in more than one place (§3.1)
 */
function bearerToken(req: Request): string | undefined {
  const inHeader = readBearerToken(req.headersDistinct.authorization)
  const inBody: unknown = req.method === 'POST' ? req.body?.access_token : undefined
  const places = [inHeader, inBody, req.query.access_token].flat()
  if (places.filter((token) => token !== undefined).length > 1) throw severalTokens()
  return typeof inBody === 'string' ? inBody : inHeader
}

import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { invalidInput, Problem } from 'service-kit'
import { findResourceServer } from '../clients/find-client.ts'
import { notSignedIn } from '../../http/errors.ts'
import { checkGrant } from './check-grant.ts'
import { beginFamily } from '../families/begin-family.ts'
import { issueAccessToken } from './issue-tokens.ts'
import { authenticationOf } from '../../sessions/authentication.ts'
import { signInOfSession } from '../../sessions/sign-in-of-session.ts'
import type { SignIn } from '../../sessions/sign-in.model.ts'
import type { TokenDeps } from '../oauth-deps.ts'

/**
 * Issues an access token for a resource server from the session of a request. It is signed with the
 * resource server's own key and ends with the SSO session. There is no refresh token: the session
 * takes its place.
 *
 * @throws Problem 400 `invalid_input` for an unknown audience; 401 `not_signed_in`
 */
export async function sessionToken(
  deps: TokenDeps,
  req: Request,
  audience: string,
): Promise<{ accessToken: string; expiresIn: number; scope: string }> {
  const client = await findResourceServer(deps.clients, audience)
  if (!client) throw unknownAudience()
  const signIn = await signInOfSession(deps, req)
  const authentication = authenticationOf(req.session)
  const family = await beginFamily(deps.families, {
    id: familyOf(signIn, client.id, authentication),
    signIn,
    clientId: client.id,
    authentication,
    audience,
    scope: client.scopes.join(' '),
    counter: 0,
  })
  // The current scope: an operator may have changed it since the family began.
  const token = await issueAccessToken(deps, { client, family, scope: client.scopes.join(' ') })
  await checkGrant(deps, { client, family }).catch((error: unknown) => {
    throw error instanceof Problem && error.status === 400 ? notSignedIn() : error
  })
  return token
}

/** One family per sign-in and audience until the SSO session ends, however many tokens are requested. */
function familyOf({ id, expiresAt }: SignIn, clientId: string, { at }: { at: Date }): string {
  const family = `${id} ${clientId} ${expiresAt.toISOString()} ${at.toISOString()}`
  return createHash('sha256').update(family).digest('base64url')
}

function unknownAudience(): Problem {
  return invalidInput([{ field: 'audience', message: 'No resource server has this audience.' }])
}

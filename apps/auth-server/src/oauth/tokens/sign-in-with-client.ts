import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import type { Client } from '../clients/client.model.ts'
import { signInOvertaken } from '../../http/errors.ts'
import { attemptPassword } from '../../sign-in/attempts/attempt-password.ts'
import { checkCredentials, type Credentials } from '../../sign-in/password/check-credentials.ts'
import { beginFamily } from '../families/begin-family.ts'
import { beginSignIn } from '../../sessions/begin-sign-in.ts'
import { audiencesOf, chooseAudience, chooseScope } from '../choose-scope.ts'
import { endFamily } from '../families/end-family.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import type { TokenPair } from './token-answers.ts'
import { tokenPair } from './issue-tokens.ts'

type Asked = {
  from: Request
  login: string
  password: string
  scope?: string | undefined
  resource?: string | undefined
}

/**
 * User name and password, by way of a first-party client: a sign-in of its own, with its tokens
 * instead of a session.
 *
 * @throws Problem as `checkCredentials`, and `sign_in_overtaken` when all sessions of the user were
 *   ended meanwhile
 */
export async function signInWithClient(
  deps: TokenDeps,
  client: Client,
  asked: Asked,
): Promise<TokenPair> {
  const scope = chooseScope(asked.scope, client.scopes)
  const audience = chooseAudience(asked.resource, audiencesOf(client, deps.config.issuer))
  const { from: req, login } = asked
  const attempt = { req, way: 'client', as: { login }, client } as const
  return await attemptPassword(deps, attempt, async (account) => {
    const { user, epoch } = await checkCredentials(deps, { ...asked, id: account?.id })
    const pair = await beginWith(deps, { client, scope, audience, user, epoch })
    deps.audit.signedIn(req, { user, client })
    return pair
  })
}

type Grant = Credentials & { client: Client; scope: string; audience: string }

async function beginWith(
  deps: TokenDeps,
  { client, scope, audience, user, epoch }: Grant,
): Promise<TokenPair> {
  const signIn = await beginSignIn(deps, {
    id: randomUUID(),
    userId: user.id,
    startedAt: new Date(),
  })
  const family = await beginFamily(deps.families, {
    signIn,
    clientId: client.id,
    authentication: { at: signIn.startedAt, acr: 'aal1', amr: ['pwd'] },
    audience,
    scope,
    counter: 1,
  })
  if ((await deps.store.readEpoch(user.id)) !== epoch) {
    await endFamily(deps.families, family.id, 'revoked')
    throw signInOvertaken()
  }
  return await tokenPair(deps, { client, family, user })
}

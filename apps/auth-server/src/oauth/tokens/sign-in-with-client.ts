import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { Problem } from 'service-kit'
import type { Client } from '../clients/client.model.ts'
import type { PublicUser } from 'auth-kit/passport'
import { type Device, deviceOf } from '../../http/request-device.ts'
import { notePlace } from '../../sign-in/devices/known-place.ts'
import { checkGrant } from './check-grant.ts'
import { signInOvertaken } from '../../http/errors.ts'
import {
  enrolmentRequired,
  passkeyNeeded,
  secondFactorRequired,
} from '../../sign-in/factors/factor-errors.ts'
import { levelOf, withSecondFactor } from '../../sessions/authentication.ts'
import { readFactors } from '../../sign-in/factors/change-factors.ts'
import { factorNames, hasFactor, isFactorRequired } from '../../sign-in/factors/factor-policy.ts'
import { useCode } from '../../sign-in/factors/use-code.ts'
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
  /** The request, which counts as the end user's own (`speakForEndUser`). */
  from: Request
  /** Whether the client sent the end user's address. */
  hasAddress: boolean
  login: string
  password: string
  code?: string | undefined
  scope?: string | undefined
  resource?: string | undefined
}

/**
 * Signs in with user name and password through a first-party client. It begins an SSO session of its own,
 * with tokens instead of a session.
 *
 * @throws Problem as `checkCredentials`, and `sign_in_overtaken` if all sessions of the user ended in
 *   the meantime
 */
export async function signInWithClient(
  deps: TokenDeps,
  client: Client,
  asked: Asked,
): Promise<TokenPair> {
  const scope = chooseScope(asked.scope, client.scopes)
  const audience = chooseAudience(asked.resource, audiencesOf(client, deps.config.issuer))
  const { from: req, hasAddress, login } = asked
  const { id, name } = client
  const attempt = { req, way: 'client', as: { login }, client: { id, name, hasAddress } } as const
  return await attemptPassword(deps, attempt, async (account) => {
    const { user, epoch } = await checkCredentials(deps, { ...asked, id: account?.id })
    const amr = await proveSecondFactor(deps, { ...asked, user })
    const device = { ...deviceOf(req), ...(!hasAddress && { address: '' }) }
    const pair = await beginWith(deps, { client, scope, audience, user, epoch, amr, device })
    deps.audit.signedIn(req, { user, client })
    await notePlace(deps, { user, client, device })
    return pair
  })
}

/**
 * Checks a second factor that is due, by the code sent with the password: this route is no side door.
 *
 * @returns the methods used (RFC 8176)
 */
async function proveSecondFactor(
  deps: TokenDeps,
  { user, code, from }: { user: PublicUser; code?: string | undefined; from: Request },
): Promise<string[]> {
  const factors = await readFactors(deps.factors, user.id)
  if (!hasFactor(factors)) {
    if (isFactorRequired(deps.config, user)) throw enrolmentRequired()
    return ['pwd']
  }
  // A passkey works only in a browser, and recovery codes are not for everyday use.
  if (!factors.totp) throw passkeyNeeded()
  if (!code) throw secondFactorRequired(factorNames(factors))
  await useCode(deps, from, { user, code })
  return withSecondFactor(['pwd'], 'otp')
}

type Grant = Credentials & {
  client: Client
  scope: string
  audience: string
  amr: string[]
  device: Device
}

async function beginWith(
  deps: TokenDeps,
  { client, scope, audience, user, epoch, amr, device }: Grant,
): Promise<TokenPair> {
  const signIn = await beginSignIn(deps, {
    id: randomUUID(),
    userId: user.id,
    startedAt: new Date(),
    by: { client: client.name, ...device },
  })
  const family = await beginFamily(deps.families, {
    signIn,
    clientId: client.id,
    authentication: { at: signIn.startedAt, acr: levelOf(amr), amr },
    audience,
    scope,
    counter: 1,
  })
  if ((await deps.store.readEpoch(user.id)) !== epoch) {
    await endFamily(deps.families, family.id, 'revoked')
    throw signInOvertaken()
  }
  const pair = await tokenPair(deps, { client, family, user })
  await checkGrant(deps, { client, family }).catch((error: unknown) => {
    throw error instanceof Problem && error.code === 'invalid_grant' ? signInOvertaken() : error
  })
  return pair
}

import type { PublicUser } from 'auth-kit/passport'
import type { Request, RequestHandler, Response } from 'express'
import { validate } from 'service-kit'
import type { z } from 'zod'
import { noteDevice } from './devices/note-device.ts'
import { notSignedIn } from '../http/errors.ts'
import { secondFactorRequired } from './factors/factor-errors.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { hasUsedPassword, withSecondFactor } from '../sessions/authentication.ts'
import { takeOverSession } from '../sessions/take-over-session.ts'
import { startSession } from '../sessions/start-session.ts'
import { publicUser } from '../users/public-user.ts'
import { attemptPassword } from './attempts/attempt-password.ts'
import { readFactors } from './factors/change-factors.ts'
import { factorNames, hasFactor } from './factors/factor-policy.ts'
import { useCode } from './factors/use-code.ts'
import { checkCredentials, type Credentials } from './password/check-credentials.ts'
import { assertionInput } from './passkeys/passkey-input.ts'
import { verifyPasskey } from './passkeys/verify-passkey.ts'
import { reauthenticateInput } from './reauthenticate-input.ts'

type Given = z.output<typeof reauthenticateInput>

/**
 * Verifies the signed-in user again: by a code or a passkey if the account has a second factor, otherwise
 * by the password. The session gets a new id and keeps everything else.
 */
export function reauthenticate(deps: SignInDeps): RequestHandler {
  return async function reauthenticate(req: Request, _res: Response, next) {
    if (!req.user) throw notSignedIn()
    const { id, username } = req.user
    const given = reauthenticateInput.parse(req.body)
    const attempt = { req, way: 'reauthenticate', as: { user: { id, username } } } as const
    const proven = await attemptPassword(deps, attempt, () => prove(deps, req, given))
    await renewProven(deps, req, proven)
    next()
  }
}

/** A verified user, as `startSession` accepts it. */
type Proven = Credentials & { amr: string[] }

/** Replaces the session with one that has a new id and the new proof. */
export async function renewProven(deps: SignInDeps, req: Request, proven: Proven): Promise<void> {
  // The user signed out meanwhile: this request is too late.
  const successor = { userId: proven.user.id, signInId: req.session.authKit?.signIn?.id ?? '' }
  if (!(await takeOverSession(deps, req, successor))) throw notSignedIn()
  await startSession(deps, req, proven)
  deps.audit.reauthenticated(req, { user: proven.user })
  await noteDevice(deps, req, proven.user)
}

async function prove(deps: SignInDeps, req: Request, given: Given): Promise<Proven> {
  const user = signedInUser(req)
  if (given.id) return await proveByPasskey(deps, req, given)
  const { password, code } = given
  const credentials = password
    ? // Also refuses if the name now belongs to another account.
      await checkCredentials(deps, { id: user.id, login: user.username, password })
    : await currentUser(deps, user.id)
  const before = password ? ['pwd'] : (req.session.authKit?.signIn?.amr ?? ['pwd'])
  if (code) {
    await useCode(deps, req, { user: credentials.user, code })
    return { ...credentials, amr: withSecondFactor(before, 'otp') }
  }
  const factors = await readFactors(deps.factors, user.id)
  if (hasFactor(factors)) throw secondFactorRequired(factorNames(factors))
  return { ...credentials, amr: ['pwd'] }
}

/** A passkey that verifies its user is two factors. One that does not needs the password of the sign-in. */
async function proveByPasskey(deps: SignInDeps, req: Request, given: Given): Promise<Proven> {
  const credentials = await currentUser(deps, signedInUser(req).id)
  const assertion = validate(assertionInput, given)
  const mustVerifyUser = !hasUsedPassword(req)
  await verifyPasskey(deps, req, { user: credentials.user, assertion, mustVerifyUser })
  const before = mustVerifyUser ? [] : ['pwd']
  return { ...credentials, amr: withSecondFactor(before, 'pop') }
}

function signedInUser({ user }: Request): PublicUser {
  if (!user) throw notSignedIn()
  return user
}

/** The signed-in user's current data. @throws Problem 401 `not_signed_in` if they may not sign in */
export async function currentUser(
  { store, directory }: Pick<SignInDeps, 'store' | 'directory'>,
  id: string,
): Promise<Credentials> {
  const epoch = await store.readEpoch(id)
  const user = await directory.findById(id)
  if (!user?.verifiedAt || user.suspendedAt || user.deletingAt) throw notSignedIn()
  return { user: publicUser(user), epoch }
}

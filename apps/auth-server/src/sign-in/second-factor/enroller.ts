import { loggedIn } from 'auth-kit/logged-in'
import type { PublicUser } from 'auth-kit/passport'
import type { Request, RequestHandler } from 'express'
import { notSignedIn } from '../../http/errors.ts'
import { signIn } from '../complete-sign-in.ts'
import { currentUser, renewProven } from '../reauthenticate.ts'
import { forgetPending, readPending } from './pending-sign-in.ts'
import { withSecondFactor } from '../../sessions/authentication.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { readFactors } from '../factors/change-factors.ts'
import { hasFactor } from '../factors/factor-policy.ts'
import { freshAtStrongest } from '../factors/strongest-level.ts'

/** A person who sets up a factor: a signed-in user, or a visitor who must do so to sign in. */
export type Enroller = { user: PublicUser; isPending: boolean }

const signInFirst = loggedIn()

/**
 * Admits people who may set up a factor: signed-in users as for `freshAtStrongest`, and visitors with a
 * pending step whose account has no factor yet. If it has one, they must use it.
 */
export function mayEnrol(deps: SignInDeps): RequestHandler {
  const guard = freshAtStrongest(deps)
  return async function mayEnrol(req, res, next) {
    if (req.user) return guard(req, res, next)
    const pending = await readPending(deps, req)
    const isFirst = pending && !hasFactor(await readFactors(deps.factors, pending.id))
    return isFirst ? next() : signInFirst(req, res, next)
  }
}

/** The person who sets up a factor. @throws Problem 401 `not_signed_in` */
export async function enrollerOf(deps: SignInDeps, req: Request): Promise<Enroller> {
  if (req.user) return { user: req.user, isPending: false }
  const pending = await readPending(deps, req)
  if (!pending) throw notSignedIn()
  const { epoch, amr, ...user } = pending
  return { user, isPending: true }
}

/** Uses the factor that was just proved: signs a visitor in, or raises the session to `aal2`. */
export async function enterWithFactor(
  deps: SignInDeps,
  req: Request,
  method: 'otp' | 'pop',
): Promise<void> {
  if (req.user) {
    const amr = withSecondFactor(req.session.authKit?.signIn?.amr ?? ['pwd'], method)
    return await renewProven(deps, req, { ...(await currentUser(deps, req.user.id)), amr })
  }
  const pending = await readPending(deps, req)
  if (!pending) throw notSignedIn()
  forgetPending(req)
  await signIn(deps, req, { ...pending, amr: withSecondFactor(pending.amr, method) })
}

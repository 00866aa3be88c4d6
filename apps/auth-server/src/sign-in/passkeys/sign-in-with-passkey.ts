import type { RequestHandler } from 'express'
import { generateAuthenticationOptions } from '@simplewebauthn/server'
import { hasUsedPassword, withSecondFactor } from '../../sessions/authentication.ts'
import { publicUser } from '../../users/public-user.ts'
import { attemptPassword } from '../attempts/attempt-password.ts'
import type { Attempt } from '../attempts/attempt-budgets.ts'
import { readFactors } from '../factors/change-factors.ts'
import type { Verified } from '../password/password-strategy.ts'
import { forgetPending, readPending } from '../second-factor/pending-sign-in.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { keepChallenge } from './passkey-challenge.ts'
import { invalidPasskey } from './passkey-errors.ts'
import { assertionInput } from './passkey-input.ts'
import { relyingParty } from './relying-party.ts'
import { userIdOf, verifyPasskey } from './verify-passkey.ts'

/**
 * Sends request options (WebAuthn L3 §5.5) for the passkeys of the pending or signed-in user or, without
 * either, for any discoverable passkey.
 */
export function offerPasskeys(deps: SignInDeps): RequestHandler {
  return async function offerPasskeys(req, res) {
    const user = req.user ?? (await readPending(deps, req))
    const mustVerifyUser = req.user ? !hasUsedPassword(req) : !user
    const { passkeys } = user ? await readFactors(deps.factors, user.id) : { passkeys: [] }
    const options = await generateAuthenticationOptions({
      rpID: relyingParty(deps.config).id,
      userVerification: mustVerifyUser ? 'required' : 'preferred',
      ...(user && { allowCredentials: passkeys.map(({ id, transports }) => ({ id, transports })) }),
    })
    keepChallenge(req, options.challenge, 'sign_in')
    res.json(options)
  }
}

/**
 * Verifies a passkey, as the second factor after the password or alone. Alone it counts as two factors,
 * because the authenticator has verified its user. Failures count like those of passwords.
 */
export function verifyByPasskey(deps: SignInDeps): RequestHandler {
  return async function verifyByPasskey(req, _res, next) {
    const assertion = assertionInput.parse(req.body)
    const pending = await readPending(deps, req)
    const found = pending ?? (await userOfHandle(deps, assertion.response.userHandle))
    const attempt: Attempt = {
      req,
      way: pending ? 'second_factor' : 'sign_in',
      // An unknown passkey has its own budget.
      as: found ? { user: found } : { login: assertion.id },
    }
    await attemptPassword(deps, attempt, async () => {
      if (!found) throw invalidPasskey()
      await verifyPasskey(deps, req, { user: found, assertion, mustVerifyUser: !pending })
    })
    if (!found) throw invalidPasskey()
    req.account = { ...found, amr: pending ? withSecondFactor(pending.amr, 'pop') : ['pop', 'mfa'] }
    forgetPending(req)
    next()
  }
}

/** The active user of a user handle. Reads the epoch first. */
async function userOfHandle(
  { store, directory }: SignInDeps,
  handle: string | undefined,
): Promise<Verified | null> {
  if (handle === undefined) return null
  const id = userIdOf(handle)
  const epoch = await store.readEpoch(id)
  const user = await directory.findById(id)
  const mayEnter = user?.verifiedAt && !user.suspendedAt && !user.deletingAt
  return mayEnter ? { ...publicUser(user), epoch, amr: [] } : null
}

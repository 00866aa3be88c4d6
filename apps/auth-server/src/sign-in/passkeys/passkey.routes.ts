import { Router } from 'express'
import { acceptBody } from 'service-kit'
import { checkBody } from '../../http/read-input.ts'
import { paths } from '../../http/paths.ts'
import { limitSignIn } from '../attempts/limit-sign-in.ts'
import { completeSignIn } from '../complete-sign-in.ts'
import { returnToTarget } from '../return-to.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { assertionInput } from './passkey-input.ts'
import { offerPasskeys, verifyByPasskey } from './sign-in-with-passkey.ts'

/** Signing in with a passkey, alone or after the password. */
export function passkeyRoutes(deps: SignInDeps): Router {
  const router = Router()
  router.post(paths.passkeyOptions, acceptBody(), offerPasskeys(deps))
  router.post(
    paths.passkey,
    acceptBody(),
    checkBody(assertionInput),
    limitSignIn(deps, { way: 'sign_in' }),
    verifyByPasskey(deps),
    completeSignIn(deps),
    returnToTarget(deps),
  )
  return router
}

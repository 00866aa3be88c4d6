import { Router } from 'express'
import { acceptBody } from 'service-kit'
import { type RenderForm, showFormAgain } from '../../http/pages/show-form.ts'
import { checkBody } from '../../http/read-input.ts'
import { paths } from '../../http/paths.ts'
import { limitVisitors } from '../../sessions/limit-visitors.ts'
import { limitSignIn } from '../attempts/limit-sign-in.ts'
import { completeSignIn } from '../complete-sign-in.ts'
import { type Destinations, renderSignIn } from '../render-sign-in.ts'
import { allowReturnTarget, returnToTarget } from '../return-to.ts'
import { readPending } from '../second-factor/pending-sign-in.ts'
import { renderSecondFactor } from '../second-factor/render-second-factor.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { assertionInput } from './passkey-input.ts'
import { offerPasskeys, verifyByPasskey } from './sign-in-with-passkey.ts'

/** Signing in with a passkey, alone or after the password. */
export function passkeyRoutes(deps: SignInDeps, destinations: Destinations): Router {
  const router = Router()
  router.post(paths.passkeyOptions, acceptBody(), limitVisitors(deps), offerPasskeys(deps))
  router.post(
    paths.passkey,
    acceptBody({ form: true }),
    allowReturnTarget(deps),
    checkBody(assertionInput),
    limitSignIn(deps, { way: 'sign_in' }),
    verifyByPasskey(deps),
    completeSignIn(deps),
    returnToTarget(deps),
    showFormAgain(formOfStep(deps, destinations), { statuses: [400, 401, 403, 409, 429] }),
  )
  return router
}

/** The page that the passkey was asked for on. */
function formOfStep(deps: SignInDeps, destinations: Destinations): RenderForm {
  const alone = renderSignIn(deps, destinations)
  const second = renderSecondFactor(deps)
  return async (problems, req) =>
    (await readPending(deps, req)) ? await second(problems, req) : await alone(problems, req)
}

import { type RequestHandler, Router } from 'express'
import { acceptBody, prefersHtml } from 'service-kit'
import { notSignedIn } from '../../http/errors.ts'
import { checkBody } from '../../http/read-input.ts'
import { showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { paths } from '../../http/paths.ts'
import { limitSignIn } from '../attempts/limit-sign-in.ts'
import { completeSignIn } from '../complete-sign-in.ts'
import { allowReturnTarget, returnToTarget } from '../return-to.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { codeInput } from '../sign-in-input.ts'
import { readPending } from './pending-sign-in.ts'
import { renderSecondFactor } from './render-second-factor.ts'
import { verifySecondFactor } from './verify-second-factor.ts'

/** The step after the password that asks for a code. */
export function secondFactorRoutes(deps: SignInDeps): Router {
  const router = Router()
  const form = renderSecondFactor(deps)
  const allowTarget = allowReturnTarget(deps)
  router.get(paths.secondFactor, signInFirst(deps), allowTarget, showForm(form))
  router.post(
    paths.secondFactor,
    acceptBody({ form: true }),
    allowTarget,
    checkBody(codeInput),
    limitSignIn(deps, { way: 'second_factor' }),
    verifySecondFactor(deps),
    completeSignIn(deps),
    returnToTarget(deps),
    showFormAgain(form, { statuses: [400, 401, 403, 409, 429] }),
  )
  return router
}

/** Sends a browser without a pending step to the sign-in page; a program gets 401 `not_signed_in`. */
function signInFirst(deps: SignInDeps): RequestHandler {
  return async function signInFirst(req, res, next) {
    if (await readPending(deps, req)) return next()
    if (!prefersHtml(req)) throw notSignedIn()
    return res.redirect(303, deps.site.url(paths.signIn))
  }
}

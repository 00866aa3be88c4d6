import { acceptBodySignedIn } from '../sessions/still-signed-in.ts'
import { arriveFromElsewhere, loggedIn } from 'auth-kit/logged-in'
import { type RequestHandler, Router } from 'express'
import { acceptBody } from 'service-kit'
import { checkBody } from '../http/read-input.ts'
import { atField, type RenderForm, showForm, showFormAgain } from '../http/pages/show-form.ts'
import { paths } from '../http/paths.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import {
  allowReturnTarget,
  skipIfSignedIn,
  skipIfSignedInAs,
  returnAddress,
  returnToTarget,
} from './return-to.ts'
import { checkCookies } from './check-cookies.ts'
import { completeSignIn, verifyOnly } from './complete-sign-in.ts'
import { readFactors } from './factors/change-factors.ts'
import { factorNames, hasFactor } from './factors/factor-policy.ts'
import { limitSignIn } from './attempts/limit-sign-in.ts'
import { passwordStrategy } from './password/password-strategy.ts'
import { type Destinations, renderSignIn } from './render-sign-in.ts'
import { reauthenticate } from './reauthenticate.ts'
import { reauthenticatePage } from './reauthenticate.page.ts'
import { reauthenticateInput } from './reauthenticate-input.ts'
import { signInInput } from './sign-in-input.ts'
import { askSecondFactor } from './second-factor/ask-second-factor.ts'

// Invalid input, a wrong password, an account that may not sign in, sessions ended meanwhile, a limit.
const statuses = [400, 401, 403, 409, 429]

/** Sign-in and re-authentication. */
export function signInRoutes(deps: SignInDeps, destinations: Destinations): Router {
  const { passport } = deps
  const router = Router()
  const body = acceptBody({ form: true })
  const allowTarget = allowReturnTarget(deps)
  const cookies = checkCookies(deps.config)
  passport.use('local', passwordStrategy(deps))

  const signInForm = renderSignIn(deps, destinations)
  router.get(
    paths.signIn,
    arriveFromElsewhere(),
    skipIfSignedIn(deps),
    cookies,
    allowTarget,
    showForm(signInForm),
  )
  router.post(
    paths.signIn,
    body,
    cookies,
    allowTarget,
    checkBody(signInInput),
    skipIfSignedInAs(deps),
    limitSignIn(deps, { way: 'sign_in' }),
    passport.authenticate('local', verifyOnly),
    askSecondFactor(deps),
    completeSignIn(deps),
    returnToTarget(deps),
    showFormAgain(signInForm, { statuses }),
  )

  const reauthenticateForm = renderReauthenticate(deps)
  router.get(
    paths.reauthenticate,
    loggedIn(),
    enrolFirst(deps),
    allowTarget,
    showForm(reauthenticateForm),
  )
  router.post(
    paths.reauthenticate,
    loggedIn(),
    acceptBodySignedIn(deps, { form: true }),
    allowTarget,
    checkBody(reauthenticateInput),
    limitSignIn(deps, { way: 'reauthenticate' }),
    reauthenticate(deps),
    returnToTarget(deps),
    showFormAgain(reauthenticateForm, { statuses }),
  )
  return router
}

/** Sends users without a second factor to set one up first if two factors are demanded. */
function enrolFirst(deps: SignInDeps): RequestHandler {
  return async function enrolFirst(req, res, next) {
    if (!req.user || req.query.acr !== 'aal2') return next()
    if (hasFactor(await readFactors(deps.factors, req.user.id))) return next()
    return res.redirect(303, deps.site.url(paths.factors))
  }
}

function renderReauthenticate(deps: SignInDeps): RenderForm {
  return async function renderReauthenticate(problems, req) {
    const { error, fields } = atField(problems, {
      invalid_credentials: 'password',
      invalid_code: 'code',
    })
    const { id = '', username = '' } = req.user ?? {}
    const factors = factorNames(await readFactors(deps.factors, id))
    const returnTo = returnAddress(deps, req)
    return reauthenticatePage(deps.site, { username, returnTo, factors, error, fields })
  }
}

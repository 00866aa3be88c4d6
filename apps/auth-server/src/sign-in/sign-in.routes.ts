import { arriveFromElsewhere, loggedIn } from 'auth-kit/logged-in'
import { Router } from 'express'
import { acceptBody } from 'service-kit'
import { checkBody } from '../http/check-body.ts'
import { noticeText } from '../http/notices.ts'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { clientOfReturn } from './client-of-return.ts'
import { goOn, goOnWhenSignedIn, goOnWhenSignedInAs } from './go-on.ts'
import { limitSignIn } from './limit-sign-in.ts'
import { passwordStrategy } from './password-strategy.ts'
import { reauthenticate } from './reauthenticate.ts'
import { reauthenticatePage } from './reauthenticate.page.ts'
import { showForm, showFormAgain, type DrawForm } from './show-form.ts'
import { reauthenticateInput, signInInput } from './sign-in-input.ts'
import { signInPage } from './sign-in.page.ts'

/** Signing in, and giving the password once more. */
export function signInRoutes(deps: RouteDeps): Router {
  const { passport, site } = deps
  const router = Router()
  const body = acceptBody({ form: true })
  passport.use('local', passwordStrategy(deps))

  const signInForm: DrawForm = async (state, req) => {
    const destination = await clientOfReturn(deps, state.returnTo)
    return signInPage(site, { ...state, destination, notice: noticeText(req.query.notice) })
  }
  router.get(
    paths.signIn,
    arriveFromElsewhere(),
    goOnWhenSignedIn(deps),
    showForm(deps, signInForm),
  )
  router.post(
    paths.signIn,
    body,
    checkBody(signInInput),
    goOnWhenSignedInAs(deps),
    limitSignIn(deps, { way: 'sign_in' }),
    passport.authenticate('local', { session: false }),
    goOn(deps),
    showFormAgain(deps, signInForm),
  )

  const reauthenticateForm: DrawForm = (state, req) =>
    reauthenticatePage(site, { ...state, username: req.user?.username ?? '' })
  router.get(paths.reauthenticate, loggedIn(), showForm(deps, reauthenticateForm))
  router.post(
    paths.reauthenticate,
    loggedIn(),
    body,
    checkBody(reauthenticateInput),
    limitSignIn(deps, { way: 'reauthenticate' }),
    reauthenticate(deps),
    goOn(deps),
    showFormAgain(deps, reauthenticateForm),
  )
  return router
}

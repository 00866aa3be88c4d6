import { acceptBodySignedIn } from '../../sessions/still-signed-in.ts'
import { loggedIn } from 'auth-kit/logged-in'
import { type RequestHandler, Router } from 'express'
import { acceptBody } from 'service-kit'
import type { ZodType } from 'zod'
import { checkBody } from '../../http/read-input.ts'
import { limitMail } from '../../http/limit-attempts.ts'
import { showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { keepTokenPrivate, linkInput, showLinkProblem } from '../links/link-page.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { atStrongest } from '../../sign-in/factors/strongest-level.ts'
import { limitSignIn } from '../../sign-in/attempts/limit-sign-in.ts'
import { changeEmailInput, changePasswordInput, deleteAccountInput } from './account-input.ts'
import { respondToChange, answerConfirmedEmail, answerDeleted } from './respond-to-change.ts'
import { requestEmailChange } from './request-email-change.ts'
import { changePassword } from './change-password.ts'
import { cancelNewEmail, resendNewEmail } from './pending-email.ts'
import {
  renderChangeEmail,
  renderChangePassword,
  renderDeleteAccount,
} from './change-forms.page.ts'
import { confirmEmailChange, showConfirmNewEmail } from './confirm-email-change.ts'
import { deleteOwnAccount } from './delete-own-account.ts'

// Bad input, a wrong password, not allowed, and a change that came first.
const statuses = [400, 401, 403, 409, 429]

/** Changes the password or the address, or deletes the account. Each asks for the password again. */
export function changeAccountRoutes(deps: AccountDeps): Router {
  const { site, config } = deps
  const router = Router()
  const limit = limitSignIn(deps, { way: 'account' })
  const withPassword = (input: ZodType): RequestHandler[] => [
    atStrongest(deps),
    ...acceptBodySignedIn(deps, { form: true }),
    checkBody(input),
    limit,
  ]

  const passwordForm = renderChangePassword(site, { minLength: config.passwordMinLength })
  router.get(paths.changePassword, loggedIn(), showForm(passwordForm))
  router.post(
    paths.changePassword,
    withPassword(changePasswordInput),
    changePassword(deps),
    respondToChange(site, { status: 200, notice: 'password' }),
    showFormAgain(passwordForm, { statuses }),
  )

  const emailForm = renderChangeEmail(site)
  router.get(paths.changeEmail, loggedIn(), showForm(emailForm))
  router.post(
    paths.changeEmail,
    withPassword(changeEmailInput),
    limitMail(deps),
    requestEmailChange(deps),
    respondToChange(site, { status: 202, notice: 'email_sent' }),
    showFormAgain(emailForm, { statuses }),
  )
  const signedInForm = [loggedIn(), ...acceptBodySignedIn(deps, { form: true })]
  router.post(
    paths.resendNewEmail,
    signedInForm,
    limitMail(deps),
    resendNewEmail(deps),
    respondToChange(site, { status: 202, notice: 'email_resent' }),
  )
  router.post(
    paths.cancelNewEmail,
    signedInForm,
    cancelNewEmail(deps),
    respondToChange(site, { status: 200, notice: 'email_cancelled' }),
  )
  const linkProblem = showLinkProblem(site, {
    advice: 'Enter the new address again on your account page, and follow the newest link.',
    label: 'Change your e-mail address',
    path: paths.changeEmail,
  })
  router.get(paths.confirmEmail, keepTokenPrivate, showConfirmNewEmail(deps), linkProblem)
  router.post(
    paths.confirmEmail,
    ...acceptBody({ form: true }),
    checkBody(linkInput),
    confirmEmailChange(deps),
    answerConfirmedEmail(site),
    linkProblem,
  )

  const deleteForm = renderDeleteAccount(site)
  router.get(paths.deleteAccount, loggedIn(), showForm(deleteForm))
  router.delete(
    paths.account,
    withPassword(deleteAccountInput),
    deleteOwnAccount(deps),
    answerDeleted(deps),
  )
  router.post(
    paths.deleteAccount,
    withPassword(deleteAccountInput),
    deleteOwnAccount(deps),
    answerDeleted(deps),
    showFormAgain(deleteForm, { statuses }),
  )
  return router
}

import { type Request, type RequestHandler, type Response, Router } from 'express'
import { acceptBody, prefersHtml, Problem, requireTokenOfNullOrigin } from 'service-kit'
import { inviteUsedOrExpired } from '../../http/errors.ts'
import { renderMessage, type Site } from '../../http/pages/render-page.ts'
import { atField, type RenderForm, showFormAgain } from '../../http/pages/show-form.ts'
import { textOf } from '../../http/read-input.ts'
import { findOpenInvite } from '../invitations/find-invite.ts'
import { keepTokenPrivate } from '../links/link-page.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { createSignUpLocks, type SignUpLocks } from './sign-up-locks.ts'
import { readSignUp } from './sign-up-input.ts'
import { showInviteProblem } from './show-invite-problem.ts'
import { signUp } from './sign-up.ts'
import { signUpPage } from './sign-up.page.ts'
import { limitAttempts } from '../../http/limit-attempts.ts'

const sent = 'We sent you an e-mail with a link that completes your sign-up.'
const hint = 'Not there after a few minutes? Check your spam folder.'

/** Sign-up with an invite: the page, and the route its form posts to. */
export function signUpRoutes(deps: AccountDeps): Router {
  const router = Router()
  const inviteProblem = showInviteProblem(deps)
  router.get(paths.invite, keepTokenPrivate, showSignUp(deps), inviteProblem)
  router.post(
    paths.signUp,
    keepTokenPrivate,
    acceptBody({ form: true }),
    requireTokenOfNullOrigin('invite'),
    checkSignUp(deps),
    limitSignUp(deps),
    doSignUp(deps),
    sayCheckYourMail(deps.site),
    showFormAgain(renderSignUp(deps), { statuses: [400, 409, 429] }),
    inviteProblem,
  )
  return router
}

function showSignUp(deps: AccountDeps): RequestHandler {
  const { site, config } = deps
  return async function showSignUp(req, res, next) {
    const token = textOf(req.query, 'token')
    if (token === '') return next()
    const invite = await findOpenInvite(deps, token)
    if (!invite) throw inviteUsedOrExpired()
    const form = { invite: token, email: invite.email ?? '', minLength: config.passwordMinLength }
    return res.type('html').send(signUpPage(site, form))
  }
}

function checkSignUp({ config }: AccountDeps): RequestHandler {
  return function checkSignUp(req, _res, next) {
    const given: unknown = req.body
    // Refuses invalid input before the limit counts it; `doSignUp` parses it again.
    readSignUp(config, given)
    next()
  }
}

function doSignUp(deps: AccountDeps): RequestHandler {
  const { redis, keyPrefix, relay } = deps
  const locks = createSignUpLocks(redis, keyPrefix)
  return async function doSignUp(req, _res, next) {
    await signUpAndTell({ ...deps, locks }, req)
    relay.wake()
    next()
  }
}

async function signUpAndTell(
  deps: AccountDeps & { locks: SignUpLocks },
  req: Request,
): Promise<void> {
  const { audit, config } = deps
  try {
    const done = await signUp(deps, readSignUp(config, req.body))
    if (done?.isNew) audit.accountCreated(req, done)
    else if (done) audit.signUpForOwner(req, done)
  } catch (error) {
    if (error instanceof Problem) audit.signUpRefused(req, { reason: error.code })
    throw error
  }
}

/** The one answer to every accepted sign-up, whether or not the address had an account. */
function sayCheckYourMail(site: Site): RequestHandler {
  return function sayCheckYourMail(req: Request, res: Response) {
    res.status(202)
    if (!prefersHtml(req)) return res.json({ message: sent })
    const page = { title: 'Check your e-mail', lead: sent, text: hint, icon: 'mail' as const }
    return res.type('html').send(renderMessage(site, page))
  }
}

/** The form with the values that were entered, except the password. */
function renderSignUp({ site, config }: AccountDeps): RenderForm {
  return function renderSignUp(problems, { body }) {
    const { error, fields } = atField(problems, { username_taken: 'username' })
    return signUpPage(site, {
      invite: textOf(body, 'invite'),
      email: textOf(body, 'email'),
      username: textOf(body, 'username'),
      minLength: config.passwordMinLength,
      error,
      fields,
    })
  }
}

/**
 * Limits the refused sign-ups from each network address: an unknown invite, a taken name, an address
 * other than the invite's. An accepted sign-up is not counted.
 */
function limitSignUp(deps: Pick<AccountDeps, 'config' | 'redis' | 'keyPrefix'>): RequestHandler {
  return limitAttempts(deps, {
    name: 'sign-up-address',
    limit: deps.config.limitSignUpPerAddress,
    isFailure: (status) => status >= 400 && status < 500,
  })
}

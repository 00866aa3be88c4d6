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
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import { type Challenge, createProofChallenge } from '../reservations/proof-of-work.ts'
import { inviteNeeded } from '../reservations/sign-up-errors.ts'
import { isProofDue } from '../reservations/sign-up-budget.ts'
import { signUpOpenly } from './sign-up-openly.ts'
import { createSignUpLocks, type SignUpLocks } from './sign-up-locks.ts'
import { readSignUp } from './sign-up-input.ts'
import { showInviteProblem } from './show-invite-problem.ts'
import { signUp } from './sign-up.ts'
import { signUpPage } from './sign-up.page.ts'
import { limitAttempts } from '../../http/limit-attempts.ts'

const sent = 'We sent you an e-mail with a link that completes your sign-up.'
const hint = 'Not there after a few minutes? Check your spam folder.'

/** Sign-up, with an invite or without one: the pages, and the route that their form posts to. */
export function signUpRoutes(deps: AccountDeps): Router {
  const router = Router()
  const inviteProblem = showInviteProblem(deps)
  router.get(paths.invite, keepTokenPrivate, showInvited(deps), inviteProblem)
  router.get(paths.signUp, showOpenSignUp(deps))
  router.post(
    paths.signUp,
    keepTokenPrivate,
    acceptBody({ form: true }),
    requireTokenOfNullOrigin('invite'),
    checkSignUp(deps),
    limitSignUp(deps),
    limitMailbox(deps),
    doSignUp(deps),
    sayCheckYourMail(deps.site),
    showFormAgain(renderSignUp(deps), { statuses: [400, 409, 429], codes: formCodes(deps) }),
    inviteProblem,
  )
  return router
}

function showInvited(deps: AccountDeps): RequestHandler {
  const { site, config } = deps
  return async function showInvited(req, res, next) {
    const token = textOf(req.query, 'token')
    if (token === '') return next()
    const invite = await findOpenInvite(deps, token)
    if (!invite) throw inviteUsedOrExpired()
    const form = { invite: token, email: invite.email ?? '', minLength: config.passwordMinLength }
    return res.type('html').send(signUpPage(site, form))
  }
}

/** The form without an invite; for a program, what a sign-up has to bring. */
function showOpenSignUp(deps: AccountDeps): RequestHandler {
  const { site, config } = deps
  return async function showOpenSignUp(req: Request, res: Response) {
    if (config.signUp.by === 'invite') throw inviteNeeded()
    const challenge = await dueChallenge(deps)
    const domains = domainsOf(config)
    if (!prefersHtml(req)) return res.json({ domains, challenge })
    const form = { invite: '', domains, challenge, minLength: config.passwordMinLength }
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
    const input = readSignUp(config, req.body)
    if (input.invite === '') {
      await signUpOpenly(deps, input)
      audit.signUpReserved(req, {})
      return
    }
    const done = await signUp(deps, input)
    if (done?.isNew) audit.accountCreated(req, done)
    else if (done) audit.signUpForOwner(req, done)
  } catch (error) {
    if (error instanceof Problem) auditRefusal(deps, req, error)
    throw error
  }
}

function auditRefusal({ audit }: AccountDeps, req: Request, { status, code }: Problem): void {
  if (status === 429) audit.signUpLimited(req, { reason: code })
  else audit.signUpRefused(req, { reason: code })
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

/** The form says which addresses need an invite. If all do, there is no form. */
function formCodes({ config }: AccountDeps): string[] {
  return config.signUp.by === 'domain' ? ['invite_needed'] : []
}

const fieldOfCode: Record<string, string> = { username_taken: 'username', invite_needed: 'email' }

/** The form with the values that were entered, except the password. */
function renderSignUp(deps: AccountDeps): RenderForm {
  const { site, config } = deps
  return async function renderSignUp(problems, { body }) {
    const { error, fields } = atField(problems, fieldOfCode)
    const invite = textOf(body, 'invite')
    return signUpPage(site, {
      invite,
      email: textOf(body, 'email'),
      username: textOf(body, 'username'),
      domains: domainsOf(config),
      challenge: invite === '' ? await dueChallenge(deps) : null,
      minLength: config.passwordMinLength,
      error,
      fields,
    })
  }
}

/** The task for the browser, if the next sign-up without an invite needs its solution. */
async function dueChallenge(deps: AccountDeps): Promise<Challenge | null> {
  return (await isProofDue(deps)) ? await createProofChallenge(deps) : null
}

/** The domains that need no invite; null if any address will do. */
function domainsOf({ signUp }: AccountDeps['config']): string[] | null {
  return signUp.by === 'domain' ? signUp.domains : null
}

function hasInvite({ body }: Request): boolean {
  return textOf(body, 'invite') !== ''
}

/**
 * Limits the sign-ups from each network address: every one without an invite, because it sends an
 * e-mail, and the refused ones with an invite.
 */
function limitSignUp(deps: Pick<AccountDeps, 'config' | 'redis' | 'keyPrefix'>): RequestHandler {
  return limitAttempts(deps, {
    name: 'sign-up-address',
    limit: deps.config.limitSignUpPerAddress,
    isFailure: (status, req) => !hasInvite(req) || (status >= 400 && status < 500),
  })
}

/** Sign-ups without an invite for one e-mail address, in 15 minutes. */
const PER_MAILBOX = 10

/** Keeps strangers from filling a mailbox. Counted for every address, with an account or not (R9). */
function limitMailbox(deps: Pick<AccountDeps, 'redis' | 'keyPrefix'>): RequestHandler {
  return limitAttempts(deps, {
    name: 'sign-up-mailbox',
    limit: PER_MAILBOX,
    key: ({ body }) => normalizeIdentity(textOf(body, 'email')),
    skip: hasInvite,
  })
}

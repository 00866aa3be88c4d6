import type { Request, RequestHandler, Response } from 'express'
import { Problem } from 'service-kit'
import { paths } from '../../http/paths.ts'
import { authenticationOf } from '../../sessions/authentication.ts'
import { signInOfSession } from '../../sessions/sign-in-of-session.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { oauthError } from '../oauth-error.ts'
import { checkFreshness } from './check-freshness.ts'
import { readIdTokenHint } from '../openid/read-id-token-hint.ts'
import { type AuthorizeRequest, checkAuthorizeRequest } from './check-authorize-request.ts'
import { consentPage } from './consent.page.ts'
import { findRedirect, isOnDevice, type Redirect } from './find-redirect.ts'
import { issueCode } from './issue-code.ts'
import { redirectToClient } from './redirect-to-client.ts'

/** An authorization request, and the visitor's decision on the consent page. */
type Asked = {
  req: Request
  res: Response
  /** The raw parameters: a repeated one is refused. */
  given: unknown
  parameters: Record<string, string>
  redirect: Redirect
  decision?: 'allow' | 'deny' | undefined
}

/**
 * The first half of the code flow (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2). A signed-in visitor
 * returns with a code at once; anybody else signs in first. The operator's own sites need no consent.
 * An app on a device does.
 */
export function authorize(deps: OAuthDeps): RequestHandler {
  return async function authorize(req, res) {
    const redirect = await findRedirect(deps.clients, req.query)
    await answer(deps, { req, res, redirect, given: req.query, parameters: textsOf(req.query) })
  }
}

/** `POST /oauth/consent`: the same request with the visitor's decision. */
export function decide(deps: OAuthDeps): RequestHandler {
  return async function decide(req, res) {
    const { decision, ...parameters } = textsOf(req.body)
    const redirect = await findRedirect(deps.clients, parameters)
    const allowed = decision === 'allow' ? 'allow' : 'deny'
    await answer(deps, { req, res, redirect, given: parameters, parameters, decision: allowed })
  }
}

async function answer(deps: OAuthDeps, asked: Asked): Promise<void> {
  try {
    const request = checkAuthorizeRequest(asked.redirect.client, asked.given, deps.config)
    await takeNextStep(deps, asked, request)
  } catch (error) {
    answerFailure(deps, asked, error)
  }
}

async function takeNextStep(
  deps: OAuthDeps,
  asked: Asked,
  request: AuthorizeRequest,
): Promise<void> {
  const { req, res, redirect, parameters, decision } = asked
  const isSilent = request.prompt.includes('none')
  const missing = await missingOf(deps, asked, request)
  if (missing && (isSilent || missing === 'another_user')) throw loginRequired()
  if (missing) return askFirst(deps, asked, missing)
  if (decision === 'deny') throw oauthError('access_denied', 'The user declined.')
  if (decision === undefined && needsConsent(redirect, request)) {
    if (isSilent) throw oauthError('consent_required', 'The user has to give consent.')
    res
      .type('html')
      .send(consentPage(deps.site, { redirect, parameters, scope: request.scope, user: req.user }))
    return
  }
  const signIn = await signInOfSession(deps, req).catch((error: unknown) => {
    throw isSilent && codeOf(error) !== '' ? loginRequired() : error
  })
  const authentication = authenticationOf(req.session)
  const code = await issueCode(deps.families, { ...redirect, ...request, signIn, authentication })
  redirectToClient(deps, asked, { code })
}

async function missingOf(
  { config }: OAuthDeps,
  { req, redirect }: Asked,
  request: AuthorizeRequest,
): Promise<ReturnType<typeof checkFreshness>> {
  const { idTokenHint } = request
  const hint =
    idTokenHint === undefined
      ? undefined
      : await readIdTokenHint(config.issuer, redirect.client, idTokenHint)
  const visitor = req.user && { userId: req.user.id, ...authenticationOf(req.session) }
  return checkFreshness({ ...request, hintedUserId: hint?.userId }, visitor, new Date())
}

/** Any program on a device may claim the redirect URI, so the user has to approve the app (RFC 8252 §8.6). */
function needsConsent({ client, redirectUri }: Redirect, { prompt }: AuthorizeRequest): boolean {
  return prompt.includes('consent') || (client.kind === 'app' && isOnDevice(redirectUri))
}

function answerFailure(deps: OAuthDeps, asked: Asked, error: unknown): void {
  if (error instanceof Problem && 'error' in error.extra)
    return redirectToClient(deps, asked, error.extra)
  const code = codeOf(error)
  if (code === 'not_signed_in') return askFirst(deps, asked, 'sign_in')
  if (code === 'reauthentication_required') return askFirst(deps, asked, 'reauthenticate')
  throw error
}

/**
 * Sends the visitor to a form that returns to this request. A fresh sign-in is demanded only once: the
 * returning request says since when, by `authenticated_after`.
 */
function askFirst(
  { site }: OAuthDeps,
  { res, parameters }: Asked,
  missing: 'sign_in' | 'reauthenticate' | 'step_up',
): void {
  const { prompt = '', max_age: maxAge, ...rest } = parameters
  const isFresh = maxAge !== undefined || /login|select_account/.test(prompt)
  const left = prompt
    .split(' ')
    .filter((value) => value !== 'login' && value !== 'select_account')
    .join(' ')
  const now = String(Math.floor(Date.now() / 1000))
  const query = new URLSearchParams({
    ...rest,
    ...(left !== '' && { prompt: left }),
    ...(isFresh && { authenticated_after: now }),
  })
  const path = missing === 'sign_in' ? paths.signIn : paths.reauthenticate
  const level = missing === 'step_up' ? 'acr=aal2&' : ''
  const returnTo = encodeURIComponent(`${site.url(paths.authorize)}?${query.toString()}`)
  res.redirect(303, `${site.url(path)}?${level}returnTo=${returnTo}`)
}

function loginRequired(): Problem {
  return oauthError('login_required', 'The user has to sign in.')
}

function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : ''
}

/** The parameters that are strings. */
function textsOf(parameters: unknown): Record<string, string> {
  const given = typeof parameters === 'object' && parameters !== null ? parameters : {}
  return Object.fromEntries(
    Object.entries(given).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
}

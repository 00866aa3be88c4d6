import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { AuthError, sessionChallenge } from './errors.ts'
import { addressWithoutMarker, arriveFromElsewhere } from './guard/arrive-from-elsewhere.ts'
import { answerError, prefersHtml } from './guard/answer-error.ts'
import { contextOf } from './guard/request-context.ts'
import { sendPage } from './guard/send-page.ts'
import { hasTwoCookies, startOver } from './guard/two-cookies.ts'
export { arriveFromElsewhere } from './guard/arrive-from-elsewhere.ts'
import './passport.ts'
import type { Level } from './session/session-content.ts'
import { stampsOf } from './session/session-stamps.ts'
export type { Level } from './session/session-content.ts'

/** Why a request is refused, and the auth server page that a browser is sent to. */
type Refusal = {
  error: AuthError
  page?: 'login' | 'reauthenticate' | `reauthenticate?acr=${Level}`
}

/**
 * Lets signed-in users pass.
 *
 * Without a signed-in user, a program gets 401 problem details (RFC 9457) with the code
 * `not_signed_in`, and a browser goes to the sign-in page (303) and returns afterwards. With
 * `passErrors` the app's own error handler answers programs.
 *
 * Answers behind a guard get `Cache-Control: no-store`, unless the app sets its own.
 *
 * @example
 * app.get('/me', loggedIn(), (req, res) => res.json({ user: req.user }))
 */
export function loggedIn(): RequestHandler {
  return guard('loggedIn', () => undefined)
}

/**
 * Lets signed-in users with that role pass. Users without it get 403 with the code `forbidden`.
 * Visitors who are not signed in are treated as by `loggedIn`.
 *
 * @example
 * app.get('/admin', hasRole('admin'), (req, res) => res.send('Welcome'))
 *
 * @throws TypeError immediately, if the role is empty
 */
export function hasRole(role: string): RequestHandler {
  if (!role) throw new TypeError('hasRole: needs the name of a role')
  return guard('hasRole', (req) =>
    req.user?.roles.includes(role) ? undefined : { error: forbidden() },
  )
}

/**
 * Lets users pass who entered their password within the last `minutes`. Others get 401 with the code
 * `reauthentication_required`; a browser goes to the password prompt (303) and returns. Visitors who
 * are not signed in are treated as by `loggedIn`. A sign-in at a stock app never counts as recent.
 *
 * @example
 * app.delete('/account', signedInWithin(15), deleteAccount)
 *
 * @throws TypeError immediately, if `minutes` is not more than 0
 */
export function signedInWithin(minutes: number): RequestHandler {
  if (!(minutes > 0)) throw new TypeError('signedInWithin: minutes must be more than 0')
  return guard('signedInWithin', (req) => {
    const age = Date.now() - (stampsOf(req.session).signIn?.at ?? 0)
    if (age <= minutes * 60_000) return undefined
    return { error: reauthenticationRequired(), page: 'reauthenticate' }
  })
}

/**
 * Lets users pass who signed in at that level, and within the last `within` minutes if given. `aal2`
 * takes two factors, such as a password and a code, or a passkey. Others get 401 with the code
 * `reauthentication_required` and the level as `acr`; a browser goes to the prompt (303) and returns.
 * Visitors who are not signed in are treated as by `loggedIn`. A sign-in at a stock app is `aal1`.
 *
 * @example
 * app.post('/payouts', signedInWith('aal2', { within: 15 }), payOut)
 *
 * @throws TypeError immediately, if the level is unknown or `within` is not more than 0
 */
export function signedInWith(level: Level, { within }: { within?: number } = {}): RequestHandler {
  if (level !== 'aal1' && level !== 'aal2')
    throw new TypeError('signedInWith: the level must be aal1 or aal2')
  if (within !== undefined && !(within > 0))
    throw new TypeError('signedInWith: within must be more than 0 minutes')
  return guard('signedInWith', (req) => {
    const { at = 0, acr = 'aal1' } = stampsOf(req.session).signIn ?? {}
    const isFresh = within === undefined || Date.now() - at <= within * 60_000
    if (isFresh && (level === 'aal1' || acr === 'aal2')) return undefined
    return { error: reauthenticationRequired(level), page: `reauthenticate?acr=${level}` }
  })
}

function guard(name: string, check: (req: Request) => Refusal | undefined): RequestHandler {
  const arrive = arriveFromElsewhere()
  const handler = (req: Request, res: Response, next: NextFunction) =>
    arrive(req, res, (error?: unknown) => {
      if (error !== undefined) return next(error)
      const refusal = req.user ? check(req) : ({ error: notSignedIn(), page: 'login' } as const)
      if (refusal) return refuse(refusal, req, res, next)
      keepOutOfCaches(res)
      next()
    })
  // The name shows in stack traces and in Express's list of layers.
  return Object.defineProperty(handler, 'name', { value: name })
}

/** Keeps Back from showing the page after sign-out. The app's own Cache-Control takes precedence. */
function keepOutOfCaches(res: Response): void {
  const isAnswer = 'headersSent' in res // not a WebSocket upgrade
  if (isAnswer && !res.headersSent && !res.hasHeader('Cache-Control')) {
    res.setHeader('Cache-Control', 'no-store')
  }
}

function refuse({ error, page }: Refusal, req: Request, res: Response, next: NextFunction): void {
  const { passErrors } = contextOf(req)
  if (page === undefined || !prefersHtml(req)) {
    return answerError(error, { req, res, next, passErrors })
  }
  if (page === 'login' && hasTwoCookies(req)) return void startOver(req, res).catch(next)
  sendToHelp(req, res, helpUrl(req, page))
}

/**
 * Chromium and Safari apply the `form-action` of a form's page to every redirect that follows, and it
 * seldom names the auth server. So a request that may follow a form gets a page that opens the URL.
 */
function sendToHelp(req: Request, res: Response, url: string): void {
  res.set('Cache-Control', 'no-store')
  const mayFollowForm = req.get('Sec-Fetch-Site') === 'same-origin'
  if (!mayFollowForm || !URL.canParse(url)) return res.redirect(303, url)
  res.status(401).set(sessionChallenge)
  sendPage(res, {
    title: 'One moment',
    text: 'Please sign in. The page opens automatically.',
    link: { url, label: 'Sign in', isFollowed: true },
  })
}

/** Adds `returnTo` only to addresses that can be requested again with GET. */
function helpUrl(req: Request, page: string): string {
  const { authUrl, origin } = contextOf(req)
  if (req.method !== 'GET' && req.method !== 'HEAD') return `${authUrl}${page}`
  const isElsewhere = URL.canParse(authUrl)
  const ownOrigin = isElsewhere ? (origin ?? `${req.protocol}://${req.get('Host')}`) : ''
  const returnTo = encodeURIComponent(`${ownOrigin}${addressWithoutMarker(req)}`)
  return `${authUrl}${page}${page.includes('?') ? '&' : '?'}returnTo=${returnTo}`
}

function notSignedIn(): AuthError {
  return new AuthError({
    code: 'not_signed_in',
    status: 401,
    message: 'Please sign in.',
    headers: sessionChallenge,
  })
}

function forbidden(): AuthError {
  return new AuthError({ code: 'forbidden', status: 403, message: 'Your account may not do this.' })
}

function reauthenticationRequired(acr?: Level): AuthError {
  return new AuthError({
    code: 'reauthentication_required',
    status: 401,
    message:
      acr === 'aal2'
        ? 'Please confirm your identity with your second factor.'
        : 'Please enter your password again: your last sign-in was too long ago.',
    headers: sessionChallenge,
    ...(acr && { extra: { acr } }),
  })
}

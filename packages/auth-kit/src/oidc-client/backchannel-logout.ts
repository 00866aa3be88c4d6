import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { checkIssuer } from '../access-token/check-token-options.ts'
import type { KeySetOptions } from '../access-token/key-finder.ts'
import { addressOfKeys, createKeySet, type Jwks } from '../access-token/key-set.ts'
import { answerError } from '../guard/answer-error.ts'
import { contextOf } from '../guard/request-context.ts'
import { invalidLogoutToken, type LogoutNotice, verifyLogoutToken } from './verify-logout-token.ts'

export type BackchannelLogoutOptions = KeySetOptions & {
  /** The auth server's URL, exactly as in its tokens' `iss`: without a trailing slash. */
  issuer: string
  /** This site's id at the auth server. */
  clientId: string
  /** The auth server's keys. Defaults to `<issuer>/.well-known/jwks.json`. */
  jwks?: Jwks | undefined
  /**
   * Ends this site's sessions of the sign-in. A notice may come twice, so ending what has ended must
   * succeed. If it throws, the auth server tries again later.
   */
  endSessions: (notice: LogoutNotice) => void | Promise<void>
  /** Pass errors to the app's own error handler. Defaults to `authKit`'s setting, or false. */
  passErrors?: boolean | undefined
}

/** A logout token has about 600 bytes. */
const readForm = express.urlencoded({ extended: false, limit: '16kb' })

/**
 * Handles the notices that the auth server posts to a site's `backchannel_logout_uri` when a sign-in
 * has ended (OpenID Connect Back-Channel Logout 1.0). Verifies each notice, calls `endSessions` and
 * answers 200 once that has succeeded. It reads the form itself and needs neither a cookie nor a
 * session.
 *
 * Refused requests get 400 `invalid_logout_token`. If the keys cannot be fetched: 503
 * `tokens_unavailable`. What `endSessions` throws goes to the app's error handler.
 *
 * @example
 * app.post('/backchannel-logout', backchannelLogout({ issuer, clientId, endSessions }))
 *
 * @throws TypeError immediately, if an option is invalid
 */
export function backchannelLogout(options: BackchannelLogoutOptions): RequestHandler {
  checkOptions(options)
  const { issuer, clientId, endSessions } = options
  const keys = createKeySet(options.jwks ?? addressOfKeys(issuer), options)

  return async function backchannelLogout(req: Request, res: Response, next: NextFunction) {
    try {
      const token = await readLogoutToken(req, res)
      await endSessions(await verifyLogoutToken(token, { issuer, clientId, keys }))
    } catch (error) {
      const { passErrors = contextOf(req).passErrors } = options
      return answerError(error, { req, res, next, passErrors })
    }
    return res.set('Cache-Control', 'no-store').status(200).end()
  }
}

function checkOptions({ issuer, clientId, endSessions }: BackchannelLogoutOptions): void {
  checkIssuer('backchannelLogout', issuer)
  if (typeof clientId !== 'string' || clientId === '')
    throw new TypeError("backchannelLogout: clientId must be this site's id at the auth server")
  if (typeof endSessions !== 'function')
    throw new TypeError('backchannelLogout: endSessions must be a function')
}

/** @throws AuthError `invalid_logout_token` (400) for anything but a form with one token */
async function readLogoutToken(req: Request, res: Response): Promise<string> {
  await parseForm(req, res)
  const form: unknown = req.body
  const token =
    typeof form === 'object' && form !== null && 'logout_token' in form
      ? form.logout_token
      : undefined
  if (typeof token !== 'string') throw invalidLogoutToken()
  return token
}

/** Does nothing if the app has parsed the form already. */
function parseForm(req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    readForm(req, res, (error?: unknown) =>
      error === undefined ? resolve() : reject(invalidLogoutToken(error)),
    )
  })
}

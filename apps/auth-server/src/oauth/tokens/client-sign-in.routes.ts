import { Router, type RequestHandler } from 'express'
import { acceptBody, validate } from 'service-kit'
import { clientAddress } from '../../http/client-address.ts'
import { limitAttempts } from '../../http/limit-attempts.ts'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { knownClient } from './client-of-request.ts'
import { signInWithClient } from './sign-in-with-client.ts'
import { speakForEndUser } from './speak-for-end-user.ts'
import { clientSignInInput } from './token-input.ts'

/** Sign-in through a first-party client. As on all endpoints for clients, cookies and `Origin` are ignored. */
export function clientSignInRoutes(deps: OAuthDeps): Router {
  const router = Router()
  const body = acceptBody({ form: true })
  router.post(
    paths.signIn,
    body,
    onlyWithClient,
    checkClient(deps),
    limitEndUser(deps),
    giveFirstTokens(deps),
  )
  return router
}

/** A `client_id` selects this route before any session is read. Without one, the browser's route follows. */
const onlyWithClient: RequestHandler = function onlyWithClient(req, _res, next) {
  const body: unknown = req.body
  const hasClient = typeof body === 'object' && body !== null && 'client_id' in body
  next(hasClient ? undefined : 'route')
}

function checkClient(deps: OAuthDeps): RequestHandler {
  return async function checkClient(req, res, next) {
    const input = validate(clientSignInInput, req.body)
    const { client_id: id, client_secret: secret, end_user_address: address } = input
    res.locals.client = await knownClient(deps, req, { id, secret }, ['first_party'])
    speakForEndUser(req, { address, agent: input.end_user_agent })
    next()
  }
}

/** Limits attempts per client and end user's address. As in a browser's sign-in, correct passwords count. */
function limitEndUser(deps: OAuthDeps): RequestHandler {
  const count = limitAttempts(deps, {
    name: 'sign-in-end-user',
    limit: deps.config.limitSignInPerAddress,
    key: (req) => `${req.body.client_id} ${clientAddress(req)}`,
  })
  return function limitEndUser(req, res, next) {
    if (req.body.end_user_address === undefined) return next()
    return count(req, res, next)
  }
}

function giveFirstTokens(deps: OAuthDeps): RequestHandler {
  return async function giveFirstTokens(req, res) {
    const input = validate(clientSignInInput, req.body)
    const { username, password, code, scope, resource } = input
    const hasAddress = input.end_user_address !== undefined
    const asked = { from: req, hasAddress, login: username, password, code, scope, resource }
    res.json(await signInWithClient(deps, res.locals.client, asked))
  }
}

import { Router, type RequestHandler } from 'express'
import { acceptBody, validate } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { knownClient } from './client-of-request.ts'
import { signInWithClient } from './sign-in-with-client.ts'
import { clientSignInInput } from './token-input.ts'

/** Signing in by way of a first-party client: as for all that clients ask, no cookie and no Origin counts. */
export function clientSignInRoutes(deps: OAuthDeps): Router {
  const router = Router()
  const body = acceptBody({ form: true })
  router.post(paths.signIn, body, onlyWithClient, checkClient(deps), giveFirstTokens(deps))
  return router
}

/** A `client_id` decides, before any session is looked at; without one this is the form's sign-in. */
const onlyWithClient: RequestHandler = function onlyWithClient(req, _res, next) {
  const body: unknown = req.body
  const hasClient = typeof body === 'object' && body !== null && 'client_id' in body
  next(hasClient ? undefined : 'route')
}

// Its attempts count for the account alone: many people sign in from its one address.
function checkClient(deps: OAuthDeps): RequestHandler {
  return async function checkClient(req, res, next) {
    const { client_id: id, client_secret: secret } = validate(clientSignInInput, req.body)
    res.locals.client = await knownClient(deps, req, { id, secret }, ['first_party'])
    next()
  }
}

function giveFirstTokens(deps: OAuthDeps): RequestHandler {
  return async function giveFirstTokens(req, res) {
    const { username, password, code, scope, resource } = validate(clientSignInInput, req.body)
    const asked = { from: req, login: username, password, code, scope, resource }
    res.json(await signInWithClient(deps, res.locals.client, asked))
  }
}

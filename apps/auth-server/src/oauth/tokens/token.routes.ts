import { type RequestHandler, Router } from 'express'
import { acceptBody } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { audiencesOf, chooseAudience, chooseScope } from '../choose-scope.ts'
import { answerOAuthError, oauthError } from '../oauth-error.ts'
import { clientOfRequest, tokenClients } from './client-of-request.ts'
import { exchangeCode } from './exchange-code.ts'
import { introspectToken } from './introspect-token.ts'
import { issueMachineToken } from './issue-tokens.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { revokeToken } from './revoke-token.ts'
import {
  codeInput,
  machineInput,
  readGrantType,
  readParameters,
  refreshInput,
  tokenInput,
} from './token-input.ts'

/**
 * The endpoints that clients call with their own credentials. They read no cookies, so `Origin` is not
 * checked.
 */
export function tokenRoutes(deps: OAuthDeps): Router {
  const router = Router()
  const body = acceptBody({ form: true })
  router.post(paths.token, body, giveTokens(deps))
  router.post(paths.revoke, body, revoke(deps))
  router.post(paths.introspect, body, introspect(deps, { withReason: false }))
  // Libraries call these three, and they know only the errors of RFC 6749 §5.2.
  router.use([paths.token, paths.revoke, paths.introspect], answerOAuthError)
  router.post(paths.refresh, body, refresh(deps))
  router.post(paths.verify, body, introspect(deps, { withReason: true }))
  return router
}

function giveTokens(deps: OAuthDeps): RequestHandler {
  const byGrant = {
    authorization_code: exchange(deps),
    refresh_token: refresh(deps),
    client_credentials: giveMachineToken(deps),
  }
  return function giveTokens(req, res, next) {
    // RFC 6749 §5.1, for HTTP/1.0 caches.
    res.set('Pragma', 'no-cache')
    return byGrant[readGrantType(req.body)](req, res, next)
  }
}

function giveMachineToken(deps: OAuthDeps): RequestHandler {
  return async function giveMachineToken(req, res) {
    const client = await clientOfRequest(deps, req, [...tokenClients, 'machine'])
    if (client.kind !== 'machine')
      throw oauthError('unauthorized_client', 'Only a machine client may use client_credentials.')
    const { scope, resource } = readParameters(machineInput, req.body)
    const audiences = audiencesOf(client, deps.config.issuer)
    const grant = {
      client,
      scope: chooseScope(scope, client.scopes),
      audience: chooseAudience(resource, audiences),
    }
    res.json(await issueMachineToken(deps, grant))
  }
}

function exchange(deps: OAuthDeps): RequestHandler {
  return async function exchange(req, res) {
    const client = await clientOfRequest(deps, req, tokenClients)
    const input = readParameters(codeInput, req.body)
    const pair = await exchangeCode(deps, client, {
      from: req,
      code: input.code,
      redirectUri: input.redirect_uri,
      codeVerifier: input.code_verifier,
      resource: input.resource,
    })
    res.json(pair)
  }
}

function refresh(deps: OAuthDeps): RequestHandler {
  return async function refresh(req, res) {
    const client = await clientOfRequest(deps, req, tokenClients)
    const { refresh_token, access_token, scope, resource } = readParameters(refreshInput, req.body)
    const asked = {
      from: req,
      refreshToken: refresh_token,
      accessToken: access_token,
      scope,
      resource,
    }
    res.json(await refreshTokens(deps, client, asked))
  }
}

function revoke(deps: OAuthDeps): RequestHandler {
  return async function revoke(req, res) {
    const client = await clientOfRequest(deps, req, tokenClients)
    const { token } = readParameters(tokenInput, req.body)
    await revokeToken(deps, client, { from: req, token })
    res.json({})
  }
}

function introspect(deps: OAuthDeps, { withReason }: { withReason: boolean }): RequestHandler {
  return async function introspect(req, res) {
    const client = await clientOfRequest(deps, req, ['resource_server'])
    const { token } = readParameters(tokenInput, req.body)
    const answer = await introspectToken(deps, client, token)
    res.json(answer.active || withReason ? answer : { active: false })
  }
}

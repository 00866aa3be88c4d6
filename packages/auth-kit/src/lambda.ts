import type { AccessToken } from './access-token/access-token.ts'
import { checkTokenOptions } from './access-token/check-token-options.ts'
import type { KeySet, KeySetOptions } from './access-token/key-finder.ts'
import { createKeySet, type Jwks } from './access-token/key-set.ts'
import { readBearerToken } from './access-token/read-bearer-token.ts'
import { verifyAccessToken } from './access-token/verify-access-token.ts'
import { AuthError } from './errors.ts'
import { readAuthorizerEvent, type AuthorizerQuestion } from './lambda/authorizer-event.ts'
import { contextOf, policyFor } from './lambda/policy.ts'
import type { AuthorizerContext, PolicyAnswer } from './lambda/policy.ts'
import { refuse } from './lambda/refuse.ts'
import { checkRoutes, isWithin, reachOf, type Route } from './lambda/routes.ts'

export type { AuthorizerContext, PolicyAnswer } from './lambda/policy.ts'
export type { Route } from './lambda/routes.ts'

/** The simple answer of an HTTP API. */
export type SimpleAnswer = { isAuthorized: boolean; context?: AuthorizerContext }

/** The authorizer's answer, unless it throws. */
export type AuthorizerAnswer = PolicyAnswer | SimpleAnswer

export type AuthorizerOptions = KeySetOptions & {
  /** The auth server's URL, exactly as in its tokens' `iss`: without a trailing slash. */
  issuer: string
  /** What the tokens are for: this API's name at the auth server. */
  audience: string
  /** The auth server's keys: the URL of its JWKS, or the JWKS itself as of deploy time. */
  jwks: Jwks
  /** Which scope opens which route. Without it, a valid token opens the whole stage of this API. */
  routes?: readonly Route[] | undefined
  /** The answer format configured for the HTTP API. `iam` */
  answers?: 'iam' | 'simple' | undefined
}

/**
 * The handler of an API Gateway authorizer, for REST APIs (TOKEN and REQUEST) and HTTP APIs
 * (payload format 2.0, answers simple or IAM).
 *
 * A policy names everything the token may call and expires with the token, so it can be cached.
 * Without `routes` that is the whole stage of the calling API, never more. A simple answer is for one
 * route: leave caching off, or add `$context.routeKey` to the cache key.
 *
 * For an invalid token, a REST API gets the error `Unauthorized`, which becomes a 401; an HTTP API
 * gets a refusal. If the keys cannot be fetched, it throws another error, so no refusal is cached.
 *
 * @example
 * export const handler = createAuthorizer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://orders.example.com',
 *   jwks: 'https://login.example.com/.well-known/jwks.json',
 *   routes: [{ scope: 'orders:read', method: 'GET', path: '/orders/*' }],
 * })
 *
 * @returns the handler; it throws AuthError `tokens_unavailable` if the keys cannot be fetched, and
 *   TypeError for an event of another kind
 * @throws TypeError immediately, if an option is invalid
 */
export function createAuthorizer(
  options: AuthorizerOptions,
): (event: unknown) => Promise<AuthorizerAnswer> {
  const { issuer, audience, routes, jwks, answers = 'iam' } = options
  checkTokenOptions('createAuthorizer', { issuer, audience })
  if (routes !== undefined) checkRoutes(routes)
  if (answers !== 'iam' && answers !== 'simple') {
    throw new TypeError('createAuthorizer: answers must be iam or simple')
  }
  const keys = createKeySet(jwks, options)

  return async function authorize(event) {
    const question = readAuthorizerEvent(event)
    const isSimple = question.kind === 'http' && answers === 'simple'
    const token = await verify(question, { issuer, audience, keys })
    if (token === undefined) return refuse(question, isSimple)
    const reach = reachOf(token.scope, routes)
    if (!isSimple) return policyFor(token, reach, question.stageArn)
    return { isAuthorized: isWithin(reach, question), context: contextOf(token) }
  }
}

/** Undefined if the token is missing or invalid. An outage stays an error. */
async function verify(
  { authorization }: AuthorizerQuestion,
  options: { issuer: string; audience: string; keys: KeySet },
): Promise<AccessToken | undefined> {
  try {
    const token = readBearerToken(authorization)
    return token === undefined ? undefined : await verifyAccessToken(token, options)
  } catch (error) {
    if (error instanceof AuthError && error.status < 500) return undefined
    throw error
  }
}

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

/** An HTTP API's answer in the simple form. */
export type SimpleAnswer = { isAuthorized: boolean; context?: AuthorizerContext }

/** What the authorizer answers a question that is not refused by an error. */
export type AuthorizerAnswer = PolicyAnswer | SimpleAnswer

export type AuthorizerOptions = KeySetOptions & {
  /** The auth server's address, exactly as its tokens say it: without a slash at the end. */
  issuer: string
  /** What the tokens are for: this API's name at the auth server. */
  audience: string
  /** The auth server's keys: the address of its JWKS, or the JWKS itself as it was at deploy time. */
  jwks: Jwks
  /** Which scope opens which route; without it a good token opens all of this API's stage. */
  routes?: readonly Route[] | undefined
  /** How an HTTP API wants its answers, as it was set up there. `iam` */
  answers?: 'iam' | 'simple' | undefined
}

/**
 * The handler of an API Gateway authorizer, for REST APIs (TOKEN and REQUEST) and HTTP APIs
 * (payload format 2.0, answers simple or IAM).
 *
 * A policy names everything that the token may call, and ends with the token: so it may be cached.
 * Without `routes` that is all of the API's stage which asked, and never more.
 * A simple answer is for one route: leave the cache off, or put `$context.routeKey` into its key.
 *
 * A bad token: REST APIs get the error `Unauthorized`, which they answer with 401; HTTP APIs a
 * refusal. When the keys cannot be had it throws another error, so that no refusal is cached.
 *
 * @example
 * export const handler = createAuthorizer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://orders.example.com',
 *   jwks: 'https://login.example.com/.well-known/jwks.json',
 *   routes: [{ scope: 'orders:read', method: 'GET', path: '/orders/*' }],
 * })
 *
 * @returns the handler, which throws AuthError `tokens_unavailable` when the keys cannot be had, and
 *   TypeError for an event that is no authorizer's
 * @throws TypeError at once, when an option is wrong
 */
export function createAuthorizer(
  options: AuthorizerOptions,
): (event: unknown) => Promise<AuthorizerAnswer> {
  const { issuer, audience, routes, jwks, answers = 'iam' } = options
  checkTokenOptions('createAuthorizer', { issuer, audience })
  if (routes !== undefined) checkRoutes(routes)
  if (answers !== 'iam' && answers !== 'simple') {
    throw new TypeError('createAuthorizer: answers is iam or simple')
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

/** Undefined when the token is missing or bad; an outage stays an error. */
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

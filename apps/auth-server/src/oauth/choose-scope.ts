import { oauthError } from './oauth-error.ts'

/**
 * The granted scope: the requested one if all of it is allowed, or everything allowed if no scope was
 * requested (RFC 6749 §3.3). It never grows (R55).
 *
 * @throws Problem 400 `invalid_scope`
 */
export function chooseScope(asked: string | undefined, allowed: readonly string[]): string {
  if (asked === undefined || asked.trim() === '')
    return allowed.filter((scope) => !mustBeAskedFor.has(scope)).join(' ')
  const scopes = [...new Set(asked.split(' ').filter((scope) => scope !== ''))]
  const known = scopes.filter((scope) => allowed.includes(scope))
  // OpenID Connect ignores unknown scopes (Core §3.1.2.1); plain OAuth refuses them.
  if (known.length < scopes.length && !known.includes('openid'))
    throw oauthError('invalid_scope', 'This client may not request that scope.')
  return known.join(' ')
}

/**
 * Checks the scope that a refresh asks for: only what was granted (RFC 6749 §6). Unknown scopes, which a
 * first request may name beside `openid`, are refused here.
 *
 * @throws Problem 400 `invalid_scope`
 */
export function checkNarrows(asked: string, granted: string): void {
  const scopes = granted.split(' ')
  if (asked.split(' ').some((scope) => scope !== '' && !scopes.includes(scope)))
    throw oauthError('invalid_scope', 'The refresh token does not cover that scope.')
}

// These change the kind of the request, so they are never granted by default.
const mustBeAskedFor = new Set(['openid', 'offline_access'])

/** The audiences that a client may request. Without any it gets this server, for userinfo. */
export function audiencesOf({ audiences }: { audiences: string[] }, issuer: string): string[] {
  return audiences.length > 0 ? audiences : [issuer]
}

/**
 * The audience that `resource` names (RFC 8707), or the client's first one.
 *
 * @throws Problem 400 `invalid_target`
 */
export function chooseAudience(asked: string | undefined, allowed: readonly string[]): string {
  const audience = asked === undefined ? allowed[0] : allowed.find((known) => known === asked)
  if (audience === undefined)
    throw oauthError('invalid_target', 'This client may not request tokens for that resource.')
  return audience
}

/** Drops empty parameters: they count as left out (RFC 6749 §3.1, §3.2). */
export function leaveOutEmpty(parameters: unknown): unknown {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    return parameters
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))
}

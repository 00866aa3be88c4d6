import { AuthError } from '../errors.ts'

/** 401: the request has no token. */
export function tokenRequired(): AuthError {
  return new AuthError({
    code: 'token_required',
    status: 401,
    message: 'Send an access token in the Authorization header: "Bearer <token>".',
  })
}

/** 400: the request has more than one token (RFC 6750, section 3.1). */
export function severalTokens(): AuthError {
  return new AuthError({
    code: 'invalid_request',
    status: 400,
    message: 'Send exactly one access token, in the Authorization header.',
  })
}

/** 401: the token is invalid. `cause` is for the log only; the client learns no details. */
export function invalidToken(cause?: unknown): AuthError {
  return new AuthError(
    { code: 'invalid_token', status: 401, message: 'The access token is not valid here.' },
    cause,
  )
}

/** 401: the token was valid but has expired. Tells the client to refresh it. */
export function expiredToken(cause?: unknown): AuthError {
  return new AuthError(
    { code: 'invalid_token', status: 401, message: 'The access token has expired.' },
    cause,
  )
}

/** 403: a valid token that lacks a scope. */
export function insufficientScope(needed: readonly string[]): AuthError {
  return new AuthError({
    code: 'insufficient_scope',
    status: 403,
    message: `This needs an access token with the scope ${needed.join(' ')}.`,
  })
}

/** 401: a valid token whose sign-in is not strong or recent enough (RFC 9470). */
export function insufficientAuthentication(): AuthError {
  return new AuthError({
    code: 'insufficient_user_authentication',
    status: 401,
    message: 'This needs a stronger or more recent sign-in.',
  })
}

/** 503: the keys, the introspection endpoint or Redis is down. Says nothing about the token. */
export function tokensUnavailable(cause?: unknown): AuthError {
  return new AuthError(
    {
      code: 'tokens_unavailable',
      status: 503,
      message: 'Access tokens cannot be checked right now. Please try again in a moment.',
      headers: { 'Retry-After': '1' },
    },
    cause,
  )
}

import { AuthError } from '../errors.ts'

/** 401: nobody sent a token. */
export function tokenRequired(): AuthError {
  return new AuthError({
    code: 'token_required',
    status: 401,
    message: 'Send an access token in the Authorization header, after the word Bearer.',
  })
}

/** 400: more than one token was sent (RFC 6750, section 3.1). */
export function severalTokens(): AuthError {
  return new AuthError({
    code: 'invalid_request',
    status: 400,
    message: 'Send one access token, once, in the Authorization header.',
  })
}

/** 401: whatever is wrong with a token; `cause` tells the log, the client is told no more. */
export function invalidToken(cause?: unknown): AuthError {
  return new AuthError(
    { code: 'invalid_token', status: 401, message: 'The access token is not valid here.' },
    cause,
  )
}

/** 401: a token that was good, so that a client knows to refresh it. */
export function expiredToken(cause?: unknown): AuthError {
  return new AuthError(
    { code: 'invalid_token', status: 401, message: 'The access token has expired.' },
    cause,
  )
}

/** 403: a good token that may not do this. */
export function insufficientScope(needed: readonly string[]): AuthError {
  return new AuthError({
    code: 'insufficient_scope',
    status: 403,
    message: `This needs an access token with the scope ${needed.join(' ')}.`,
  })
}

/** 401: a good token of a user who did not sign in well or lately enough (RFC 9470). */
export function insufficientAuthentication(): AuthError {
  return new AuthError({
    code: 'insufficient_user_authentication',
    status: 401,
    message: 'This needs a stronger or more recent sign-in.',
  })
}

/** 503: what a token is checked against does not answer. Never to be taken for a bad token. */
export function tokensUnavailable(cause?: unknown): AuthError {
  return new AuthError(
    {
      code: 'tokens_unavailable',
      status: 503,
      message: 'Access tokens cannot be checked just now. Please try again in a moment.',
      headers: { 'Retry-After': '1' },
    },
    cause,
  )
}

/**
 * An expected failure of the kit. `status` and `headers` are what Express's own error handler reads
 * too, so that an app without one still answers rightly; `code` is stable and meant for a `switch`.
 */
export class AuthError<Code extends string = AuthErrorCode> extends Error {
  override readonly name = 'AuthError'
  readonly code: Code
  readonly status: number
  readonly headers: Record<string, string>
  /** Further members of the problem details, such as `acr`. */
  readonly extra: Record<string, string>

  constructor(
    problem: {
      code: Code
      status: number
      message: string
      headers?: Record<string, string>
      extra?: Record<string, string>
    },
    cause?: unknown,
  ) {
    super(problem.message, cause === undefined ? undefined : { cause })
    this.code = problem.code
    this.status = problem.status
    this.headers = problem.headers ?? {}
    this.extra = problem.extra ?? {}
  }
}

/** Every way in which the kit refuses a request; the README says which status each has. */
export type AuthErrorCode =
  | 'not_signed_in'
  | 'forbidden'
  | 'reauthentication_required'
  | 'sessions_unavailable'
  | 'session_id_taken'
  | 'session_ended'
  | 'bad_request'
  | 'token_required'
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'tokens_unavailable'
  | 'too_many_requests'

/** No 401 goes without a challenge (RFC 9110 §11.6.1); this one opens no browser's own dialog. */
export const sessionChallenge = { 'WWW-Authenticate': 'Session' }

/** 503: Redis does not answer. Never to be taken for "not signed in". */
export function sessionsUnavailable(cause?: unknown): AuthError {
  return new AuthError(
    {
      code: 'sessions_unavailable',
      status: 503,
      message: 'Sessions cannot be checked just now. Please try again in a moment.',
      headers: { 'Retry-After': '1' },
    },
    cause,
  )
}

/** 409: the session ended while the request was under way; what it changed in it is not stored. */
export function sessionEnded(): AuthError {
  return new AuthError({
    code: 'session_ended',
    status: 409,
    message: 'Your session ended before this could be saved. Please try again.',
  })
}

/** 400: a request target that is no path. */
export function noPath(): AuthError {
  return new AuthError({ code: 'bad_request', status: 400, message: 'This address has no path.' })
}

/** 503: the new session's id was used before. */
export function sessionIdTaken(): AuthError {
  return new AuthError({
    code: 'session_id_taken',
    status: 503,
    message: 'The session could not be stored. Please try again.',
    headers: { 'Retry-After': '1' },
  })
}

/**
 * An expected failure of the kit. Express's default error handler also reads `status` and `headers`,
 * so an app without its own handler answers correctly. `code` is stable and meant for a `switch`.
 */
export class AuthError<Code extends string = AuthErrorCode> extends Error {
  override readonly name = 'AuthError'
  readonly code: Code
  readonly status: number
  readonly headers: Record<string, string>
  /** Extra members of the problem details, such as `acr`. */
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

/** Every reason for which the kit refuses a request. The README lists the status of each. */
export type AuthErrorCode =
  | 'not_signed_in'
  | 'forbidden'
  | 'reauthentication_required'
  | 'sessions_unavailable'
  | 'sessions_on_hold'
  | 'session_id_taken'
  | 'session_ended'
  | 'bad_request'
  | 'token_required'
  | 'invalid_request'
  | 'invalid_token'
  | 'invalid_logout_token'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'tokens_unavailable'
  | 'too_many_requests'

/**
 * The challenge that every 401 needs (RFC 9110, section 11.6.1). Its scheme does not make browsers
 * open a password dialog.
 */
export const sessionChallenge = { 'WWW-Authenticate': 'Session' }

/** 503: Redis is down. Does not mean "not signed in". */
export function sessionsUnavailable(cause?: unknown): AuthError {
  return new AuthError(
    {
      code: 'sessions_unavailable',
      status: 503,
      message: 'Sessions cannot be checked right now. Please try again in a moment.',
      headers: { 'Retry-After': '1' },
    },
    cause,
  )
}

/** 503: Redis has lost ends of sessions, so that it could revive ended ones. See `endCounts`. */
export function sessionsOnHold(): AuthError {
  return new AuthError({
    code: 'sessions_on_hold',
    status: 503,
    message:
      'Sessions are on hold, because Redis was restored from a backup or lost sign-outs. Please try again later.',
    headers: { 'Retry-After': '5' },
  })
}

/** 409: the session ended during the request, so its changes are not stored. */
export function sessionEnded(): AuthError {
  return new AuthError({
    code: 'session_ended',
    status: 409,
    message: 'Your session ended before this could be saved. Please try again.',
  })
}

/** 400: the request target is not a path. */
export function noPath(): AuthError {
  return new AuthError({ code: 'bad_request', status: 400, message: 'The request has no path.' })
}

/** 503: the id generated for a new session is already taken. */
export function sessionIdTaken(): AuthError {
  return new AuthError({
    code: 'session_id_taken',
    status: 503,
    message: 'The session could not be stored. Please try again.',
    headers: { 'Retry-After': '1' },
  })
}

import { Problem, setProblemHead, toProblem } from 'service-kit'
import { z } from 'zod'
import type { ErrorRequestHandler } from 'express'

/** Answers errors below 500 in the form of RFC 6749 §5.2, and passes others on. */
export const answerOAuthError: ErrorRequestHandler = function answerOAuthError(
  error: unknown,
  _req,
  res,
  next,
) {
  const problem = toProblem(error)
  const { status, extra, message } = problem
  if (status >= 500) return next(error)
  const body = 'error' in extra ? extra : { error: nameOf(status), error_description: message }
  setProblemHead(res, problem)
  return res.json(body)
}

/** The OAuth error code for a general error, such as 415. */
function nameOf(status: number): OAuthError {
  if (status === 401) return 'invalid_token'
  return status === 429 ? 'temporarily_unavailable' : 'invalid_request'
}

type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'temporarily_unavailable'
  | 'login_required'
  | 'consent_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported'

/** The description holds only the characters that RFC 6749 §5.2 allows. */
export const oauthErrorSchema = z.object({
  error: z.string(),
  error_description: z.string().regex(/^[ !#-[\]-~]*$/),
})

/** An error of RFC 6749 §5.2 or §4.1.2.1 (or RFC 8707 §2), with a description for developers. */
export function oauthError(
  error: OAuthError,
  detail: string,
  { status = 400, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Problem {
  const extra = { error, error_description: detail }
  return new Problem({ status, code: error, detail, headers, extra })
}

export function invalidRequest(detail: string): Problem {
  return oauthError('invalid_request', detail)
}

export function invalidGrant(detail: string): Problem {
  return oauthError('invalid_grant', detail)
}

/** 401 of RFC 6750 §3.1: no token, so the challenge names no error. */
export function tokenRequired(): Problem {
  return oauthError('invalid_token', 'Send an access token in the Authorization header.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer realm="openid"' },
  })
}

/** 400 of RFC 6750 §3.1: a token in more than one place. */
export function severalTokens(): Problem {
  return oauthError(
    'invalid_request',
    'Send exactly one access token, in the Authorization header.',
    {
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_request"' },
    },
  )
}

/** 401 of RFC 6750 §3.1: an invalid token. */
export function invalidToken(): Problem {
  return oauthError('invalid_token', 'The access token is expired or not valid here.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  })
}

/** 403 of RFC 6750 §3.1. */
export function insufficientScope(scope: string): Problem {
  return oauthError('insufficient_scope', `This needs an access token with the scope ${scope}.`, {
    status: 403,
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  })
}

export function invalidClient(): Problem {
  return oauthError('invalid_client', 'Unknown client or wrong secret.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="clients", charset="UTF-8"' },
  })
}

import { Problem } from 'service-kit'
import { z } from 'zod'
import type { ErrorRequestHandler } from 'express'

/** The errors of RFC 6749 §5.2 as that has them; anything else is answered as everywhere. */
export const answerOAuthError: ErrorRequestHandler = function answerOAuthError(
  error: unknown,
  _req,
  res,
  next,
) {
  if (!(error instanceof Problem) || !('error' in error.extra)) return next(error)
  return res.status(error.status).set(error.headers).json(error.extra)
}

type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'login_required'

/** The characters are those that RFC 6749 §5.2 has. */
export const oauthErrorSchema = z.object({
  error: z.string(),
  error_description: z.string().regex(/^[ !#-[\]-~]*$/),
})

/** An error of RFC 6749 §5.2 and §4.1.2.1 (and RFC 8707 §2), with its words for developers. */
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

export function invalidClient(): Problem {
  return oauthError('invalid_client', 'The client or its secret is not known.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="clients", charset="UTF-8"' },
  })
}

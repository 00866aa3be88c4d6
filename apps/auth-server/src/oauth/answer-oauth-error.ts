import type { ErrorRequestHandler } from 'express'
import { Problem } from 'service-kit'

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

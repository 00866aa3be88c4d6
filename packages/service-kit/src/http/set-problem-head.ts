import type { Response } from 'express'
import type { Problem } from './problem.ts'

/**
 * Sets the status and headers of a refusal. Every 401 carries a challenge (RFC 9110 §11.6.1): `Session`,
 * which opens no browser dialog, unless the problem names another one. Every 429 and 503 carries
 * `Retry-After` in seconds.
 */
export function setProblemHead(res: Response, problem: Pick<Problem, 'status' | 'headers'>): void {
  const { status, headers } = problem
  res.status(status).set(headers)
  if (status === 401 && !res.hasHeader('WWW-Authenticate')) res.set('WWW-Authenticate', 'Session')
  if ((status === 429 || status === 503) && !res.hasHeader('Retry-After'))
    res.set('Retry-After', '1')
}

import { Problem } from './problem.ts'

/** 503: a dependency is down. The client may retry after a second. */
export function unavailable(cause?: unknown): Problem {
  return new Problem({
    status: 503,
    code: 'temporarily_unavailable',
    detail: 'This cannot be done at the moment. Please try again shortly.',
    headers: { 'Retry-After': '1' },
    cause,
  })
}

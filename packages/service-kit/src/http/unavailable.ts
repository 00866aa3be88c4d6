import { Problem } from './problem.ts'

/** 503: something this server depends on is away; asking again in a second is worthwhile. */
export function unavailable(cause?: unknown): Problem {
  return new Problem({
    status: 503,
    code: 'temporarily_unavailable',
    detail: 'This cannot be done at the moment. Please try again shortly.',
    headers: { 'Retry-After': '1' },
    cause,
  })
}

import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** The last step of an app: what no route answered is a 404. */
export function notFound(): RequestHandler {
  return function answerNotFound(_req, _res, next) {
    next(pageNotFound())
  }
}

/** 404 with the words that every unknown address gets. */
export function pageNotFound(): Problem {
  return new Problem({
    status: 404,
    code: 'not_found',
    detail: 'There is nothing at this address.',
  })
}

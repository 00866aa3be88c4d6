import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** The last step of an app: answers 404 to any request that no route answered. */
export function notFound(): RequestHandler {
  return function answerNotFound(_req, _res, next) {
    next(pageNotFound())
  }
}

/** 404 with the text that every unknown address gets. */
export function pageNotFound(): Problem {
  return new Problem({
    status: 404,
    code: 'not_found',
    detail: 'There is nothing at this address.',
  })
}

import type { RequestHandler } from 'express'
import { validate } from 'service-kit'
import type { ZodType } from 'zod'

/** Lets a body of that shape pass, and nothing in it that the shape does not name. */
export function checkBody(schema: ZodType): RequestHandler {
  return function checkBody(req, _res, next) {
    req.body = validate(schema, req.body)
    next()
  }
}

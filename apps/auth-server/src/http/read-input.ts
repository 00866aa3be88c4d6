import type { RequestHandler } from 'express'
import { validate } from 'service-kit'
import { z, type ZodType } from 'zod'

/** Selects a page of a list: `after` is `next` of the page before. */
export const pageInput = z.object({ after: z.string().max(100).optional() })

/** Checks the body against a schema and drops the fields that the schema does not name. */
export function checkBody(schema: ZodType): RequestHandler {
  return function checkBody(req, _res, next) {
    req.body = validate(schema, req.body)
    next()
  }
}

/** A text field of the request, to show it again; empty if it is missing or not a string. */
export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return ''
  const text: unknown = new Map<string, unknown>(Object.entries(value)).get(name)
  return typeof text === 'string' ? text : ''
}

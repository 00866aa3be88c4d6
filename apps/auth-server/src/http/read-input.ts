import type { RequestHandler } from 'express'
import { validate } from 'service-kit'
import { z, type ZodType } from 'zod'

/** Which page of a list: `next` of the one before. */
export const pageInput = z.object({ after: z.string().max(100).optional() })

/** Lets a body of that shape pass, and nothing in it that the shape does not name. */
export function checkBody(schema: ZodType): RequestHandler {
  return function checkBody(req, _res, next) {
    req.body = validate(schema, req.body)
    next()
  }
}

/** A text field of the request, to be shown again; empty unless it is text. */
export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return ''
  const text: unknown = new Map<string, unknown>(Object.entries(value)).get(name)
  return typeof text === 'string' ? text : ''
}

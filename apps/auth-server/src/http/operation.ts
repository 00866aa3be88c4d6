import type { z } from 'zod'

/** Who may call an operation. */
export type Access =
  | 'anybody'
  | 'session'
  | 'admin'
  | 'admin or machine'
  | 'client'
  | 'resource server'
  | 'operator'

/** An answer other than an error: JSON, a page, or neither. */
export type Answer = {
  description: string
  json?: z.ZodType
  html?: true
  /** Another media type, such as `text/css`. */
  type?: string
}

/** One route as programs see it. The route checks its body with the same `body` schema. */
export type Operation = {
  method: 'get' | 'post' | 'patch' | 'delete'
  /** In Express's notation: `/invites/:token`. */
  path: string
  summary: string
  tag: string
  access: Access
  query?: z.ZodObject
  body?: z.ZodType
  /** The route also takes an HTML form, with the fields of `body` or those given here. */
  form?: true | z.ZodType
  answers: Record<number, Answer>
  /** Error codes of this operation, by status. `build-document` adds those that all operations share. */
  problems?: Record<number, readonly string[]>
}

/** A page for a browser. */
export function page(description: string): Answer {
  return { description, html: true }
}

export function json(description: string, schema: z.ZodType): Answer {
  return { description, json: schema }
}

/** JSON for a program, a page for a browser. */
export function jsonOrPage(description: string, schema: z.ZodType): Answer {
  return { description, json: schema, html: true }
}

/** A redirect, or an answer without content. */
export function empty(description: string): Answer {
  return { description }
}

import type { z } from 'zod'

/** Who may call an operation. */
export type Access = 'anybody' | 'session' | 'admin' | 'client' | 'resource server' | 'operator'

/** An answer that is no problem: JSON, a page, or neither. */
export type Answer = {
  description: string
  json?: z.ZodType
  html?: true
  /** A media type of its own, such as `text/css`. */
  type?: string
}

/** One route as programs see it. Its `body` is the schema that checks it. */
export type Operation = {
  method: 'get' | 'post' | 'patch' | 'delete'
  /** As Express has it: `/invites/:token`. */
  path: string
  summary: string
  tag: string
  access: Access
  query?: z.ZodObject
  body?: z.ZodType
  /** A page posts here, too, url-encoded. */
  form?: true
  answers: Record<number, Answer>
  /** The codes of problems that are its own, by status; every operation has those of `build-document`. */
  problems?: Record<number, readonly string[]>
}

/** A page for a browser. */
export function page(description: string): Answer {
  return { description, html: true }
}

export function json(description: string, schema: z.ZodType): Answer {
  return { description, json: schema }
}

/** What a program gets as JSON and a browser as a page. */
export function jsonOrPage(description: string, schema: z.ZodType): Answer {
  return { description, json: schema, html: true }
}

/** On to another address; or nothing at all. */
export function empty(description: string): Answer {
  return { description }
}

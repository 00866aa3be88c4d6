import type { z } from 'zod'
import { empty, jsonOrPage, type Operation, page } from '../http/operation.ts'

const tag = 'Admin pages'
const common = { tag, access: 'admin' } as const
const away = empty('Not signed in, or the password is needed first: to that page.')

type Told = Pick<Operation, 'query' | 'body' | 'problems'>

/** What a browser gets as a page, and a program as JSON. */
export function shown(
  path: string,
  summary: string,
  { schema, ...told }: Told & { schema: z.ZodType },
): Operation {
  const answers = { 200: jsonOrPage('What there is.', schema), 303: away }
  return { ...common, ...told, method: 'get', path, summary, answers }
}

/** A page with a form or a question, for a browser alone. */
export function asked(path: string, summary: string): Operation {
  const answers = { 200: page('The page.'), 303: away }
  return { ...common, method: 'get', path, summary, answers }
}

/** What the page's button posts to, and a program, too. */
export function done(path: string, summary: string, told: Told = {}): Operation {
  const answers = { 204: empty('Done.'), 303: empty('Done by a form: on to a page that says so.') }
  return { ...common, form: true, ...told, method: 'post', path, summary, answers }
}

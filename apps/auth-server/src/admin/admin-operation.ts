import type { z } from 'zod'
import { empty, jsonOrPage, type Operation, page } from '../http/operation.ts'

const tag = 'Admin pages'
const common = { tag, access: 'admin or machine' } as const
const elsewhere = empty('Not signed in, or signed in too long ago: to the page for that.')

type Extras = Pick<Operation, 'query' | 'body' | 'problems'>

/** A page for a browser, JSON for a program. */
export function shown(
  path: string,
  summary: string,
  { schema, ...extras }: Extras & { schema: z.ZodType },
): Operation {
  const answers = { 200: jsonOrPage('The current state.', schema), 303: elsewhere }
  return { ...common, ...extras, method: 'get', path, summary, answers }
}

/** A page with a form or a confirmation, for browsers only. */
export function asked(path: string, summary: string): Operation {
  const answers = { 200: page('The page.'), 303: elsewhere }
  return { ...common, method: 'get', path, summary, answers }
}

/** A change that the page's form posts, or a program. */
export function done(path: string, summary: string, extras: Extras = {}): Operation {
  const answers = { 204: empty('Done.'), 303: empty('Done from a form: to a page that says so.') }
  return { ...common, form: true, ...extras, method: 'post', path, summary, answers }
}

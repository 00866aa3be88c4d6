import type { RequestHandler } from 'express'

const lists = ['redirectUris', 'audiences', 'scopes']

/**
 * Turns a form's text, one entry a line, into the lists that programs send. An empty field counts as
 * omitted.
 */
export const readLists: RequestHandler = function readLists(req, _res, next) {
  const given = Object.entries<unknown>(req.body).map(([name, value]) =>
    lists.includes(name) && typeof value === 'string' ? [name, entriesOf(value)] : [name, value],
  )
  req.body = Object.fromEntries(given.filter(([, value]) => value !== ''))
  next()
}

function entriesOf(text: string): string[] {
  return text.split(/\s+/).filter((entry) => entry !== '')
}

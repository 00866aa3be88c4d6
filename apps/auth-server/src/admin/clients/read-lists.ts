import type { RequestHandler } from 'express'

const lists = ['redirectUris', 'audiences', 'scopes']

/**
 * What a form sends as text, one entry to a line, as the lists that programs send. A field that was
 * left empty is one that was not given.
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

import type { RequestHandler } from 'express'

/** For every page with a token in its address: no other server learns it as `Referer` (R37). */
export const keepTokenPrivate: RequestHandler = function keepTokenPrivate(_req, res, next) {
  res.set('Referrer-Policy', 'no-referrer')
  next()
}

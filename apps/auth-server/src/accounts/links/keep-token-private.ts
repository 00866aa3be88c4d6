import type { RequestHandler } from 'express'

/**
 * For every page with a token in its address: no server learns it as `Referer` (R37). Its form still
 * carries the real `Origin`, which `no-referrer` would turn into `null`.
 */
export const keepTokenPrivate: RequestHandler = function keepTokenPrivate(_req, res, next) {
  res.set('Referrer-Policy', 'strict-origin')
  next()
}

import type { Request, RequestHandler } from 'express'
import { Problem } from './problem.ts'

type OriginRule = {
  /** The origin that this server is reached under, as `https://login.example`. */
  ownOrigin: string
  /** Other exact origins whose pages may send unsafe requests. */
  allowedOrigins: string[]
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses an unsafe request that another site's page made (403 `foreign_origin`, R32): no token in
 * forms is needed. A client that sends neither `Origin` nor `Sec-Fetch-Site` is no browser and passes.
 */
export function checkOrigin({ ownOrigin, allowedOrigins }: OriginRule): RequestHandler {
  const known = new Set([ownOrigin, ...allowedOrigins])
  const scheme = new URL(ownOrigin).protocol
  return function checkRequestOrigin(req, _res, next) {
    if (!safeMethods.has(req.method) && isForeign(req, known, scheme)) throw foreignOrigin()
    next()
  }
}

function isForeign(req: Request, known: Set<string>, scheme: string): boolean {
  const origin = req.headers.origin
  const site = req.headers['sec-fetch-site']
  if (site === 'cross-site') return true
  if (origin === undefined) return false
  // A page of ours with `Referrer-Policy: no-referrer` posts `null`; the browser still vouches for it.
  if (origin === 'null') return site !== 'same-origin'
  return !known.has(origin) && !isSameLoopback(origin, `${scheme}//${req.headers.host}`)
}

/** In development the browser may call this machine 127.0.0.1 as well as localhost. */
function isSameLoopback(origin: string, ownAddress: string): boolean {
  const isLoopback = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
  return isLoopback && origin === ownAddress
}

function foreignOrigin(): Problem {
  return new Problem({
    status: 403,
    code: 'foreign_origin',
    detail: 'This request came from another site. Open the page here and try again.',
  })
}

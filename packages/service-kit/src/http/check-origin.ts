import type { Request, RequestHandler } from 'express'
import { Problem } from './problem.ts'

type OriginRule = {
  /** The origin of this server, such as `https://login.example`. */
  ownOrigin: string
  /** Other exact origins whose pages may send unsafe requests. */
  allowedOrigins: string[]
  /** Paths on which a token in the body alone authorises a request: `Origin: null` passes. */
  bodyTokenPaths?: string[]
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses an unsafe request from another site's page (403 `foreign_origin`, R32), so forms need no CSRF
 * token. A client that sends neither `Origin` nor `Sec-Fetch-Site` is not a browser and passes.
 */
export function checkOrigin(rule: OriginRule): RequestHandler {
  const { ownOrigin, allowedOrigins, bodyTokenPaths = [] } = rule
  const known = new Set([ownOrigin, ...allowedOrigins])
  const scheme = new URL(ownOrigin).protocol
  return function checkRequestOrigin(req, _res, next) {
    if (!safeMethods.has(req.method) && isForeign(req)) throw foreignOrigin()
    next()
  }

  function isForeign(req: Request): boolean {
    const { origin, host } = req.headers
    if (req.headers['sec-fetch-site'] === 'cross-site') return true
    if (origin === undefined) return false
    if (origin === 'null') return isBareNull(req) && !bodyTokenPaths.includes(req.path)
    return !known.has(origin) && !isSameLoopback(origin, `${scheme}//${host}`)
  }
}

/**
 * For a path in `bodyTokenPaths` that also works without a token, after the body is read. A `null`
 * origin that no browser vouches for passes only with the token.
 */
export function requireTokenOfNullOrigin(field: string): RequestHandler {
  return function requireTokenOfNullOrigin(req, _res, next) {
    const body: unknown = req.body
    const token: unknown = Object(body)[field]
    if (isBareNull(req) && (typeof token !== 'string' || token === '')) throw foreignOrigin()
    next()
  }
}

/**
 * Sandboxed frames and pages without a referrer post `null`. Browsers vouch for the latter by
 * `Sec-Fetch-Site`, but not on plain http beyond localhost; Safari before 16.4 never does.
 */
function isBareNull({ headers }: Request): boolean {
  return headers.origin === 'null' && headers['sec-fetch-site'] !== 'same-origin'
}

/** In development, a browser may reach this machine as 127.0.0.1 or as localhost. */
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

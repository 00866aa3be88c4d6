import type { RequestHandler } from 'express'
import { allowFormTarget } from 'service-kit'
import type { RouteDeps } from '../wiring/app-deps.ts'
import { returnAddress } from './return-to.ts'

/** Lets the form of this answer end where its visitor wants to return, on another origin too. */
export function allowReturn(deps: Pick<RouteDeps, 'config' | 'site'>): RequestHandler {
  return function allowReturn(req, res, next) {
    const returnTo = returnAddress(deps, req)
    if (URL.canParse(returnTo)) allowFormTarget(res, new URL(returnTo).origin)
    next()
  }
}

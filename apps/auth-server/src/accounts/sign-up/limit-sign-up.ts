import type { RequestHandler } from 'express'
import { limitAttempts } from '../../http/limit-attempts.ts'
import type { RouteDeps } from '../../wiring/app-deps.ts'

/**
 * Limits the refused sign-ups from each network address: with an invite that is none, with a name
 * that is taken, for another address than the invite's. A sign-up that is let in is not counted.
 */
export function limitSignUp(
  deps: Pick<RouteDeps, 'config' | 'redis' | 'keyPrefix'>,
): RequestHandler {
  return limitAttempts(deps, {
    name: 'sign-up-address',
    limit: deps.config.limitSignUpPerAddress,
    isFailure: (status) => status >= 400 && status < 500,
  })
}

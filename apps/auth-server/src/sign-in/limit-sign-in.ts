import type { RequestHandler } from 'express'
import { limitAttempts } from '../http/limit-attempts.ts'
import type { RouteDeps } from '../route-deps.ts'

/**
 * Limits the attempts to sign in from each network address, right ones too: each costs the work of
 * a hash. `attemptPassword` counts what fails.
 */
export function limitSignIn(
  deps: Pick<RouteDeps, 'config' | 'redis' | 'keyPrefix'>,
): RequestHandler {
  return limitAttempts(deps, { name: 'sign-in-address', limit: deps.config.limitSignInPerAddress })
}

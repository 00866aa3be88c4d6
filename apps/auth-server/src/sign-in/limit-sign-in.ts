import type { RequestHandler } from 'express'
import { clientAddress } from '../http/client-address.ts'
import { limitAttempts } from '../http/limit-attempts.ts'
import type { RouteDeps } from '../route-deps.ts'

/**
 * So many attempts to sign in for each network address, right ones too: each costs the work of a
 * hash. What fails is counted by `attemptPassword`.
 */
export function limitSignIn({
  config,
  redis,
  keyPrefix,
}: Pick<RouteDeps, 'config' | 'redis' | 'keyPrefix'>): RequestHandler {
  return limitAttempts({
    name: 'sign-in-address',
    limit: config.limitSignInPerAddress,
    key: clientAddress,
    redis,
    keyPrefix,
  })
}

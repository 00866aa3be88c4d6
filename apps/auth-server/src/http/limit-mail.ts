import type { RequestHandler } from 'express'
import type { RouteDeps } from '../route-deps.ts'
import { clientAddress } from './client-address.ts'
import { limitAttempts } from './limit-attempts.ts'

/** Requests that make us write to somebody: so many for each network address. */
export function limitMail({
  config,
  redis,
  keyPrefix,
}: Pick<RouteDeps, 'config' | 'redis' | 'keyPrefix'>): RequestHandler {
  return limitAttempts({
    name: 'mail-address',
    limit: config.limitMailPerAddress,
    key: clientAddress,
    redis,
    keyPrefix,
  })
}

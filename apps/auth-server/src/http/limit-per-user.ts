import type { RequestHandler } from 'express'
import type { RouteDeps } from '../wiring/app-deps.ts'
import { clientAddress } from './client-address.ts'
import { limitAttempts } from './limit-attempts.ts'

/** So many requests of one user in 15 minutes; of one network address where nobody is signed in. */
export function limitPerUser(
  deps: Pick<RouteDeps, 'redis' | 'keyPrefix'>,
  { name, limit }: { name: string; limit: number },
): RequestHandler {
  return limitAttempts(deps, { name, limit, key: (req) => req.user?.id ?? clientAddress(req) })
}

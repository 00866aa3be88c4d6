import type { RequestHandler } from 'express'
import type { RouteDeps } from '../wiring/app-deps.ts'
import { limitAttempts } from './limit-attempts.ts'

/** Requests that make us write to somebody: so many for each network address. */
export function limitMail(deps: Pick<RouteDeps, 'config' | 'redis' | 'keyPrefix'>): RequestHandler {
  return limitAttempts(deps, { name: 'mail-address', limit: deps.config.limitMailPerAddress })
}

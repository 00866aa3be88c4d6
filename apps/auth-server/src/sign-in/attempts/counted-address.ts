import type { Request } from 'express'
import type { Config } from '../../config/config.ts'
import { clientAddress, isFromWithin } from '../../http/client-address.ts'
import type { Attempt } from './attempt-budgets.ts'

/**
 * The address that failures count for, and that can be suspended. Undefined for a client, which many
 * people sign in from, and for an address of our own network where no proxy is configured: everybody
 * may come through it.
 */
export function countedAddress(
  config: Pick<Config, 'trustProxy'>,
  { req, client }: { req: Request; client?: Attempt['client'] },
): string | undefined {
  if (client || (config.trustProxy === false && isFromWithin(req))) return undefined
  return clientAddress(req)
}

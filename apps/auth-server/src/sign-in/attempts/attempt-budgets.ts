import type { Request } from 'express'
import type { Config } from '../../config/config.ts'
import { knownDevice } from '../devices/device-cookie.ts'
import type { Budget } from './count-failures.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import { clientAddress, isFromWithin } from '../../http/client-address.ts'

export type Attempt = {
  req: Request
  /** What the password, code or passkey is asked for. */
  way: 'sign_in' | 'second_factor' | 'client' | 'reauthenticate' | 'account'
  /** Whose password it is to be: a name or address as given, or the user who is signed in. */
  as: { login: string } | { user: { id: string; username: string } }
  /** The client that asks for it, with a secret of its own. */
  client?: { id: string; name: string }
}

const QUARTER_MS = 15 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
/** However patient somebody is (R10). */
const ACCOUNT_PER_DAY = 100

/**
 * What an attempt counts for: its network address and the account. The account has a budget for
 * each browser that its user signed in with, one for each client that asks by itself, and one for
 * all the rest: that is all that strangers use up (R11). A name that nobody has counts like any
 * other, so that the limit tells nothing.
 */
export function attemptBudgets(
  config: Config,
  { req, as, client }: Attempt,
  { userId, address }: { userId: string | undefined; address: string | undefined },
): Budget[] {
  const account = userId ?? normalizeIdentity('login' in as ? as.login : '')
  const device = client ? undefined : knownDevice(config, req, account)
  const of = [client?.id ?? '', device ?? '', account].join(' ')
  const perQuarter = config.limitSignInPerAccount
  const perDay = Math.max(ACCOUNT_PER_DAY, perQuarter)
  const perAccount: Budget[] = [
    { kind: 'account', of, limit: perQuarter, windowMs: QUARTER_MS },
    { kind: 'account-day', of, limit: perDay, windowMs: DAY_MS },
  ]
  if (address === undefined) return perAccount
  const limit = config.suspendAfterFailures
  return [{ kind: 'address', of: address, limit, windowMs: QUARTER_MS }, ...perAccount]
}

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

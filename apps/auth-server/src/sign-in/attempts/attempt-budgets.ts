import type { Request } from 'express'
import type { Config } from '../../config/config.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { knownPlace } from '../devices/known-place.ts'
import { type DeviceUser, knownDevice } from '../devices/device-cookie.ts'
import type { Budget } from './count-failures.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import { clientAddress, isFromWithin } from '../../http/client-address.ts'

export type Attempt = {
  req: Request
  /** What the password, code or passkey is asked for. */
  way: 'sign_in' | 'second_factor' | 'client' | 'reauthenticate' | 'account'
  /** Whose password it is to be: a name or address as given, or the user who is signed in. */
  as: { login: string } | { user: { id: string; username: string } }
  /** The client that asks for it, with a secret of its own; it may say the end user's address. */
  client?: { id: string; name: string; hasAddress: boolean }
}

const QUARTER_MS = 15 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
/** However patient somebody is (R10). */
const ACCOUNT_PER_DAY = 100

type Who = { user: DeviceUser | null; address: string | undefined }

/**
 * By what an attempt's user is known: the browser, or with a client the place, that they signed in with
 * before. Asked for a name that nobody has, too: it takes the same work.
 */
export async function knownBy(
  deps: Pick<SignInDeps, 'config' | 'redis' | 'keyPrefix'>,
  { req, as, client }: Attempt,
  { user, address }: Who,
): Promise<string | undefined> {
  const asked = user ?? { id: accountOf({ as }, user) }
  if (!client) return knownDevice(deps.config, req, asked)
  return await knownPlace(deps, { user: asked, client, network: address ?? '' })
}

/**
 * What an attempt counts for: its network address and the account. The account has a budget for
 * each browser that its user signed in with, one for each client that asks by itself and each place
 * that its user signed in from with that client, and one for all the rest: that is all that strangers
 * use up (R11). A name that nobody has counts like any other, so that the limit tells nothing.
 *
 * What a client says about addresses counts within that client: none can block one for everybody.
 */
export function attemptBudgets(
  config: Config,
  { as, client }: Pick<Attempt, 'as' | 'client'>,
  { user, address, device = '' }: Who & { device: string | undefined },
): Budget[] {
  const of = [client?.id ?? '', device, accountOf({ as }, user)].join(' ')
  const perQuarter = config.limitSignInPerAccount
  const perDay = Math.max(ACCOUNT_PER_DAY, perQuarter)
  const perAccount: Budget[] = [
    { kind: 'account', of, limit: perQuarter, windowMs: QUARTER_MS },
    { kind: 'account-day', of, limit: perDay, windowMs: DAY_MS },
  ]
  if (address === undefined) return perAccount
  const limit = config.suspendAfterFailures
  const perAddress: Budget = client
    ? { kind: 'end-user-address', of: `${client.id} ${address}`, limit, windowMs: QUARTER_MS }
    : { kind: 'address', of: address, limit, windowMs: QUARTER_MS }
  return [perAddress, ...perAccount]
}

function accountOf({ as }: Pick<Attempt, 'as'>, user: DeviceUser | null): string {
  return user?.id ?? normalizeIdentity('login' in as ? as.login : '')
}

/**
 * The address that failures count for. Undefined for a client that does not say its end user's, since
 * many people sign in from its own, and for a browser in our own network where no proxy is configured:
 * everybody may come through it.
 */
export function countedAddress(
  config: Pick<Config, 'trustProxy'>,
  { req, client }: { req: Request; client?: Attempt['client'] },
): string | undefined {
  const isShared = client ? !client.hasAddress : config.trustProxy === false && isFromWithin(req)
  if (isShared) return undefined
  return clientAddress(req)
}

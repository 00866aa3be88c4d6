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
  /** What the password, code or passkey is for. */
  way: 'sign_in' | 'second_factor' | 'client' | 'reauthenticate' | 'account' | 'sign_up'
  /** The account: a name or e-mail address as entered, or the signed-in user. */
  as: { login: string } | { user: { id: string; username: string } }
  /** The client that sends it, authenticated by its secret; it may name the end user's address. */
  client?: { id: string; name: string; hasAddress: boolean }
}

const QUARTER_MS = 15 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
/** Stops even patient guessing (R10). */
const ACCOUNT_PER_DAY = 100

type Who = { user: DeviceUser | null; address: string | undefined }

/**
 * The browser that the user has signed in with before or, with a client, the place. Undefined if neither
 * is known. Runs for unknown names too, so that they take the same work.
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
 * The budgets that an attempt counts for: its network address and the account. An account has separate
 * budgets for each browser its user has signed in with and each known place with a client. Everybody else
 * has one for each client in a quarter of an hour, and one in a day for all of them, browsers included, so
 * that more clients make no more guesses (R10). Only these can strangers use up (R11). Unknown names count
 * like known ones, so that the limit reveals nothing.
 *
 * Addresses that a client names count within that client, so that it cannot block one for everybody.
 */
export function attemptBudgets(
  config: Config,
  { as, client }: Pick<Attempt, 'as' | 'client'>,
  { user, address, device = '' }: Who & { device: string | undefined },
): Budget[] {
  const account = accountOf({ as }, user)
  const of = [client?.id ?? '', device, account].join(' ')
  const ofDay = device === '' ? ['', '', account].join(' ') : of
  const perQuarter = config.limitSignInPerAccount
  const perDay = Math.max(ACCOUNT_PER_DAY, perQuarter)
  const perAccount: Budget[] = [
    { kind: 'account', of, limit: perQuarter, windowMs: QUARTER_MS },
    { kind: 'account-day', of: ofDay, limit: perDay, windowMs: DAY_MS },
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
 * The address that failures count for. Undefined if many people may share it: for a client that does not
 * name its end user's address, and for a private address without a configured proxy.
 */
export function countedAddress(
  config: Pick<Config, 'trustProxy'>,
  { req, client }: { req: Request; client?: Attempt['client'] },
): string | undefined {
  const isShared = client ? !client.hasAddress : config.trustProxy === false && isFromWithin(req)
  if (isShared) return undefined
  return clientAddress(req)
}

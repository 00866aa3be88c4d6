import type { RouteDeps } from '../route-deps.ts'

type Stores = Pick<
  RouteDeps,
  | 'clients'
  | 'families'
  | 'signIns'
  | 'users'
  | 'directory'
  | 'relay'
  | 'redis'
  | 'keyPrefix'
  | 'suspensions'
>
type Settings = Pick<
  RouteDeps['config'],
  'issuer' | 'accessTokenSeconds' | 'refreshDays' | 'refreshLeeway'
>

/** What giving, rotating and ending tokens needs. */
export type TokenDeps = Stores &
  Settings &
  Pick<RouteDeps, 'config' | 'keyring' | 'store' | 'logger' | 'audit'>

export function tokenDeps(deps: RouteDeps): TokenDeps {
  return { ...deps.config, ...deps }
}

import type { Config } from '../config.ts'
import type { RouteDeps } from '../route-deps.ts'

type Stores = Pick<
  RouteDeps,
  'clients' | 'families' | 'signIns' | 'keyring' | 'users' | 'relay' | 'redis' | 'keyPrefix'
>
type Settings = Pick<
  Config,
  'issuer' | 'accessTokenSeconds' | 'refreshDays' | 'refreshLeeway' | 'bcryptCost'
>

/** What giving, rotating and ending tokens needs. */
export type TokenDeps = Stores & Settings & Pick<RouteDeps, 'store' | 'logger'>

export function tokenDeps({ config, ...deps }: RouteDeps): TokenDeps {
  return { ...config, ...deps }
}

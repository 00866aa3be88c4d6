import type { RouteDeps } from '../wiring/app-deps.ts'

/** What giving, rotating and ending tokens needs. */
export type TokenDeps = Pick<
  RouteDeps,
  | 'config'
  | 'clients'
  | 'families'
  | 'signIns'
  | 'users'
  | 'directory'
  | 'suspensions'
  | 'keyring'
  | 'store'
  | 'redis'
  | 'keyPrefix'
  | 'relay'
  | 'audit'
  | 'logger'
>

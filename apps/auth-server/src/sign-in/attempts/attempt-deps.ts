import type { RouteDeps } from '../../wiring/app-deps.ts'

/** What suspending addresses and looking for suspensions needs. */
export type SuspensionDeps = Pick<RouteDeps, 'suspensions' | 'redis' | 'keyPrefix' | 'logger'> & {
  config: Pick<RouteDeps['config'], 'suspendMinutes'>
}

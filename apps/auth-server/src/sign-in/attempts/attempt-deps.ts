import type { SignInDeps } from '../sign-in-deps.ts'

/** What suspending addresses and looking for suspensions needs. */
export type SuspensionDeps = Pick<SignInDeps, 'suspensions' | 'redis' | 'keyPrefix' | 'logger'> & {
  config: Pick<SignInDeps['config'], 'suspendMinutes'>
}

import type { SignInDeps } from '../sign-in-deps.ts'

/** What blocking addresses and looking up blocks needs. */
export type BlockDeps = Pick<SignInDeps, 'blocks' | 'redis' | 'keyPrefix' | 'logger'> & {
  config: Pick<SignInDeps['config'], 'suspendMinutes'>
}

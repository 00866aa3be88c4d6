import type passport from 'passport'
import type { Relay } from '../mail/relay.ts'
import type { SessionDeps } from '../sessions/session-deps.ts'
import type { FactorStore } from './factors/factors.model.ts'
import type { Blocks } from './attempts/block.model.ts'

/** What signing in needs. */
export type SignInDeps = SessionDeps & {
  blocks: Blocks
  factors: FactorStore
  /** To wake after an e-mail is put into an outbox. */
  relay: Pick<Relay, 'wake'>
  passport: passport.Authenticator<unknown>
}

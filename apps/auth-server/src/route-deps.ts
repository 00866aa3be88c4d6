import type { RedisClient, SessionStore } from 'auth-kit/session'
import type passport from 'passport'
import type { Logger } from 'service-kit'
import type { Clients } from './clients/client.model.ts'
import type { Keyring } from './clients/keyring.ts'
import type { Config } from './config.ts'
import type { UserDirectory } from './directory/user-directory.ts'
import type { Site } from './http/render-page.ts'
import type { Invites } from './invitations/invite.model.ts'
import type { MailRequests } from './mail-requests/mail-request.model.ts'
import type { Relay } from './outbox/relay.ts'
import type { Families } from './tokens/family.model.ts'
import type { SignIns } from './tokens/sign-in.model.ts'
import type { Users } from './users/user.model.ts'

/** What the features' routes are built from. */
export type RouteDeps = {
  config: Config
  site: Site
  /** Who may sign in, wherever users are kept: all that signing in and tokens know of them. */
  directory: UserDirectory
  /** Users, invites and mails, where they are our own (`config.userService` is undefined). */
  users: Users
  invites: Invites
  mailRequests: MailRequests
  clients: Clients
  families: Families
  signIns: SignIns
  keyring: Keyring
  /** To be woken after a mail was put into an outbox. */
  relay: Pick<Relay, 'wake'>
  redis: RedisClient
  /** In front of every key in Redis; sessions come after it: `<keyPrefix>sess:<id>`. */
  keyPrefix: string
  store: SessionStore
  logger: Logger
  passport: passport.Authenticator<unknown>
}

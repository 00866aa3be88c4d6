import type { RedisClient, SessionStore } from 'auth-kit/session'
import type { MailQueues } from 'mail-delivery/queues'
import type passport from 'passport'
import type { Checks, Logger } from 'service-kit'
import type { AuditRecords } from '../audit/audit-record.model.ts'
import type { Audit } from '../audit/create-audit.ts'
import type { Clients } from '../oauth/clients/client.model.ts'
import type { Keyring } from '../oauth/clients/keyring.ts'
import type { Config } from '../config/config.ts'
import type { UserDirectory } from '../users/user-directory.ts'
import type { Site } from '../http/pages/render-page.ts'
import type { Invites } from '../accounts/invitations/invite.model.ts'
import type { MailRequests } from '../accounts/mail-requests/mail-request.model.ts'
import type { Relay } from '../mail/relay.ts'
import type { Suspensions } from '../sign-in/attempts/suspension.model.ts'
import type { Families } from '../oauth/families/family.model.ts'
import type { SignIns } from '../sessions/sign-in.model.ts'
import type { Users } from '../users/user.model.ts'

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
  /** Tells what happened: log, metric and record in one. */
  audit: Audit
  auditRecords: AuditRecords
  suspensions: Suspensions
  keyring: Keyring
  /** To be woken after a mail was put into an outbox. */
  relay: Pick<Relay, 'wake'>
  /** What mails go through; undefined where they go through no queue. */
  mailQueues: MailQueues | undefined
  redis: RedisClient
  /** In front of every key in Redis; sessions come after it: `<keyPrefix>sess:<id>`. */
  keyPrefix: string
  store: SessionStore
  /** What has to answer for this server to be ready, by name. */
  checks: Checks
  logger: Logger
  passport: passport.Authenticator<unknown>
}

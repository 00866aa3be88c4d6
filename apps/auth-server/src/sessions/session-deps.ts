import type { SessionStore } from 'auth-kit/session'
import type { Audit } from '../audit/create-audit.ts'
import type { WebDeps } from '../http/web-deps.ts'
import type { UserDirectory } from '../users/user-directory.ts'
import type { Users } from '../users/user.model.ts'
import type { SignIns } from './sign-in.model.ts'

/** What being signed in needs. */
export type SessionDeps = WebDeps & {
  store: SessionStore
  signIns: SignIns
  /** This server's own users; not used with a user service (`config.userService`). */
  users: Users
  /** Looks users up wherever they are kept. */
  directory: UserDirectory
  /** Records events: log line, metric and audit record in one. */
  audit: Audit
}

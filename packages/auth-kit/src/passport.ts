import { pickPublicUser, publicFieldNames, type PublicUser } from './public-user.ts'
import { warnOnce } from './warn-once.ts'

export type { PublicUser } from './public-user.ts'

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface User extends PublicUser {}
  }
}

type Done<Result> = (error: unknown, result?: Result) => void

/**
 * For `passport.serializeUser`: stores the whole public user in the session, so that a server knows
 * the user without a user database. Other fields, such as a password hash, stay out.
 * Passes a TypeError to `done` if the user is not a public user; never throws.
 *
 * @example
 * passport.serializeUser(serializeUser)
 */
export function serializeUser(user: unknown, done: Done<PublicUser>): void {
  const publicUser = pickPublicUser(user)
  if (publicUser) done(null, publicUser)
  else done(new TypeError(`serializeUser: needs { ${publicFieldNames.join(', ')} }`))
}

/**
 * For `passport.deserializeUser`: passes the public fields of the session's user to `done`. For
 * anything else it passes false (not signed in) and warns once. Never passes an error. Fields stored
 * by a newer server stay in the session.
 *
 * @example
 * passport.deserializeUser(deserializeUser)
 */
export function deserializeUser(stored: unknown, done: Done<PublicUser | false>): void {
  const user = pickPublicUser(stored)
  if (!user) {
    const what = 'A session whose `passport.user` is not a public user counts as signed out.'
    warnOnce(what, 'SESSION_MALFORMED')
  }
  done(null, user ?? false)
}

import { parsePublicUser, type PublicUser } from './public-user.ts'

export type { PublicUser } from './public-user.ts'

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface User extends PublicUser {}
  }
}

type Done<Result> = (error: unknown, result?: Result) => void

/**
 * For `passport.serializeUser`: the whole public user goes into the session, so that a server
 * needs no user database to know who is there. Fields beyond the public ones (a hash) stay out.
 * Gives `done` a TypeError for what is no public user; throws nothing.
 *
 * @example
 * passport.serializeUser(serializeUser)
 */
export function serializeUser(user: unknown, done: Done<PublicUser>): void {
  const publicUser = parsePublicUser(user)
  if (publicUser) done(null, publicUser)
  else done(new TypeError('serializeUser: needs { id, username, email, roles, verifiedAt }'))
}

/**
 * For `passport.deserializeUser`: gives `done` the user as it is in the session, or false, nobody, for
 * anything else. Never an error.
 *
 * @example
 * passport.deserializeUser(deserializeUser)
 */
export function deserializeUser(stored: unknown, done: Done<PublicUser | false>): void {
  done(null, parsePublicUser(stored) ?? false)
}

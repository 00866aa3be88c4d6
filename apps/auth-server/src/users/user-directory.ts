import { z } from 'zod'

/** The fields of a directory user. `moment` is a date in memory or a text on the wire; null is never. */
export function directoryFields<Moment extends z.ZodType<Date | null>>(moment: Moment) {
  return {
    // Becomes part of Redis keys and the `sub` of tokens.
    id: z.string().regex(/^[\x21-\x7e]{1,128}$/),
    username: z.string().min(1),
    email: z.string().min(1),
    roles: z.array(z.string()),
    /** When the e-mail address was confirmed; required to sign in. */
    verifiedAt: moment,
    /** Since when the user may neither sign in nor keep tokens. */
    suspendedAt: moment,
    /** When the password was last replaced; devices known before that are no longer known. */
    passwordSetAt: moment.optional(),
    /** When the deletion began; the user counts as missing from then on. */
    deletingAt: moment,
  }
}

/** Takes these fields from a user and drops the rest, such as the hash (R42). */
export const directoryUser = z.object(directoryFields(z.date().nullable()))

/** A user as sign-in and tokens need it: the public fields and what prevents a sign-in. */
export type DirectoryUser = z.infer<typeof directoryUser>

/**
 * The users who may sign in: those of this server's own MongoDB or of a user service. A call changes
 * nothing and takes two seconds at most; after that it throws an error that is answered as 503. Null
 * means that there is no such user; an outage is never null.
 */
export type UserDirectory = {
  /** The user with that name or e-mail address, ignoring case; only an address contains an `@`. */
  findByLogin(login: string): Promise<DirectoryUser | null>
  /** The user with that id; null for an invalid id, too. */
  findById(id: string): Promise<DirectoryUser | null>
  /**
   * The user with that name or e-mail address, as stored at that moment, if the password is right.
   * Otherwise null, after the same work whether or not the user exists (R9, C25).
   */
  checkPassword(credentials: { login: string; password: string }): Promise<DirectoryUser | null>
}

/** Whether a user may have tokens: it exists and is neither suspended nor being deleted. */
export async function isUserActive(directory: UserDirectory, id: string): Promise<boolean> {
  const user = await directory.findById(id)
  return user !== null && isActive(user)
}

/** Whether a user is neither suspended nor being deleted. */
export function isActive({ suspendedAt, deletingAt }: DirectoryUser): boolean {
  return suspendedAt === null && deletingAt === null
}

import { z } from 'zod'

/** The fields of a directory user; `moment` is a date there or a text on the wire, null for never. */
export function directoryFields<Moment extends z.ZodType<Date | null>>(moment: Moment) {
  return {
    // Becomes part of Redis keys and the `sub` of tokens.
    id: z.string().regex(/^[\x21-\x7e]{1,128}$/),
    username: z.string().min(1),
    email: z.string().min(1),
    roles: z.array(z.string()),
    /** When the e-mail address was confirmed: nobody signs in before that. */
    verifiedAt: moment,
    /** Since when the user may neither sign in nor keep tokens. */
    suspendedAt: moment,
    /** When a password took the place of the first one: browsers known before are not known since. */
    passwordSetAt: moment.optional(),
    /** When the deletion began; the user counts as missing from then on. */
    deletingAt: moment,
  }
}

/** Takes these fields from a user and drops the rest, such as the hash (R42). */
export const directoryUser = z.object(directoryFields(z.date().nullable()))

/** A user as signing in and tokens need it: what is public, and what keeps somebody out. */
export type DirectoryUser = z.infer<typeof directoryUser>

/**
 * Who may sign in: the users of this server's own MongoDB, or those of a user service. Each
 * question changes nothing and is answered within two seconds; otherwise it throws an
 * error that is answered as 503. Null means that there is no such user; an outage is never null.
 */
export type UserDirectory = {
  /** The user with that name or e-mail address (only the latter holds an `@`), in any case. */
  findByLogin(login: string): Promise<DirectoryUser | null>
  /** The user with that id; null also for what is no id. */
  findById(id: string): Promise<DirectoryUser | null>
  /**
   * The user with that name or e-mail address, as it is at that moment, if the password is right.
   * Null after the same work whether the password is wrong or there is no such user (R9, C25).
   */
  checkPassword(credentials: { login: string; password: string }): Promise<DirectoryUser | null>
}

/** Whether a user may have tokens: there, not suspended, not being deleted. */
export async function isUserActive(directory: UserDirectory, id: string): Promise<boolean> {
  const user = await directory.findById(id)
  return user !== null && isActive(user)
}

/** The same of a user that was looked up. */
export function isActive({ suspendedAt, deletingAt }: DirectoryUser): boolean {
  return suspendedAt === null && deletingAt === null
}

import { mailAddressPattern } from 'mail-contract'
import { z } from 'zod'
import { usernameProblem } from './user-names.ts'

/** The name of a role. */
export const roleInput = z
  .string()
  .regex(
    /^[a-z][\w.:-]{0,39}$/i,
    'A role has letters, digits, dots, dashes and colons, a letter first, 40 at most.',
  )

/** A user name: 2 to 40 characters that `usernameProblem` takes; never an `@`. */
export const usernameInput = z
  .string()
  .transform((name) => name.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .min(2, 'Use at least 2 characters.')
      .max(40, 'Use at most 40 characters.')
      .superRefine((name, context) => {
        const message = usernameProblem(name)
        if (message !== undefined) context.addIssue({ code: 'custom', message })
      }),
  )

/** An e-mail address to look for. Rejects what a mail program could read as two (C24). */
export const knownEmailInput = z
  .string()
  .transform((email) => email.trim())
  .pipe(
    z
      .string()
      .max(254, 'Use at most 254 characters.')
      .regex(mailAddressPattern, 'Enter an e-mail address like name@example.com.'),
  )

/**
 * An e-mail address that somebody chooses. It is found as `normalizeIdentity` makes it and written
 * to as it is. One that NFKC changes is refused: it would be found as the address that it looks
 * like, and the owner of that one could not have it any more (C22).
 */
export const emailInput = knownEmailInput.refine((email) => email === email.normalize('NFKC'), {
  message: 'Type the e-mail address in plain letters: this one holds some of another form.',
  abort: true,
})

import { mailAddressPattern } from 'mail-contract'
import { z } from 'zod'
import { usernameProblem } from './user-names.ts'

/** The name of a role. */
export const roleInput = z
  .string()
  .regex(
    /^[a-z][\w.:-]{0,39}$/i,
    'A role starts with a letter and has at most 40 letters, digits, dots, dashes, underscores and colons.',
  )

/** A user name: 2 to 40 characters that `usernameProblem` accepts; never an `@`. */
export const usernameInput = z
  .string()
  .transform((name) => name.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .min(1, { error: 'Enter a user name.', abort: true })
      .min(2, { error: 'Use at least 2 characters.', abort: true })
      .max(40, 'Use at most 40 characters.')
      .superRefine((name, context) => {
        const message = usernameProblem(name)
        if (message !== undefined) context.addIssue({ code: 'custom', message })
      }),
  )

const addressWanted = 'Enter an e-mail address like name@example.com.'

/** An e-mail address to look up. Rejects text that a mail program could read as two (C24). */
export const knownEmailInput = z
  .string()
  .transform((email) => email.trim())
  .pipe(
    z
      .string()
      .max(254, 'Use at most 254 characters.')
      .regex(mailAddressPattern, { error: addressWanted, abort: true }),
  )

/**
 * An e-mail address that a user chooses. It is looked up in the form of `normalizeIdentity`; e-mail
 * goes to it as entered. An address that NFKC changes is refused: it would take the place of the
 * address it looks like, whose owner could then no longer use it (C22). So is one with a dot too many,
 * such as `a..b@example.com`, because mail servers refuse it (RFC 5321 §4.1.2).
 */
export const emailInput = knownEmailInput
  .refine((email) => email === email.normalize('NFKC'), {
    message:
      'Type the e-mail address in plain letters: this one contains special forms of letters.',
    abort: true,
  })
  .refine((email) => !/^\.|\.\.|\.@/.test(email), { message: addressWanted, abort: true })

import { z } from 'zod'

// What no mail program needs and some read as a second address (C24), and every kind of blank.
const localPart = String.raw`[^\s\p{C}@"(),:;<>\[\]\\]{1,64}`
const label = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?`
const emailPattern = new RegExp(String.raw`^${localPart}@(?:${label}\.)+${label}$`, 'u')

/** A user name: 2 to 40 letters, digits, dots, dashes and underscores; never an `@`. */
export const usernameInput = z
  .string()
  .transform((name) => name.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .min(2, 'Use at least 2 characters.')
      .max(40, 'Use at most 40 characters.')
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u,
        'Use letters, digits, dots, dashes and underscores, with a letter or digit first.',
      ),
  )

/** An e-mail address as people have them, to look for: no quotes, comments or groups. */
export const knownEmailInput = z
  .string()
  .transform((email) => email.trim())
  .pipe(
    z
      .string()
      .max(254, 'Use at most 254 characters.')
      .regex(emailPattern, 'Enter an e-mail address like name@example.com.'),
  )

/**
 * An e-mail address that somebody chooses. It is found as `normalizeIdentity` makes it and written to
 * as it is: one that NFKC changes would keep the address that it looks like from its owner (C22).
 */
export const emailInput = knownEmailInput.refine((email) => email === email.normalize('NFKC'), {
  message: 'Type the e-mail address in plain letters: this one holds some of another form.',
  abort: true,
})

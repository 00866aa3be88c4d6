import { z } from 'zod'

/** Longer than any e-mail address (RFC 5321) and any accepted password. */
const text = (missing: string) => z.string(missing).min(1, missing).max(1024)

export const signInInput = z.object({
  username: text('Enter your user name or e-mail address.'),
  password: text('Enter your password.'),
  // May hold the whole request of a client site.
  returnTo: z.string().max(8192).optional(),
})

/** A code from an authenticator app or a recovery code. */
export const codeInput = z.object({
  code: z.string('Enter the code.').min(1, 'Enter the code.').max(100),
  returnTo: signInInput.shape.returnTo,
})

import { z } from 'zod'

/** Longer than any e-mail address (RFC 5321) and any password that is taken. */
const text = z.string().min(1).max(1024)

export const signInInput = z.object({
  username: text,
  password: text,
  // A client site's whole request may be in it.
  returnTo: z.string().max(8192).optional(),
})

export const reauthenticateInput = signInInput.omit({ username: true })

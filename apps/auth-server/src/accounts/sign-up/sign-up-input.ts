import { invalidInput, Problem } from 'service-kit'
import { z } from 'zod'
import { checkNewUser } from '../../users/create-user.ts'
import type { PasswordConfig } from '../../users/password-rules.ts'
import { emailInput, usernameInput } from '../../users/user-input.ts'

/** The JSON body of a sign-up. `checkNewUser` uses the same schemas for the names. */
export const signUpInput = z.object({
  invite: z.string(),
  email: emailInput,
  username: usernameInput,
  password: z.string(),
})

export type SignUpInput = z.output<typeof signUpInput>

// A value that is not text counts as empty, so that one answer names every field's problems.
const text = z.string().max(1024).catch('')
const texts = z
  .object({ invite: text, email: text, username: text, password: text })
  .catch({ invite: '', email: '', username: '', password: '' })

/**
 * Reads a sign-up from a body that may be anything (R41).
 *
 * @throws Problem 400 `invalid_input` with every field's problems
 */
export function readSignUp(config: PasswordConfig, body: unknown): SignUpInput {
  const { invite, password, ...given } = texts.parse(body)
  const missing = invite === '' ? [{ field: 'invite', message: 'You need an invitation.' }] : []
  try {
    const names = checkNewUser(config, { ...given, password })
    if (missing.length === 0) return { ...names, invite, password }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw invalidInput([...missing, ...error.fields])
  }
  throw invalidInput(missing)
}

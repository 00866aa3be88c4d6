import { invalidInput, Problem } from 'service-kit'
import { z } from 'zod'
import { checkNewUser } from '../../users/create-user.ts'
import type { PasswordConfig } from '../../users/password-rules.ts'
import { emailInput, usernameInput } from '../../users/user-input.ts'

/** A sign-up as programs send it. `checkNewUser` checks the names by these very schemas. */
export const signUpInput = z.object({
  invite: z.string(),
  email: emailInput,
  username: usernameInput,
  password: z.string(),
})

export type SignUpInput = z.output<typeof signUpInput>

// What is no text is refused as an empty one, so that one answer names every field's problems.
const text = z.string().max(1024).catch('')
const texts = z
  .object({ invite: text, email: text, username: text, password: text })
  .catch({ invite: '', email: '', username: '', password: '' })

/**
 * A sign-up as it is stored, from a body that may be anything (R41).
 *
 * @throws Problem 400 `invalid_input` with every field's problems
 */
export function readSignUp(config: PasswordConfig, body: unknown): SignUpInput {
  const { invite, password, ...given } = texts.parse(body)
  const missing = invite === '' ? [{ field: 'invite', message: 'An invitation is needed.' }] : []
  try {
    const names = checkNewUser(config, { ...given, password })
    if (missing.length === 0) return { ...names, invite, password }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw invalidInput([...missing, ...error.fields])
  }
  throw invalidInput(missing)
}

import { invalidInput, Problem } from 'service-kit'
import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { checkNewUser } from '../../users/create-user.ts'
import type { PasswordConfig } from '../../users/password-rules.ts'
import { emailInput, usernameInput } from '../../users/user-input.ts'

/** The JSON body of a sign-up. `checkNewUser` uses the same schemas for the names. */
export const signUpInput = z.object({
  /** Not needed if SIGN_UP allows this sign-up without one. */
  invite: z.string().optional(),
  email: emailInput,
  username: usernameInput,
  password: z.string(),
  /** The solution of a task (ALTCHA, proof of work v2), if `GET /signup` gives one. */
  altcha: z.string().optional(),
})

/** A sign-up that was read; `invite` and `altcha` are empty if they were not given. */
export type SignUpInput = Record<keyof z.output<typeof signUpInput>, string>

/** A sign-up with an invite. */
export type InvitedSignUp = Omit<SignUpInput, 'altcha'>

// A value that is not text counts as empty, so that one answer names every field's problems.
const text = z.string().max(1024).catch('')
const texts = z
  .object({ email: text, username: text, password: text, altcha: z.string().max(4096).catch('') })
  .catch({ email: '', username: '', password: '', altcha: '' })
const givenInvite = z.object({ invite: z.string().max(1024).default('') })

/**
 * Reads a sign-up from a body that may be anything (R41). A missing invite alone is no problem here:
 * whether this sign-up needs one is decided later.
 *
 * @throws Problem 400 `invalid_input` with every field's problems
 */
export function readSignUp(
  config: PasswordConfig & Pick<Config, 'signUp'>,
  body: unknown,
): SignUpInput {
  const { password, altcha, ...given } = texts.parse(body)
  const { data } = givenInvite.safeParse(body)
  const invite = data?.invite ?? ''
  const needed = [{ field: 'invite', message: 'You need an invitation.' }]
  try {
    const names = checkNewUser(config, { ...given, password })
    if (data) return { ...names, invite, password, altcha }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const isNeeded = !data || (invite === '' && config.signUp.by === 'invite')
    throw invalidInput([...(isNeeded ? needed : []), ...error.fields])
  }
  throw invalidInput(needed)
}

import { z } from 'zod'
import { emailInput } from '../../users/user-input.ts'

export const inviteInput = z.object({
  email: emailInput.optional(),
  expiresInDays: z.int().min(1).max(365).optional(),
})

const { email, expiresInDays } = inviteInput.shape

/** A new invite from a form: an empty field counts as absent, and numbers arrive as text. */
export const inviteFormInput = z.object({
  email: z.preprocess((text) => (text === '' ? undefined : text), email),
  expiresInDays: z.preprocess(numberIn, expiresInDays),
})

function numberIn(value: unknown): unknown {
  if (value === '') return undefined
  return typeof value === 'string' ? Number(value) : value
}

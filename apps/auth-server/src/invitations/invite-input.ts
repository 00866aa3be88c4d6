import { z } from 'zod'
import { emailInput } from '../users/user-input.ts'

export const inviteInput = z.object({
  email: emailInput.optional(),
  expiresInDays: z.int().min(1).max(365).optional(),
})

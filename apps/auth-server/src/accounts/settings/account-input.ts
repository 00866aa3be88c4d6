import { z } from 'zod'
import { emailInput } from '../../users/user-input.ts'

const password = (missing: string) => z.string(missing).min(1, missing).max(1024)
const own = password('Enter your password.')

export const changePasswordInput = z.object({
  password: password('Enter your current password.'),
  newPassword: password('Enter a new password.'),
})
export const changeEmailInput = z.object({ password: own, newEmail: emailInput })
export const deleteAccountInput = z.object({ password: own })

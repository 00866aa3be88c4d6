import { z } from 'zod'
import { emailInput } from '../../users/user-input.ts'

const password = z.string().min(1).max(1024)

export const changePasswordInput = z.object({ password, newPassword: password })
export const changeEmailInput = z.object({ password, newEmail: emailInput })
export const deleteAccountInput = z.object({ password })

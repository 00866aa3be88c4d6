import { z } from 'zod'
import { emailInput } from '../users/user-input.ts'

export const mailRequestInput = z.object({ email: emailInput })

import { z } from 'zod'
import { knownEmailInput } from '../../users/user-input.ts'

export const mailRequestInput = z.object({ email: knownEmailInput })

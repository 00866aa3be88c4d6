import { z } from 'zod'
import { linkInput } from '../links/link-input.ts'

export const resetInput = linkInput.extend({ password: z.string().min(1).max(1024) })

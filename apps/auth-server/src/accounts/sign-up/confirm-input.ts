import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'

/** The body of a confirmation. A sign-up without an invite is confirmed with its password, too. */
export const confirmInput = linkInput.extend({ password: z.string().max(1024).optional() })

import { z } from 'zod'

/** A user as others may know it. */
export const publicUserSchema = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  verifiedAt: z.iso.datetime().nullable(),
})

/** A moment as JSON has it. */
export const moment = z.iso.datetime()

/** The answer that is the same for everybody: look into your mails. */
export const checkYourMail = z.object({ message: z.string() })

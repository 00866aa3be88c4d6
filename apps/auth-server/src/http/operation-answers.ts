import { z } from 'zod'

/** A moment as JSON has it. */
export const moment = z.iso.datetime()

/** The answer that is the same for everybody: look into your mails. */
export const checkYourMail = z.object({ message: z.string() })

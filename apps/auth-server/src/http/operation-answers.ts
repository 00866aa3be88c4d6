import { z } from 'zod'

/** A moment as JSON has it. */
export const moment = z.iso.datetime()

/** The same answer for every address: check your inbox. */
export const checkYourMail = z.object({ message: z.string() })

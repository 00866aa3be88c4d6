import { z } from 'zod'

/** A time in JSON (ISO 8601). */
export const moment = z.iso.datetime()

/** "Check your inbox", identical for every address. */
export const checkYourMail = z.object({ message: z.string() })

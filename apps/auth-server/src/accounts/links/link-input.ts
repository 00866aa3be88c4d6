import { z } from 'zod'

/** What the page behind a link posts. */
export const linkInput = z.object({ token: z.string().min(1).max(2048) })

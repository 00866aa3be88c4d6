import { z } from 'zod'

/** Which page of a list: `next` of the one before. */
export const pageInput = z.object({ after: z.string().max(100).optional() })

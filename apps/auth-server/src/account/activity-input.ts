import { z } from 'zod'

/** `after`: the `next` of the page before. */
export const activityInput = z.object({ after: z.string().max(100).optional() })

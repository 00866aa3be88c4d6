import { z } from 'zod'

/** Which suspended address is to be let go. */
export const liftInput = z.object({ address: z.string().trim().min(1).max(100) })

/** Which users, and from which name on. */
export const searchInput = z.object({
  search: z.string().max(254).default(''),
  after: z.string().max(300).default(''),
})

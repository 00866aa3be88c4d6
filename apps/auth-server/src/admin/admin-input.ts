import { z } from 'zod'

/** The blocked address to lift. */
export const liftInput = z.object({ address: z.string().trim().min(1).max(100) })

/** A search for users, and the name that the page starts after. */
export const searchInput = z.object({
  search: z.string().max(254).default(''),
  after: z.string().max(300).default(''),
})

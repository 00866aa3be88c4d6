import { z } from 'zod'

/** The name of a role. */
export const roleInput = z
  .string()
  .regex(
    /^[a-z][\w.:-]{0,39}$/i,
    'A role has letters, digits, dots, dashes and colons, a letter first, 40 at most.',
  )

import { z } from 'zod'

// The newest secret or key that the form showed, so that a form sent twice rotates once.
const after = z.string().max(100).optional()

export const rotateSecretInput = z.object({
  after,
  overlapHours: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,3}$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(0).max(720))
    .default(24),
})

export const rotateKeyInput = z.object({
  after,
  /** Whether the previous key was stolen: the new one signs at once. */
  now: z
    .union([z.boolean(), z.enum(['yes', 'no']).transform((text) => text === 'yes')])
    .default(false),
})

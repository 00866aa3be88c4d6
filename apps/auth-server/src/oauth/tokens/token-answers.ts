import { z } from 'zod'

/** An answer of the token endpoint (RFC 6749 §5.1). */
export const tokenPairSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
  refresh_token: z.string(),
  scope: z.string(),
})

export type TokenPair = z.output<typeof tokenPairSchema>

/** An access token alone. */
export const accessTokenSchema = tokenPairSchema.omit({ refresh_token: true })

const inactive = z.object({ active: z.literal(false) })

/** RFC 7662 §2.2. */
const active = z.object({
  active: z.literal(true),
  token_type: z.literal('Bearer'),
  iss: z.string(),
  sub: z.string(),
  aud: z.string(),
  client_id: z.string(),
  scope: z.string(),
  sid: z.string(),
  jti: z.string(),
  iat: z.int(),
  exp: z.int(),
})

export const introspectionSchema = z.union([active, inactive])

/** The same, and why where it is inactive. */
export const verificationSchema = z.union([
  active,
  inactive.extend({ reason: z.enum(['expired', 'revoked', 'invalid']) }),
])

import { z } from 'zod'

/** An answer of the token endpoint (RFC 6749 §5.1). */
export const tokenPairSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
  /** With OpenID Connect only for `offline_access`; with plain OAuth always. */
  refresh_token: z.string().optional(),
  /** Left out if empty. */
  scope: z.string().optional(),
  id_token: z.string().optional(),
})

export type TokenPair = z.output<typeof tokenPairSchema>

/** An access token without a refresh token. */
export const accessTokenSchema = tokenPairSchema
  .omit({ refresh_token: true, id_token: true })
  .required({ scope: true })

const inactive = z.object({ active: z.literal(false) })

/** RFC 7662 §2.2. */
const active = z.object({
  active: z.literal(true),
  token_type: z.literal('Bearer'),
  iss: z.string(),
  sub: z.string(),
  aud: z.string(),
  client_id: z.string(),
  scope: z.string().optional(),
  sid: z.string().optional(),
  auth_time: z.int().optional(),
  acr: z.string().optional(),
  amr: z.array(z.string()).optional(),
  jti: z.string(),
  iat: z.int(),
  exp: z.int(),
})

export const introspectionSchema = z.union([active, inactive])

/** The same, with the reason if the token is inactive. */
export const verificationSchema = z.union([
  active,
  inactive.extend({ reason: z.enum(['expired', 'revoked', 'invalid']) }),
])

import { isIP } from 'node:net'
import { z } from 'zod'
import { leaveOutEmpty } from '../choose-scope.ts'
import { invalidRequest, oauthError } from '../oauth-error.ts'

/** No token or code of this server is longer. */
const token = z.string().min(1).max(8192)
const short = z.string().max(1000)

const clientFields = {
  client_id: short.optional(),
  client_secret: short.optional(),
  client_assertion_type: short.optional(),
  client_assertion: token.optional(),
}
const wishes = { scope: short.optional(), resource: short.optional() }

export const codeInput = z.object({
  ...clientFields,
  code: token,
  redirect_uri: short,
  // The format is not checked: a wrong verifier is `invalid_grant` (RFC 7636 §4.6).
  code_verifier: short.optional(),
  resource: short.optional(),
})

export const refreshInput = z.object({
  ...clientFields,
  ...wishes,
  refresh_token: token,
  access_token: token.optional(),
})

// Of any length: an unknown token may be revoked, and is inactive (RFC 7009 §2.2, RFC 7662 §2.2).
export const tokenInput = z.object({ ...clientFields, token: z.string().min(1) })

export const machineInput = z.object({ ...clientFields, ...wishes })

export const clientInput = z.object(clientFields)

export const clientSignInInput = z.object({
  client_id: short,
  client_secret: short,
  username: z.string().min(1).max(1024),
  password: z.string().min(1).max(1024),
  code: z.string().max(100).optional(),
  ...wishes,
  /** The address of the end user that the client speaks for. */
  end_user_address: z
    .string()
    .refine((text) => isIP(text) !== 0, 'Send one IP address.')
    .optional(),
  end_user_agent: z.string().max(1000).optional(),
})

export const audienceInput = z.object({ audience: short })

/**
 * Parses a body. An empty parameter counts as left out. A repeated one is refused, like any other value
 * of the wrong type (RFC 6749 §3.2).
 *
 * @throws Problem 400 `invalid_request` naming the parameters
 */
export function readParameters<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  refuseSeveralResources(body)
  const { success, data, error } = schema.safeParse(leaveOutEmpty(body))
  if (success) return data
  const names = new Set(error.issues.map(({ path }) => path.join('.')))
  throw invalidRequest(`Missing or invalid: ${[...names].join(', ')}.`)
}

/** A token has one audience. RFC 8707 §2 lets a server refuse several resources. */
export function refuseSeveralResources(parameters: unknown): void {
  const given = typeof parameters === 'object' && parameters !== null ? parameters : {}
  if ('resource' in given && Array.isArray(given.resource))
    throw oauthError('invalid_target', 'Name one resource: a token has one audience.')
}

export const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const

export type GrantType = (typeof grantTypes)[number]

/**
 * Reads the requested grant type. There is no password grant (R59).
 *
 * @throws Problem 400 `unsupported_grant_type`, `invalid_request`
 */
export function readGrantType(body: unknown): GrantType {
  const { grant_type: asked } = readParameters(z.object({ grant_type: z.string() }), body)
  const grantType = grantTypes.find((known) => known === asked)
  if (grantType) return grantType
  throw oauthError('unsupported_grant_type', `Use one of ${grantTypes.join(', ')}.`)
}

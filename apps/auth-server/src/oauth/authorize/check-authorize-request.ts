import { z } from 'zod'
import type { Client } from '../clients/client.model.ts'
import { chooseAudience, chooseScope, leaveOutEmpty } from '../choose-scope.ts'
import { invalidRequest, oauthError } from '../oauth-error.ts'

export const authorizeInput = z.object({
  response_type: z.string(),
  code_challenge: z.string().regex(/^[\w-]{43}$/),
  code_challenge_method: z.literal('S256'),
  state: z.string().max(2000).optional(),
  scope: z.string().max(1000).optional(),
  resource: z.string().max(500).optional(),
})

export type AuthorizeRequest = { challenge: string; scope: string; audience: string }

/**
 * What a client asks for (RFC 6749 §4.1.1, RFC 7636: S256 and nothing else).
 *
 * @throws Problem with the `error` that the client is to be told
 */
export function checkAuthorizeRequest(client: Client, query: unknown): AuthorizeRequest {
  const { success, data, error } = authorizeInput.safeParse(leaveOutEmpty(query))
  if (!success) throw invalidRequest(`Missing or wrong: ${fieldsOf(error)}.`)
  if (data.response_type !== 'code')
    throw oauthError('unsupported_response_type', 'Only response_type=code is supported.')
  return {
    challenge: data.code_challenge,
    scope: chooseScope(data.scope, client.scopes),
    audience: chooseAudience(data.resource, client.audiences),
  }
}

function fieldsOf(error: z.ZodError): string {
  return [...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ')
}

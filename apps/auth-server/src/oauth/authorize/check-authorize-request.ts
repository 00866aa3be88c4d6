import { z } from 'zod'
import { audiencesOf, chooseAudience, chooseScope, leaveOutEmpty } from '../choose-scope.ts'
import type { Client } from '../clients/client.model.ts'
import { invalidRequest, oauthError } from '../oauth-error.ts'
import { refuseSeveralResources } from '../tokens/token-input.ts'
import { isOpenId } from '../openid/openid-scopes.ts'

export const prompts = ['none', 'login', 'consent', 'select_account'] as const
/** How the answer reaches the client; `query` is the default. */
export const responseModes = ['query', 'form_post'] as const
/** Assurance levels (NIST SP 800-63B-4), for `acr_values`. */
export const levels = ['aal1', 'aal2']

const seconds = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number)

export const authorizeInput = z.object({
  response_type: z.string(),
  response_mode: z.enum(responseModes).optional(),
  code_challenge: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
  code_challenge_method: z.literal('S256').optional(),
  state: z.string().max(2000).optional(),
  scope: z.string().max(1000).optional(),
  resource: z.string().max(500).optional(),
  nonce: z.string().max(1000).optional(),
  prompt: z.string().max(100).optional(),
  max_age: seconds.optional(),
  login_hint: z.string().max(1000).optional(),
  id_token_hint: z.string().max(8192).optional(),
  acr_values: z.string().max(200).optional(),
  /** Added by this server to the URL that a fresh sign-in returns to: when it was demanded. */
  authenticated_after: seconds.optional(),
})

export type AuthorizeRequest = {
  challenge: string | null
  nonce: string | null
  scope: string
  audience: string
  prompt: string[]
  /** How old the user's sign-in may be, in seconds. */
  maxAge: number | undefined
  /** Seconds since 1970. */
  authenticatedAfter: number | undefined
  idTokenHint: string | undefined
  /** The assurance level that the client prefers, of those there are. */
  acr: string | undefined
}

/**
 * Checks a client's request (RFC 6749 §4.1.1, RFC 7636 with S256 only, OpenID Connect Core §3.1.2.1).
 *
 * @throws Problem with the `error` for the client
 */
export function checkAuthorizeRequest(
  client: Client,
  query: unknown,
  { issuer }: { issuer: string },
): AuthorizeRequest {
  refuseUnsupported(query)
  refuseSeveralResources(query)
  const { success, data, error } = authorizeInput.safeParse(leaveOutEmpty(query))
  if (!success) throw invalidRequest(`Missing or invalid: ${fieldsOf(error)}.`)
  if (data.response_type !== 'code')
    throw oauthError('unsupported_response_type', 'Only response_type=code is supported.')
  const scope = chooseScope(data.scope, client.scopes)
  checkPkce(client, { ...data, scope })
  return {
    challenge: data.code_challenge ?? null,
    nonce: data.nonce ?? null,
    scope,
    audience: chooseAudience(data.resource, audiencesOf(client, issuer)),
    prompt: readPrompt(data.prompt),
    maxAge: data.max_age,
    authenticatedAfter: data.authenticated_after,
    idTokenHint: data.id_token_hint,
    acr: data.acr_values?.split(' ').find((value) => levels.includes(value)),
  }
}

/** OpenID Connect Core §6 and §7.2.1 define an error for each unsupported parameter. */
function refuseUnsupported(query: unknown): void {
  const given = typeof query === 'object' && query !== null ? query : {}
  for (const name of ['request', 'request_uri', 'registration'] as const)
    if (name in given) throw oauthError(`${name}_not_supported`, `${name} is not supported.`)
}

function checkPkce({ kind, pkce }: Client, request: z.output<typeof authorizeInput>): void {
  if (request.code_challenge !== undefined) {
    if (request.code_challenge_method === undefined)
      throw invalidRequest('Send code_challenge_method=S256.')
    return
  }
  if (request.code_challenge_method !== undefined) throw invalidRequest('Send code_challenge.')
  const mayGoWithout =
    pkce === 'off' || (pkce === 'optional' && isOpenId(request.scope ?? '') && request.nonce)
  if (kind === 'app' || !mayGoWithout)
    throw invalidRequest('Send code_challenge and code_challenge_method=S256 (PKCE).')
}

function readPrompt(text = ''): string[] {
  const asked = text.split(' ').filter((value) => value !== '')
  const known: readonly string[] = prompts
  if (asked.some((value) => !known.includes(value)))
    throw invalidRequest(`prompt takes ${prompts.join(', ')}.`)
  if (asked.includes('none') && asked.length > 1)
    throw invalidRequest('prompt=none cannot be combined with other values.')
  return asked
}

function fieldsOf(error: z.ZodError): string {
  return [...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ')
}

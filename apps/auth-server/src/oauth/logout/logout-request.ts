import { decodeJwt } from 'jose'
import { z } from 'zod'
import { unknownClient, unknownRedirectUri } from '../../http/errors.ts'
import { leaveOutEmpty } from '../choose-scope.ts'
import type { Client } from '../clients/client.model.ts'
import { findClient } from '../clients/find-client.ts'
import { addToQuery } from '../form-query.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { invalidRequest } from '../oauth-error.ts'
import { type IdTokenHint, readIdTokenHint } from '../openid/read-id-token-hint.ts'

export const logoutInput = z.object({
  id_token_hint: z.string().max(8192).optional(),
  client_id: z.string().max(100).optional(),
  post_logout_redirect_uri: z.string().max(500).optional(),
  state: z.string().max(2000).optional(),
})

/** A sign-out request. It has a `returnTo` only if the client registered that address. */
export type LogoutRequest = {
  client: Client | null
  hint: IdTokenHint | undefined
  returnTo: string | undefined
}

/**
 * Reads a sign-out request (RP-Initiated Logout 1.0 §2).
 *
 * @throws Problem 400 `unknown_client`, `unknown_redirect_uri`, or `invalid_request` for a hint that is
 *   not an id_token of that client
 */
export async function readLogoutRequest(
  { clients, config }: Pick<OAuthDeps, 'clients' | 'config'>,
  query: unknown,
): Promise<LogoutRequest> {
  const { success, data } = logoutInput.safeParse(leaveOutEmpty(query))
  if (!success) throw invalidRequest('Send each parameter once.')
  const { id_token_hint: token, post_logout_redirect_uri: uri, state } = data
  const id = data.client_id ?? (token === undefined ? undefined : audienceOf(token))
  const client = id === undefined ? null : await findClient(clients, id)
  if (id !== undefined && !client) throw unknownClient()
  const hint = client && token ? await readIdTokenHint(config.issuer, client, token) : undefined
  if (uri === undefined) return { client, hint, returnTo: undefined }
  if (!client?.postLogoutRedirectUris.includes(uri)) throw unknownRedirectUri()
  return { client, hint, returnTo: state === undefined ? uri : addToQuery(uri, [['state', state]]) }
}

/** The client that the token claims to be for. The client's key verifies that later. */
function audienceOf(token: string): string | undefined {
  try {
    const { aud } = decodeJwt(token)
    return typeof aud === 'string' ? aud : undefined
  } catch {
    throw invalidRequest('id_token_hint is not an id_token.')
  }
}

import { z } from 'zod'
import type { Client, Clients } from '../clients/client.model.ts'
import { findClient } from '../clients/find-client.ts'
import { unknownClient, unknownRedirectUri } from '../../http/errors.ts'

export const redirectInput = z.object({
  client_id: z.string().max(100),
  redirect_uri: z.string().max(500),
})

/** Where an answer may go. Everything else that is wrong is told there, and nowhere else. */
export type Redirect = { client: Client; redirectUri: string }

/**
 * The client, and the address that it is answered at: one that it registered, to the letter (RFC
 * 9700 §4.1.3).
 *
 * @throws Problem 400 `unknown_client` or `unknown_redirect_uri`, told to the visitor, never redirected
 */
export async function findRedirect(clients: Clients, query: unknown): Promise<Redirect> {
  const input = redirectInput.safeParse(query)
  const client = input.success ? await findClient(clients, input.data.client_id) : null
  if (!input.success || !client || client.kind === 'resource_server') throw unknownClient()
  const redirectUri = client.redirectUris.find((uri) => uri === input.data.redirect_uri)
  if (redirectUri === undefined) throw unknownRedirectUri()
  return { client, redirectUri }
}

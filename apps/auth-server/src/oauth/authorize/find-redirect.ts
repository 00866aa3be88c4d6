import { z } from 'zod'
import { isLoopback } from '../clients/client-input.ts'
import type { Client, Clients } from '../clients/client.model.ts'
import { findClient } from '../clients/find-client.ts'
import { unknownClient, unknownRedirectUri } from '../../http/errors.ts'

export const redirectInput = z.object({
  client_id: z.string().max(100),
  redirect_uri: z.string().max(500),
})

/** A client and the redirect URI for its answer. All other errors are reported there. */
export type Redirect = { client: Client; redirectUri: string }

/**
 * Finds the client and checks the redirect URI, which must exactly match a registered one (RFC 9700
 * §4.1.3).
 *
 * @throws Problem 400 `unknown_client` or `unknown_redirect_uri`, shown to the visitor, never redirected
 */
export async function findRedirect(clients: Clients, query: unknown): Promise<Redirect> {
  const input = redirectInput.safeParse(query)
  const client = input.success ? await findClient(clients, input.data.client_id) : null
  if (!input.success || !client || client.kind === 'resource_server') throw unknownClient()
  const { redirect_uri: redirectUri } = input.data
  if (!client.redirectUris.some((known) => isSame(client, known, redirectUri)))
    throw unknownRedirectUri()
  return { client, redirectUri }
}

/** Whether the answer goes to the visitor's own device, where any program may be waiting for it. */
export function isOnDevice(redirectUri: string): boolean {
  const url = new URL(redirectUri)
  return !url.protocol.startsWith('http') || isLoopback(url)
}

/** Exact match, but an app may use any port of a loopback address, whichever is free (RFC 8252 §7.3). */
function isSame({ kind }: Client, known: string, given: string): boolean {
  if (known === given) return true
  const [registered, asked] = [URL.parse(known), URL.parse(given)]
  if (kind !== 'app' || !registered || !asked || !isLoopback(registered)) return false
  if (registered.protocol !== 'http:') return false
  const { port } = asked
  registered.port = port
  return registered.href === given
}

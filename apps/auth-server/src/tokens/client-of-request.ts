import type { Request } from 'express'
import { authenticateClient } from '../clients/authenticate-client.ts'
import type { Client, ClientKind, Clients } from '../clients/client.model.ts'
import { readClientCredentials } from '../clients/read-client-credentials.ts'
import { clientInput, readParameters } from './token-input.ts'

/** Clients that are given tokens; resource servers check them. */
export const tokenClients = ['site', 'first_party'] as const

/**
 * The client that a request to one of the clients' endpoints comes from.
 *
 * @throws Problem 401 `invalid_client`; 400 `invalid_request`
 */
export async function clientOfRequest(
  clients: Clients,
  req: Request,
  kinds: readonly ClientKind[],
): Promise<Client> {
  const { client_id, client_secret } = readParameters(clientInput, req.body)
  const body = {
    ...(client_id !== undefined && { client_id }),
    ...(client_secret !== undefined && { client_secret }),
  }
  const credentials = readClientCredentials({ header: req.headers.authorization, body })
  return await authenticateClient(clients, credentials, { kinds })
}

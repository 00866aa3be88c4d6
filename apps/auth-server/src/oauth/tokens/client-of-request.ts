import type { Request } from 'express'
import { Problem } from 'service-kit'
import { authenticateClient } from '../clients/authenticate-client.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { Client, ClientKind, Clients } from '../clients/client.model.ts'
import { recallClient } from '../clients/find-client.ts'
import {
  type ClientCredentials,
  readClientCredentials,
} from '../clients/read-client-credentials.ts'
import { clientInput, readParameters } from './token-input.ts'

/** Kinds of clients that get tokens for users. */
export const tokenClients = ['site', 'first_party', 'app'] as const

type ClientDeps = { clients: Clients; audit: Audit }

/**
 * Authenticates the client of a request. An app has no secret and sends only its id (RFC 6749 §3.2.1).
 *
 * @throws Problem 401 `invalid_client`; 400 `invalid_request`
 */
export async function clientOfRequest(
  deps: ClientDeps,
  req: Request,
  kinds: readonly ClientKind[],
): Promise<Client> {
  const { client_id, client_secret } = readParameters(clientInput, req.body)
  const body = {
    ...(client_id !== undefined && { client_id }),
    ...(client_secret !== undefined && { client_secret }),
  }
  const credentials = readClientCredentials({ header: req.headers.authorization, body })
  if (!credentials && client_id !== undefined && kinds.includes('app')) {
    const app = await recallClient(deps.clients, client_id)
    if (app?.kind === 'app') return app
  }
  return await knownClient(deps, req, credentials, kinds)
}

/** Authenticates a client by its credentials, and records a refusal in the audit log. */
export async function knownClient(
  { clients, audit }: ClientDeps,
  req: Request,
  credentials: ClientCredentials | undefined,
  kinds: readonly ClientKind[],
): Promise<Client> {
  try {
    return await authenticateClient(clients, credentials, { kinds })
  } catch (error) {
    if (error instanceof Problem) audit.clientRefused(req, { endpoint: req.path })
    throw error
  }
}

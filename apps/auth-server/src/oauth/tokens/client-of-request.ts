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

/** Clients that are given tokens; resource servers check them. */
export const tokenClients = ['site', 'first_party', 'app'] as const

type ClientDeps = { clients: Clients; audit: Audit }

/**
 * The client that a request to one of the clients' endpoints comes from. An app has no secret and
 * says its id alone (RFC 6749 §3.2.1).
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

/** The same by credentials that were read already; the audit log is told who is refused. */
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

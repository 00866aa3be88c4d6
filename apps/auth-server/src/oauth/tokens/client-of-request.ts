import type { Request } from 'express'
import type { z } from 'zod'
import { Problem } from 'service-kit'
import { ASSERTION_TYPE, authenticateByAssertion } from '../clients/authenticate-by-assertion.ts'
import { authenticateClient } from '../clients/authenticate-client.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { Client, ClientKind, Clients } from '../clients/client.model.ts'
import { findCachedClient } from '../clients/find-client.ts'
import {
  type ClientCredentials,
  readClientCredentials,
} from '../clients/read-client-credentials.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { invalidClient, invalidRequest } from '../oauth-error.ts'
import { clientInput, readParameters } from './token-input.ts'

/** Kinds of clients that get tokens for users. */
export const tokenClients = ['site', 'first_party', 'app'] as const

type ClientDeps = { clients: Clients; audit: Audit }
type AssertionDeps = Pick<OAuthDeps, 'clients' | 'audit' | 'redis' | 'keyPrefix' | 'config'>

/**
 * Authenticates the client of a request, by its secret or a signed assertion. An app has neither and
 * sends only its id (RFC 6749 §3.2.1).
 *
 * @throws Problem 401 `invalid_client`; 400 `invalid_request`
 */
export async function clientOfRequest(
  deps: AssertionDeps,
  req: Request,
  kinds: readonly ClientKind[],
): Promise<Client> {
  const given = readParameters(clientInput, req.body)
  const { client_id, client_secret } = given
  if (given.client_assertion_type !== undefined || given.client_assertion !== undefined)
    return await clientOfAssertion(deps, req, { given, kinds })
  const body = {
    ...(client_id !== undefined && { client_id }),
    ...(client_secret !== undefined && { client_secret }),
  }
  const credentials = readClientCredentials({ header: req.headers.authorization, body })
  if (!credentials && client_id !== undefined && kinds.includes('app')) {
    const app = await findCachedClient(deps.clients, client_id)
    if (app?.kind === 'app') return app
  }
  return await knownClient(deps, req, credentials, kinds)
}

/** @throws Problem 400 `invalid_request` for a second credential or another type of assertion */
async function clientOfAssertion(
  deps: AssertionDeps,
  req: Request,
  { given, kinds }: { given: z.output<typeof clientInput>; kinds: readonly ClientKind[] },
): Promise<Client> {
  const { client_assertion: assertion, client_assertion_type: type, client_id: id } = given
  if (given.client_secret !== undefined || req.headers.authorization !== undefined)
    throw invalidRequest('Send a secret or an assertion, not both.')
  if (type !== ASSERTION_TYPE || assertion === undefined)
    throw invalidRequest(`Send client_assertion with client_assertion_type=${ASSERTION_TYPE}.`)
  return await audited(deps, req, async () => {
    const client = await authenticateByAssertion(deps, assertion, { kinds })
    if (id !== undefined && id !== client.id) throw invalidClient()
    return client
  })
}

/** Authenticates a client by its credentials, and records a refusal in the audit log. */
export async function knownClient(
  { clients, audit }: ClientDeps,
  req: Request,
  credentials: ClientCredentials | undefined,
  kinds: readonly ClientKind[],
): Promise<Client> {
  return await audited({ audit }, req, () => authenticateClient(clients, credentials, { kinds }))
}

async function audited(
  { audit }: Pick<ClientDeps, 'audit'>,
  req: Request,
  authenticate: () => Promise<Client>,
): Promise<Client> {
  try {
    return await authenticate()
  } catch (error) {
    if (error instanceof Problem) audit.clientRefused(req, { endpoint: req.path })
    throw error
  }
}

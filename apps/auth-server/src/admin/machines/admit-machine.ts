import { readBearerToken } from 'auth-kit/tokens'
import type { Request } from 'express'
import { readPublishedToken } from '../../oauth/clients/read-access-token.ts'
import { findClient } from '../../oauth/clients/find-client.ts'
import { invalidToken } from '../../oauth/oauth-error.ts'
import type { AdminDeps } from '../admin-deps.ts'

/** A machine client that sends a request, with the scopes of its access token. */
export type Machine = { id: string; name: string; scopes: readonly string[] }

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface Request {
      /** Set on admin routes if an access token admitted the request instead of an admin's session. */
      machine?: Machine
    }
  }
}

/**
 * The machine whose access token a request carries; undefined without a token. The token must be for
 * this server. A scope that the client has lost since does not count.
 *
 * @throws Problem 401 `invalid_token`, also for a user's token and once the client is removed
 */
export async function admitMachine(
  { clients, config }: Pick<AdminDeps, 'clients' | 'config'>,
  req: Request,
): Promise<Machine | undefined> {
  const token = readBearerToken(req.headersDistinct.authorization)
  if (token === undefined) return undefined
  const read = await readPublishedToken({ clients, config }, token)
  if (!read || read.expired || read.familyId !== undefined) throw invalidToken()
  const client = await findClient(clients, read.clientId)
  if (client?.kind !== 'machine' || read.claims.aud !== config.issuer) throw invalidToken()
  const { scope } = read.claims
  const granted = typeof scope === 'string' ? scope.split(' ') : []
  const { id, name, scopes } = client
  return { id, name, scopes: scopes.filter((scope) => granted.includes(scope)) }
}

import type { Request } from 'express'
import { pageNotFound } from 'service-kit'
import type { Client, Clients } from '../../oauth/clients/client.model.ts'
import { checkGrantable } from '../machines/check-grantable.ts'
import { findClient } from '../../oauth/clients/find-client.ts'

/**
 * The client that the URL names, if this request may change it.
 *
 * @throws Problem 404 if it does not exist, 403 `scope_not_held`
 */
export async function findClientToChange(clients: Clients, req: Request): Promise<Client> {
  const client = await findRequestedClient(clients, req)
  checkGrantable(req, client.scopes)
  return client
}

/** The client that the URL names. @throws Problem 404 if it does not exist */
export async function findRequestedClient(clients: Clients, req: Request): Promise<Client> {
  const client = await findClient(clients, String(req.params.id))
  if (!client) throw pageNotFound()
  return client
}

import { pageNotFound, validate } from 'service-kit'
import { checkAudiences } from './add-client.ts'
import { type ClientChanges, newClientInput } from './client-input.ts'
import { type Client, type Clients, toClient } from './client.model.ts'

/**
 * Changes what a client is called, where it may send people back to and what it may ask for. What it
 * was given by then stays as it is: a token keeps its scope until it is over.
 *
 * @returns the client as it is then
 * @throws Problem 400 `invalid_input` for what its kind cannot be, or an audience that nobody has;
 *   404 `not_found` where it was removed meanwhile
 */
export async function editClient(
  clients: Clients,
  client: Client,
  changes: ClientChanges,
): Promise<Client> {
  const { name, kind, redirectUris, audiences, scopes } = client
  const audience = kind === 'resource_server' ? { audience: client.audience } : {}
  const edited = { name, kind, redirectUris, audiences, scopes, ...audience, ...changes }
  validate(newClientInput, edited)
  await checkAudiences(clients, changes.audiences ?? [])
  const record = await clients
    .findOneAndUpdate({ _id: { $eq: client.id } }, { $set: changes }, { returnDocument: 'after' })
    .lean()
  if (!record) throw pageNotFound()
  return toClient(record)
}

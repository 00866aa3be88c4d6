import { type Client, clientMemory, type Clients, toClient } from './client.model.ts'

/** The client with that id. */
export async function findClient(clients: Clients, id: string): Promise<Client | null> {
  const record = await clients.findOne({ _id: id }).lean()
  return record && toClient(record)
}

/** The resource server that goes by that audience in tokens. */
export async function findResourceServer(
  clients: Clients,
  audience: string,
): Promise<Client | null> {
  const record = await clients
    .findOne({ audience: { $eq: audience }, kind: { $eq: 'resource_server' } })
    .lean()
  return record && toClient(record)
}

/** The client that has a key of that name. */
export async function findClientByKey(clients: Clients, kid: string): Promise<Client | null> {
  const record = await clients.findOne({ 'keys.kid': { $eq: kid } }).lean()
  return record && toClient(record)
}

/**
 * The client with that id, from memory if it was read within the last five seconds. For token requests
 * and introspection only: whatever ends a client's tokens also ends its families, and those are never
 * read from memory.
 */
export function recallClient(clients: Clients, id: string): Promise<Client | null> {
  return clientMemory.recall(clients, `id ${id}`, () => findClient(clients, id))
}

/** The same for the client that has a key of that name. */
export function recallClientByKey(clients: Clients, kid: string): Promise<Client | null> {
  return clientMemory.recall(clients, `key ${kid}`, () => findClientByKey(clients, kid))
}

/** Every client, the newest first. */
export async function listClients(clients: Clients): Promise<Client[]> {
  const records = await clients.find().sort({ createdAt: -1 }).lean()
  return records.map(toClient)
}

/** The audiences that clients may ask for: those of the resource servers there are. */
export async function listAudiences(clients: Clients): Promise<string[]> {
  const all = await listClients(clients)
  return all.filter(({ kind }) => kind === 'resource_server').map(({ audience }) => audience)
}

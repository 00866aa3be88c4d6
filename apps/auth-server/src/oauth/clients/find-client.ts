import { type Client, clientCache, type Clients, toClient } from './client.model.ts'

/** The client with this id. */
export async function findClient(clients: Clients, id: string): Promise<Client | null> {
  const record = await clients.findOne({ _id: id }).lean()
  return record && toClient(record)
}

/** The resource server with this audience. */
export async function findResourceServer(
  clients: Clients,
  audience: string,
): Promise<Client | null> {
  const record = await clients
    .findOne({ audience: { $eq: audience }, kind: { $eq: 'resource_server' } })
    .lean()
  return record && toClient(record)
}

/** The client that owns the key with this `kid`. */
export async function findClientByKey(clients: Clients, kid: string): Promise<Client | null> {
  const record = await clients.findOne({ 'keys.kid': { $eq: kid } }).lean()
  return record && toClient(record)
}

/**
 * The client with this id, cached if it was read within the last five seconds. Only for token
 * requests and introspection: whatever ends a client's tokens also ends its families, and those are
 * never cached.
 */
export function findCachedClient(clients: Clients, id: string): Promise<Client | null> {
  return clientCache.load(clients, `id ${id}`, () => findClient(clients, id))
}

/** `findCachedClient` by the `kid` of one of the client's keys. */
export function findCachedClientByKey(clients: Clients, kid: string): Promise<Client | null> {
  return clientCache.load(clients, `key ${kid}`, () => findClientByKey(clients, kid))
}

/** Every client, newest first. */
export async function listClients(clients: Clients): Promise<Client[]> {
  const records = await clients.find().sort({ createdAt: -1 }).lean()
  return records.map(toClient)
}

/** The audiences of all resource servers. Clients may be allowed to request any of them. */
export async function listAudiences(clients: Clients): Promise<string[]> {
  const all = await listClients(clients)
  return all.filter(({ kind }) => kind === 'resource_server').map(({ audience }) => audience)
}

import type { Clients } from './client.model.ts'
import { listClients } from './find-client.ts'

/** The audiences that clients may ask for: those of the resource servers there are. */
export async function listAudiences(clients: Clients): Promise<string[]> {
  const all = await listClients(clients)
  return all.filter(({ kind }) => kind === 'resource_server').map(({ audience }) => audience)
}

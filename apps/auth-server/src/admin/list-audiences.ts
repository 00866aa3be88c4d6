import type { Clients } from '../clients/client.model.ts'
import { listClients } from '../clients/find-client.ts'

/** The audiences that clients may ask for: those of the resource servers there are. */
export async function listAudiences(clients: Clients): Promise<string[]> {
  const all = await listClients(clients)
  return all.filter(({ kind }) => kind === 'resource_server').map(({ audience }) => audience)
}

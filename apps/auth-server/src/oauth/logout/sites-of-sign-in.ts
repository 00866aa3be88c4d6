import { listClients } from '../clients/find-client.ts'
import type { OAuthDeps } from '../oauth-deps.ts'

/** The names of the sites that got tokens in an SSO session. */
export async function sitesOfSignIn(
  { families, clients }: Pick<OAuthDeps, 'families' | 'clients'>,
  signInId: string,
): Promise<string[]> {
  const ids: string[] = await families.distinct('clientId', { signInId, counter: { $gt: 0 } })
  if (ids.length === 0) return []
  const known = await listClients(clients)
  return known.filter(({ id }) => ids.includes(id)).map(({ name }) => name)
}

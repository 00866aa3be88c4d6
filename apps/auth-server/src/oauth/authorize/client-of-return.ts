import { findClient } from '../clients/find-client.ts'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'

/** The name of the client site that a sign-in returns to; undefined if it returns to none. */
export async function clientOfReturn(
  { clients, site, config }: Pick<OAuthDeps, 'clients' | 'site' | 'config'>,
  returnTo: string,
): Promise<string | undefined> {
  const url = URL.parse(returnTo, config.publicUrl.origin)
  const id = url?.pathname === site.url(paths.authorize) ? url.searchParams.get('client_id') : null
  // The form also works without the name.
  const client = id === null ? null : await findClient(clients, id).catch(() => null)
  return client?.name
}

import type { Client } from '../../oauth/clients/client.model.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

/** Asks before a client gets another secret, and how long the previous one stays valid. */
export function rotateSecretPage(site: Site, client: Client): string {
  const title = `Rotate the secret of ${client.name}?`
  return render(site, client, {
    template: 'admin/clients/rotate-secret.page.eta',
    title,
    after: client.secrets[0]?.id,
  })
}

/** Asks before a client gets another signing key, and whether the previous one was stolen. */
export function rotateKeyPage(site: Site, client: Client): string {
  const title = `Rotate the signing key of ${client.name}?`
  return render(site, client, {
    template: 'admin/clients/rotate-key.page.eta',
    title,
    after: client.keys.at(-1)?.kid,
  })
}

function render(
  site: Site,
  { id }: Client,
  // The newest one now, so that the same form sent twice changes nothing.
  { after = '', ...page }: { template: string; title: string; after: string | undefined },
): string {
  const data = { url: `${paths.adminClients}/${id}`, after }
  return renderAdminPage(site, { ...page, section: paths.adminClients, data })
}

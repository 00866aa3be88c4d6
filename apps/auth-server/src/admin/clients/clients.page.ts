import type { Client } from '../../oauth/clients/client.model.ts'
import { describeClient } from '../../oauth/clients/describe-client.ts'
import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import { kindWords } from './client-labels.ts'
import { renderAdminPage } from '../render-admin-page.ts'

/** Every client site, app and resource server. */
export function clientsPage(
  site: Site,
  { clients, notice = '' }: { clients: Client[]; notice?: string },
): string {
  return renderAdminPage(site, {
    template: 'admin/clients/clients.page.eta',
    title: 'Client sites',
    section: paths.adminClients,
    notice,
    data: {
      clients: clients.map(describeClient).map(({ id, name, kind, audiences, lastUsedAt }) => ({
        name,
        url: `${paths.adminClients}/${id}`,
        kind: kindWords[kind].label,
        audiences,
        lastUsed: lastUsedAt && moment(lastUsedAt),
      })),
    },
  })
}

import type { Client } from '../../oauth/clients/client.model.ts'
import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type ShownSecret = {
  client: Pick<Client, 'id' | 'name'>
  title: string
  /** Empty for an app, which has none. */
  secret: string
  /** Until when the secret before is good, too. */
  previousEndsAt?: Date | undefined
}

/** A client's new secret, this once. */
export function clientSecretPage(
  site: Site,
  { client: { id, name }, title, secret, previousEndsAt }: ShownSecret,
): string {
  const previousEnds = previousEndsAt && moment(previousEndsAt)
  return renderAdminPage(site, {
    template: 'admin/clients/client-secret.page.eta',
    title,
    section: paths.adminClients,
    data: { id, name, secret, previousEnds, url: `${paths.adminClients}/${id}` },
  })
}

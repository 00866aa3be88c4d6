import type { Client } from '../../oauth/clients/client.model.ts'
import { describeClient } from '../../oauth/clients/describe-client.ts'
import { describeKeys } from '../../oauth/clients/describe-keys.ts'
import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import { keyWords, kindWords } from './client-labels.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type ShownClient = { client: Client; accessTokenSeconds: number; notice?: string }

/** All there is to know of a client, and what can be done with it. */
export function clientPage(
  site: Site,
  { client, accessTokenSeconds, notice = '' }: ShownClient,
): string {
  const { createdAt, secrets, kind, ...described } = describeClient(client)
  const now = new Date()
  return renderAdminPage(site, {
    template: 'admin/clients/client.page.eta',
    title: client.name,
    section: paths.adminClients,
    notice,
    data: {
      ...described,
      url: `${paths.adminClients}/${client.id}`,
      kind: kindWords[kind].label,
      isResourceServer: kind === 'resource_server',
      created: moment(createdAt),
      secrets: secrets.map(({ createdAt, lastUsedAt, expiresAt }) => ({
        created: moment(createdAt),
        lastUsed: lastUsedAt && moment(lastUsedAt),
        expires: expiresAt && moment(expiresAt),
        expired: expiresAt !== null && expiresAt <= now,
      })),
      keys: describeKeys(client.keys, { accessTokenSeconds }).map((key) => ({
        ...key,
        signsFrom: moment(key.signsFrom),
        state: keyWords[key.state],
      })),
    },
  })
}

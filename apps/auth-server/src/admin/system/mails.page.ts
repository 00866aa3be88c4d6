import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import type { DeadMails } from '../../mail/dead-mails.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type Mails = DeadMails & {
  notice?: string
  /** Why some of them are missing. */
  error?: string
}

const places = { queue: 'RabbitMQ', outbox: 'Outbox' }

/** The dead e-mails: kind, address and reason, never the link. */
export function mailsPage(site: Site, { mails, total, notice = '', error = '' }: Mails): string {
  return renderAdminPage(site, {
    template: 'admin/system/mails.page.eta',
    title: 'Dead e-mails',
    section: paths.adminMails,
    notice,
    failed: error !== '',
    data: {
      error,
      fields: {},
      count: total,
      hidden: total - mails.length,
      mails: mails.map(({ id, kind, to, failedAt, place, ...mail }) => ({
        ...mail,
        kind: kind?.replaceAll('_', ' ') ?? 'Unreadable',
        to: to ?? 'unknown',
        // Without an id, it can be replayed or discarded only together with all others.
        url: id === null ? null : `${paths.adminMails}/${encodeURIComponent(id)}`,
        failed: readMoment(failedAt),
        place: places[place],
      })),
    },
  })
}

/** A message in the queue may contain anything. */
function readMoment(text: string | null) {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? null : moment(date)
}

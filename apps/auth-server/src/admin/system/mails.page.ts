import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import type { DeadMails } from '../../mail/dead-mails.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type Mails = DeadMails & {
  notice?: string
  /** Why not all of them are here. */
  error?: string
}

const places = { queue: 'RabbitMQ', outbox: 'Outbox' }

/** The mails that nobody tries any more: kind, address and reason, never the link. */
export function mailsPage(site: Site, { mails, total, notice = '', error = '' }: Mails): string {
  return renderAdminPage(site, {
    template: 'admin/system/mails.page.eta',
    title: 'Dead mails',
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
        kind: kind?.replaceAll('_', ' ') ?? 'It cannot be opened',
        to: to ?? 'unknown',
        // One without an id can only be treated together with all others.
        url: id === null ? null : `${paths.adminMails}/${encodeURIComponent(id)}`,
        failed: readMoment(failedAt),
        place: places[place],
      })),
    },
  })
}

/** Whoever writes to a queue may have written anything. */
function readMoment(text: string | null) {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? null : moment(date)
}

import { auditEventNames, wordsOf } from '../../audit/audit-events.ts'
import type { EventPage, ListedEvent } from '../../audit/list-audit-events.ts'
import { deviceInWords } from '../../http/request-device.ts'
import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'
import { textOf } from '../../http/read-input.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type Audit = EventPage & {
  /** The filter as it was asked for. */
  asked: Record<string, unknown>
  /** What is wrong with it: on the whole, and by field name. */
  error?: string
  fields?: Record<string, string>
}

const filters = ['event', 'subject', 'actor', 'address', 'from', 'to']
const kinds = auditEventNames
  .map((name) => ({ name, words: wordsOf(name) }))
  .toSorted((one, other) => one.words.localeCompare(other.words))

/** The audit log: a filter, what it finds, and the way to more of it. */
export function auditPage(site: Site, { asked, error = '', fields = {}, ...found }: Audit): string {
  const { events, next } = found
  const filter = Object.fromEntries(filters.map((name) => [name, textOf(asked, name)]))
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  const address = (path: string, more: Record<string, string> = {}) =>
    site.url(`${path}?${new URLSearchParams([...given, ...Object.entries(more)]).toString()}`)
  const failed = hasFailed({ error, fields })
  return renderAdminPage(site, {
    template: 'admin/system/audit.page.eta',
    title: 'Audit log',
    section: paths.adminAudit,
    failed,
    data: {
      filter,
      error,
      fields,
      failed,
      kinds,
      events: events.map(drawEvent),
      filtered: given.length > 0,
      isFirst: textOf(asked, 'after') === '',
      first: address(paths.adminAudit),
      next: next === null ? null : address(paths.adminAudit, { after: next }),
      csv: address(paths.adminAuditCsv),
    },
  })
}

function drawEvent({ id, at, words, address, userAgent, details, ...who }: ListedEvent) {
  return {
    id,
    at: moment(at),
    words,
    subject: who.subjectName ?? who.subjectId,
    actor: who.actorName ?? who.actorId,
    address,
    userAgent,
    device: userAgent === null ? null : deviceInWords(userAgent),
    details: Object.entries(details).map(([name, value]) => `${name}: ${value}`),
  }
}

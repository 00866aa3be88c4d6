import type { SecurityEvent } from './list-security-events.ts'
import { moment } from '../../http/pages/moment.ts'
import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'

type Activity = {
  events: SecurityEvent[]
  /** What gives older ones; null when these are the oldest. */
  next: string | null
  isFirst: boolean
}

/** The activity of the account, newest first, and what to do about an unknown event. */
export function activityPage(site: Site, { events, next, isFirst }: Activity): string {
  return renderPage(site, {
    signedIn: true,
    roomy: true,
    template: 'accounts/settings/activity.page.eta',
    title: 'Activity',
    data: {
      isFirst,
      events: events.map(({ at, ...event }) => ({
        ...event,
        at: moment(at),
      })),
      next: next === null ? null : site.url(`${paths.activity}?after=${encodeURIComponent(next)}`),
    },
  })
}

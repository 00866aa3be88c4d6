import { renderPage, type Site } from '../http/pages/render-page.ts'
import { drawSession, type OwnSession } from './list-sessions.ts'

/** Where the user is signed in, and how to end that. */
export function sessionsPage(
  site: Site,
  { sessions, notice = '' }: { sessions: OwnSession[]; notice?: string },
): string {
  return renderPage(site, {
    signedIn: true,
    roomy: true,
    template: 'sessions/sessions.page.eta',
    title: 'Sessions',
    data: {
      notice,
      sessions: sessions.map(drawSession),
    },
  })
}

import { renderPage, type Site } from '../http/pages/render-page.ts'

/** Asks before signing out, because following a link must change nothing. */
export function signOutPage(site: Site, { username }: { username: string }): string {
  return renderPage(site, {
    template: 'sessions/sign-out.page.eta',
    title: 'Sign out',
    data: { username },
  })
}

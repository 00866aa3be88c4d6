import { renderPage, type Site } from '../http/render-page.ts'

type Reauthentication = { username: string; returnTo?: string; error?: string }

/** Asks a signed-in user for the password once more, and says why. */
export function reauthenticatePage(site: Site, form: Reauthentication): string {
  const { username, returnTo = '', error = '' } = form
  return renderPage(site, {
    template: 'sign-in/reauthenticate.page.eta',
    title: 'Confirm that it is you',
    failed: error !== '',
    data: { username, returnTo, error },
  })
}

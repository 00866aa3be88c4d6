import { renderPage, type Site } from '../http/pages/render-page.ts'
import { hasFailed } from '../http/pages/show-form.ts'

type Reauthentication = {
  username: string
  returnTo?: string
  error?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** Asks a signed-in user for the password once more, and says why. */
export function reauthenticatePage(site: Site, form: Reauthentication): string {
  const { username, returnTo = '', error = '', fields = {} } = form
  const failed = hasFailed({ error, fields })
  return renderPage(site, {
    template: 'sign-in/reauthenticate.page.eta',
    title: 'Confirm that it is you',
    failed,
    data: { username, returnTo, error, fields, failed },
  })
}

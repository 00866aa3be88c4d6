import { renderPage, type Site } from '../http/pages/render-page.ts'
import { hasFailed } from '../http/pages/show-form.ts'
import type { FactorName } from './factors/factor-policy.ts'

type Reauthentication = {
  username: string
  returnTo?: string
  /** What the account has beside the password; with any, it is asked for instead. */
  factors?: FactorName[]
  error?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** Asks a signed-in user to prove again who they are, and says why. */
export function reauthenticatePage(site: Site, form: Reauthentication): string {
  const { username, returnTo = '', factors = [], error = '', fields = {} } = form
  const failed = hasFailed({ error, fields })
  return renderPage(site, {
    signedIn: true,
    template: 'sign-in/reauthenticate.page.eta',
    title: 'Confirm it’s you',
    failed,
    data: { username, returnTo, factors, error, fields, failed },
  })
}

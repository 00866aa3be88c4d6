import { renderPage, type Site } from '../http/pages/render-page.ts'
import { hasFailed } from '../http/pages/show-form.ts'

type SignInForm = {
  username?: string
  /** Must have passed the redirect check: the page shows its host and hands it back. */
  returnTo?: string
  /** What to call that place, where its host would not say it. */
  destination?: string | undefined
  error?: string
  /** The error is that too many have failed: another password is a way on. */
  isLimited?: boolean
  notice?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** The sign-in form; `error` is about the whole attempt, `fields` about single inputs. */
export function signInPage(site: Site, form: SignInForm): string {
  const { username = '', returnTo = '', error = '', notice = '', fields = {} } = form
  const failed = hasFailed({ error, fields })
  return renderPage(site, {
    template: 'sign-in/sign-in.page.eta',
    title: 'Sign in',
    failed,
    data: {
      username,
      returnTo,
      error,
      isLimited: form.isLimited && site.ownUsers,
      notice,
      fields,
      failed,
      destination: form.destination ?? URL.parse(returnTo)?.host ?? '',
      // A notice would be skipped by a screen reader that starts inside the form.
      focus: notice !== '' && !failed ? '' : firstToFill({ username, fields }),
    },
  })
}

function firstToFill({ username, fields }: { username: string; fields: Record<string, string> }) {
  return username === '' || 'username' in fields ? 'username' : 'password'
}

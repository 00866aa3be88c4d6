import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'

type ConfirmForm = {
  token: string
  /** For the password manager. */
  username: string
  error?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** The page behind the link of a sign-up without an invite: asks for its password again. */
export function confirmAccountPage(site: Site, form: ConfirmForm): string {
  const { error = '', fields = {} } = form
  const failed = hasFailed({ error, fields })
  return renderPage(site, {
    template: 'accounts/sign-up/confirm-account.page.eta',
    title: 'Confirm your account',
    failed,
    data: { ...form, error, fields, failed },
  })
}

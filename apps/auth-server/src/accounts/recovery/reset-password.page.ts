import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'

type ResetForm = {
  token: string
  /** For the password manager. */
  username: string
  minLength: number
  error?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** The page behind the reset mail's link: choose a new password. */
export function resetPasswordPage(site: Site, form: ResetForm): string {
  const { error = '', fields = {} } = form
  const failed = hasFailed({ error, fields })
  return renderPage(site, {
    template: 'accounts/recovery/reset-password.page.eta',
    title: 'Choose a new password',
    failed,
    data: { ...form, error, fields, failed },
  })
}

import { renderPage, type Site } from '../../../http/pages/render-page.ts'
import { hasFailed } from '../../../http/pages/show-form.ts'

type TotpForm = {
  secret: string
  uri: string
  /** SVG. */
  qr: string
  error: string
  /** Messages by field name. */
  fields: Record<string, string>
}

/** The secret for an authenticator app, and the form for its first code. */
export function totpPage(site: Site, form: TotpForm): string {
  const failed = hasFailed(form)
  // In groups of four it can be typed.
  const spelled = form.secret.replaceAll(/(.{4})(?!$)/g, '$1 ')
  return renderPage(site, {
    template: 'accounts/settings/security/totp.page.eta',
    title: 'Set up an authenticator app',
    failed,
    data: { ...form, spelled, failed },
  })
}

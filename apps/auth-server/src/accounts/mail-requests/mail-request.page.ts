import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'

type MailRequest = {
  title: string
  lead: string
  path: string
  button: string
  email?: string
  error?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** Asks for an e-mail address to write to. */
export function mailRequestPage(site: Site, page: MailRequest): string {
  const { email = '', error = '', fields = {} } = page
  const failed = hasFailed({ error, fields })
  return renderPage(site, {
    template: 'accounts/mail-requests/mail-request.page.eta',
    title: page.title,
    failed,
    data: { ...page, email, error, fields, failed },
  })
}

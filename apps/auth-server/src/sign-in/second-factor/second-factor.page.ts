import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'
import type { FactorName } from '../factors/factor-policy.ts'

type SecondFactorForm = {
  /** What the account can go on with. */
  factors: FactorName[]
  returnTo: string
  error: string
  /** Messages by field name. */
  fields: Record<string, string>
}

/** Asks for a code after the password. */
export function secondFactorPage(site: Site, form: SecondFactorForm): string {
  const failed = hasFailed(form)
  return renderPage(site, {
    template: 'sign-in/second-factor/second-factor.page.eta',
    title: 'Confirm it’s you',
    failed,
    data: { ...form, failed },
  })
}

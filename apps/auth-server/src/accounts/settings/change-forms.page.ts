import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { type DrawForm, hasFailed } from '../../http/pages/show-form.ts'
import { textOf } from '../../http/read-input.ts'

/** The form for another password. */
export function drawChangePassword(site: Site, { minLength }: { minLength: number }): DrawForm {
  const template = 'accounts/settings/change-password.page.eta'
  return draw(site, { template, title: 'Change your password' }, () => ({ minLength }))
}

/** The form for another e-mail address. */
export function drawChangeEmail(site: Site): DrawForm {
  const template = 'accounts/settings/change-email.page.eta'
  return draw(site, { template, title: 'Change your e-mail address' }, (body) => ({
    newEmail: textOf(body, 'newEmail'),
  }))
}

/** The form that deletes the account. */
export function drawDeleteAccount(site: Site): DrawForm {
  const template = 'accounts/settings/delete-account.page.eta'
  return draw(site, { template, title: 'Delete your account' }, () => ({}))
}

function draw(
  site: Site,
  page: { template: string; title: string },
  more: (body: unknown) => object,
): DrawForm {
  return ({ error, fields }, req) => {
    const failed = hasFailed({ error, fields })
    const user = { username: req.user?.username ?? '', email: req.user?.email ?? '' }
    const data = { ...user, error, fields, failed, ...more(req.body) }
    return renderPage(site, { ...page, failed, data })
  }
}

import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { atField, type RenderForm, hasFailed } from '../../http/pages/show-form.ts'
import { textOf } from '../../http/read-input.ts'

/** The form for another password. */
export function renderChangePassword(site: Site, { minLength }: { minLength: number }): RenderForm {
  const template = 'accounts/settings/change-password.page.eta'
  return render(site, { template, title: 'Change your password' }, () => ({ minLength }))
}

/** The form for another e-mail address. */
export function renderChangeEmail(site: Site): RenderForm {
  const template = 'accounts/settings/change-email.page.eta'
  return render(site, { template, title: 'Change your e-mail address' }, (body) => ({
    newEmail: textOf(body, 'newEmail'),
  }))
}

/** The form that deletes the account. */
export function renderDeleteAccount(site: Site): RenderForm {
  const template = 'accounts/settings/delete-account.page.eta'
  return render(site, { template, title: 'Delete your account' }, () => ({}))
}

function render(
  site: Site,
  page: { template: string; title: string },
  more: (body: unknown) => object,
): RenderForm {
  return (problems, req) => {
    const { error, fields } = atField(problems, { invalid_credentials: 'password' })
    const failed = hasFailed({ error, fields })
    const user = { username: req.user?.username ?? '', email: req.user?.email ?? '' }
    const data = { ...user, error, fields, failed, ...more(req.body) }
    return renderPage(site, { ...page, failed, signedIn: true, data })
  }
}

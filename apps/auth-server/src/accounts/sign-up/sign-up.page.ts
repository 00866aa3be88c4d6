import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'

type SignUpForm = {
  /** The invite's token. */
  invite: string
  email?: string
  username?: string
  minLength: number
  error?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** The form for somebody who was invited; `error` is about the whole of it, `fields` about inputs. */
export function signUpPage(site: Site, form: SignUpForm): string {
  const { invite, email = '', username = '', minLength, error = '', fields = {} } = form
  const failed = hasFailed({ error, fields })
  const focus = ['email', 'username', 'password'].find((name) => name in fields)
  return renderPage(site, {
    template: 'accounts/sign-up/sign-up.page.eta',
    title: 'Create your account',
    failed,
    data: {
      invite,
      email,
      username,
      minLength,
      error,
      fields,
      failed,
      focus: focus ?? (email === '' ? 'email' : 'username'),
    },
  })
}

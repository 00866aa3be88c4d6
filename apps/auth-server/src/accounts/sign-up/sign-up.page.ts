import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'
import type { Challenge } from '../reservations/proof-of-work.ts'

const inWords = new Intl.ListFormat('en', { type: 'disjunction' })

type SignUpForm = {
  /** The invite's token; empty without an invite. */
  invite: string
  /** The domains that need no invite; null if any address will do. */
  domains?: readonly string[] | null
  /** A task that the browser has to solve. */
  challenge?: Challenge | null
  email?: string
  username?: string
  minLength: number
  error?: string
  /** Messages by field name. */
  fields?: Record<string, string>
}

/** The form for a new user; `error` is about the whole of it, `fields` about inputs. */
export function signUpPage(site: Site, form: SignUpForm): string {
  const { invite, email = '', username = '', minLength, error = '', fields = {} } = form
  const { domains = null, challenge = null } = form
  const failed = hasFailed({ error, fields })
  const inputs = ['email', 'username', 'password']
  const empty = email === '' ? 'email' : username === '' ? 'username' : 'password'
  return renderPage(site, {
    template: 'accounts/sign-up/sign-up.page.eta',
    title: 'Create your account',
    failed,
    data: {
      invite,
      domains: domains && inWords.format(domains),
      challenge: challenge && JSON.stringify(challenge),
      email,
      username,
      minLength,
      error,
      fields,
      failed,
      focus: inputs.find((name) => name in fields) ?? empty,
    },
  })
}

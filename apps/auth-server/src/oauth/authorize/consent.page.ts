import type { PublicUser } from 'auth-kit/passport'
import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { isOnDevice, type Redirect } from './find-redirect.ts'

type Consent = {
  redirect: Redirect
  parameters: Record<string, string>
  /** The scopes it will get. */
  scope: string
  user: PublicUser | undefined
}

// What the scopes of OpenID Connect give, beyond who the user is.
const known: Record<string, string> = {
  openid: '',
  profile: 'your user name',
  email: 'your e-mail address',
  offline_access: 'access while you are away',
}

/** Asks whether to sign in to an app, by its name. */
export function consentPage(site: Site, { redirect, parameters, scope, user }: Consent): string {
  const { client, redirectUri } = redirect
  return renderPage(site, {
    template: 'oauth/authorize/consent.page.eta',
    title: `Continue to ${client.name}?`,
    data: {
      client: client.name,
      username: user?.username ?? '',
      permissions: scope.split(' ').flatMap((name) => (known[name] ?? name) || []),
      host: isOnDevice(redirectUri) ? undefined : new URL(redirectUri).host,
      parameters: Object.entries(parameters),
    },
  })
}

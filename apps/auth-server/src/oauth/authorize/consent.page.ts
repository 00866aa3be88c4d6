import type { PublicUser } from 'auth-kit/passport'
import { renderPage, type Site } from '../../http/pages/render-page.ts'
import { isOnDevice, type Redirect } from './find-redirect.ts'

type Consent = {
  redirect: Redirect
  parameters: Record<string, string>
  user: PublicUser | undefined
}

/** Asks whether to sign in to an app, by its name. */
export function consentPage(site: Site, { redirect, parameters, user }: Consent): string {
  const { client, redirectUri } = redirect
  return renderPage(site, {
    template: 'oauth/authorize/consent.page.eta',
    title: `Continue to ${client.name}?`,
    data: {
      client: client.name,
      username: user?.username ?? '',
      host: isOnDevice(redirectUri) ? undefined : new URL(redirectUri).host,
      parameters: Object.entries(parameters),
    },
  })
}

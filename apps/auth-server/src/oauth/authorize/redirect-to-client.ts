import type { Request, Response } from 'express'
import { renderMessage } from '../../http/pages/render-page.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import type { Redirect } from './find-redirect.ts'

type Answer = { req: Request; res: Response; redirect: Redirect; answer: Record<string, string> }

/**
 * Sends the visitor back to the client, with `state` as it came and `iss` (RFC 9207).
 *
 * After our own sign-in form that is a page that goes on by itself: the browser would hold a redirect
 * to the form's `form-action`, which lets it end nowhere but here.
 */
export function sendBack(
  { config, site }: Pick<OAuthDeps, 'config' | 'site'>,
  { req, res, redirect, answer }: Answer,
): void {
  const { client, redirectUri } = redirect
  const url = new URL(redirectUri)
  const { state } = req.query
  const all = {
    ...answer,
    ...(typeof state === 'string' && state !== '' && { state }),
    iss: config.issuer,
  }
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
  if (req.get('Sec-Fetch-Site') !== 'same-origin') return res.redirect(303, url.href)
  const page = renderMessage(site, {
    title: 'One moment',
    lead: `You are going back to ${client.name}.`,
    text: 'The page opens by itself.',
    action: { label: `Go on to ${client.name}`, href: url.href },
  })
  res.set('Refresh', `0;url=${url.href}`).type('html').send(page)
}

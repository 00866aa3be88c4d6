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
  const { state } = req.query
  const all = {
    ...answer,
    ...(typeof state === 'string' && state !== '' && { state }),
    iss: config.issuer,
  }
  const address = withQuery(redirectUri, all)
  if (req.get('Sec-Fetch-Site') !== 'same-origin') return res.redirect(303, address)
  const page = renderMessage(site, {
    title: 'One moment',
    lead: `You are going back to ${client.name}.`,
    text: 'The page opens by itself.',
    action: { label: `Go on to ${client.name}`, href: address },
  })
  res.set('Refresh', `0;url=${address}`).type('html').send(page)
}

/** The registered query stays as it is written (RFC 6749 §3.1.2); a URL object would rewrite it. */
function withQuery(address: string, fields: Record<string, string>): string {
  const joint = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&'
  return `${address}${joint}${new URLSearchParams(fields)}`
}

import type { Request, Response } from 'express'
import { allowFormTarget } from 'service-kit'
import { redirectByPage, mayFollowForm } from '../../http/pages/redirect-page.ts'
import { renderPage } from '../../http/pages/render-page.ts'
import { addToQuery } from '../form-query.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import type { Redirect } from './find-redirect.ts'

type Asked = {
  req: Request
  res: Response
  redirect: Redirect
  parameters: Record<string, string>
}

/**
 * Sends the visitor back to the client with the answer, the client's `state` and `iss` (RFC 9207): in
 * the URL or, with `response_mode=form_post`, by a form (OAuth 2.0 Form Post Response Mode).
 *
 * After one of this server's own forms, a page redirects: `form-action` also covers redirects.
 */
export function redirectToClient(
  { config, site }: Pick<OAuthDeps, 'config' | 'site'>,
  { req, res, redirect, parameters }: Asked,
  answer: Record<string, unknown>,
): void {
  const { client, redirectUri } = redirect
  const { state, response_mode: mode } = parameters
  const all: Record<string, unknown> = { ...answer, ...(state && { state }), iss: config.issuer }
  const fields = Object.entries(all).map(([name, value]): [string, string] => [name, String(value)])
  if (mode === 'form_post') return postToClient(site, { res, redirect, fields })
  const url = addToQuery(redirectUri, fields)
  if (req.method === 'GET' && !mayFollowForm(req)) return res.redirect(303, url)
  const lead = `You are being redirected to ${client.name}.`
  redirectByPage(site, res, { url, lead, label: `Continue to ${client.name}` })
}

function postToClient(
  site: OAuthDeps['site'],
  { res, redirect, fields }: Pick<Asked, 'res' | 'redirect'> & { fields: [string, string][] },
): void {
  const { client, redirectUri } = redirect
  allowFormTarget(res, new URL(redirectUri).origin)
  const page = renderPage(site, {
    template: 'oauth/authorize/post-response.page.eta',
    title: 'One moment',
    data: { client: client.name, action: redirectUri, fields },
  })
  res.type('html').send(page)
}

import type { Request, Response } from 'express'
import { renderMessage, type Site } from './render-page.ts'

/**
 * Whether one of this server's own forms may have led here. Chromium and Safari then apply the
 * `form-action` of the form's page to every redirect that follows, and stop at one it does not allow.
 */
export function mayFollowForm(req: Request): boolean {
  return req.get('Sec-Fetch-Site') === 'same-origin'
}

/** Redirects by a page of this server. From there, further redirects may lead anywhere. */
export function redirectByPage(
  site: Site,
  res: Response,
  { url, lead, text = '', label }: { url: string; lead: string; text?: string; label: string },
): void {
  const page = renderMessage(site, {
    title: 'One moment',
    lead,
    text,
    action: { label, href: url },
  })
  res.set('Refresh', `0;url=${url}`).type('html').send(page)
}

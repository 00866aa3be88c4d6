import type { ErrorRequestHandler } from 'express'
import { prefersHtml, Problem } from 'service-kit'
import { renderMessage } from '../../http/pages/render-message.ts'
import type { Site } from '../../http/pages/render-page.ts'

/** A link that is no good, on a page that says how to get another one and whom to ask. */
export function showLinkProblem(
  site: Site,
  next: { advice: string; label: string; path: string },
): ErrorRequestHandler {
  return function showLinkProblem(error: unknown, req, res, pass) {
    const isAboutLink = error instanceof Problem && error.code === 'invalid_or_expired_token'
    if (!isAboutLink || !prefersHtml(req)) return pass(error)
    res.status(error.status).type('html')
    res.send(
      renderMessage(site, {
        title: 'This link does not work any more',
        lead: error.message,
        text: next.advice,
        failed: true,
        action: { label: next.label, href: site.url(next.path) },
        contact: true,
      }),
    )
  }
}

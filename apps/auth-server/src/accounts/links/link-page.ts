import type { ErrorRequestHandler, RequestHandler } from 'express'
import { prefersHtml, Problem } from 'service-kit'
import { z } from 'zod'
import { renderMessage, type Site } from '../../http/pages/render-page.ts'

/** The body that the page behind a link posts. */
export const linkInput = z.object({ token: z.string().min(1).max(2048) })

/**
 * For pages with a token in their URL: keeps it out of the `Referer` header (R37). Their forms still
 * send the real `Origin`, which `no-referrer` would turn into `null`.
 */
export const keepTokenPrivate: RequestHandler = function keepTokenPrivate(_req, res, next) {
  res.set('Referrer-Policy', 'strict-origin')
  next()
}

/** Answers a browser with an invalid link by a page that says how to get a new one, or help. */
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
        title: 'This link no longer works',
        lead: error.message,
        text: next.advice,
        failed: true,
        action: { label: next.label, href: site.url(next.path) },
        contact: true,
      }),
    )
  }
}
